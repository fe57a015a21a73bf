import type { SealedReceipt } from '../../../protocol/src/sealed/sealed-receipt.ts'
import type { SealedTicket } from '../../../protocol/src/sealed-client/sealed-ticket.ts'

/** Who can read a question that is asked from here. */
export type ChatTier = 'open' | 'own' | 'confidential'

/** Which model answers, and who can read. */
export type Choice = { readonly model: string; readonly tier: ChatTier }

/** What the list shows of a conversation. */
export type Conversation = {
  readonly id: string
  readonly title: string
  /** The person gave it its name: the first words do not change it any more. */
  readonly isNamed: boolean
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

type Said = {
  readonly conversation: string
  /** Its place in the conversation, from 0. */
  readonly position: number
  readonly text: string
  readonly atMs: number
}

export type Question = Said & { readonly from: 'person' }

export type Answer = Said &
  Choice & {
    readonly from: 'model'
    /** What a reasoning model thought before. */
    readonly reasoning?: string
    readonly ending: Ending
    /** It was sealed on this device: whoever carried it could not read it. */
    readonly isSealed?: boolean
    /** One for each time that it was asked for: a continued answer has several. */
    readonly jobs: readonly AnswerJob[]
  }

export type Message = Question | Answer

/** `cut`: it reached the longest answer there is. `trouble`: the reason of what went wrong last, if anything did. */
export type Ending = {
  readonly how: 'done' | 'cut' | 'stopped' | 'failed'
  readonly trouble?: string
  /** Of a sealed answer: what exactly was wrong, and with which evidence. */
  readonly detail?: { readonly why: string; readonly evidence?: string }
}

/** A job that wrote an answer, or a part of one. What the coordinator did not say is absent. */
export type AnswerJob = {
  readonly id?: string
  readonly costNano?: string
  readonly promptTokens?: number
  readonly completionTokens?: number
  /** The parts of a sealed answer, one for each runner that wrote some of it. */
  readonly sealed?: readonly SealedPart[]
}

/** What this device knows of a part of a sealed answer: enough to check its receipt at any time. */
export type SealedPart = {
  readonly receipt: SealedReceipt
  readonly model: string
  readonly tier: Exclude<ChatTier, 'open'>
  readonly kind: 'tee' | 'paired'
  /** Whom it was sealed for, by which evidence, with which files, at what price: as this device chose. */
  readonly runnerId: string
  readonly evidenceDigest: string
  readonly manifestDigest: string
  readonly price: { readonly input: number; readonly output: number }
  /** Of the runner, from its verified evidence or its confirmed announcement: raw Ed25519, base64url. */
  readonly signingKey: string
  /** Of what this device sent, and of what it received: SHA-256, hex. */
  readonly requestHash: string
  readonly outputHash: string
  /** The runner's TEE was a simulated one. */
  readonly isSimulated: boolean
  readonly sealedAtMs: number
}

/** What a model is asked, as the API has it. */
export type ChatMessage = { readonly role: 'user' | 'assistant'; readonly content: string }

/** The body of `POST /v1/chat/completions`. */
export type ChatBody = {
  readonly model: string
  readonly tier: ChatTier
  readonly messages: readonly ChatMessage[]
  readonly stream: true
  readonly stream_options: { readonly include_usage: true }
  readonly max_tokens: number
  readonly temperature?: number
  /** How long the job goes on without a reader: a reload, a tunnel. */
  readonly linger_seconds: number
  readonly prompt_cache_key: string
}

/**
 * An answer that is not over yet, as it is kept on the device: the same key and body get the same answer again, charged
 * once.
 */
export type KeptTurn = {
  readonly conversation: string
  /** The answer's place. */
  readonly position: number
  /** `continue`: the text comes behind `before`. */
  readonly kind: 'ask' | 'retry' | 'continue'
  readonly key: string
  readonly body: ChatBody
  /** What the answer said already, where it is continued. */
  readonly before: string
  readonly jobs: readonly AnswerJob[]
  /** What came so far, and of which job. */
  readonly text: string
  readonly reasoning: string
  readonly job: AnswerJob
  readonly atMs: number
  /** The person pressed Stop: after a reload it is not asked for again. */
  readonly isStopped: boolean
  /** It is sealed on this device; absent: it is not. Tickets open the answer, and leave this device never. */
  readonly tickets?: readonly SealedTicket[]
}
