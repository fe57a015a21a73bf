import type { JobId } from '../../../protocol/src/ids.ts'
import type { Tier } from '../../../protocol/src/miniapp/fields.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import type { ChatMessage, ChatParams } from '../../../protocol/src/runner/chat-params.ts'
import type { Hello } from '../../../protocol/src/runner/up.ts'
import type { Envelope } from '../../../protocol/src/sealed/envelope.ts'
import type { SealedHeader } from '../../../protocol/src/sealed/header.ts'

/** What an engine must be able to do for a job, beyond plain text. */
export type Feature = Hello['features'][number]

/** Who asks, and pays. */
export type Caller = {
  readonly accountId: number
  /** The API key, where the caller came with one. */
  readonly keyId: number | undefined
}

type JobBase = {
  readonly jobId: JobId
  readonly caller: Caller
  readonly model: string
  /** Who may read it. Chosen by the person, and never lowered. */
  readonly tier: Tier
  /** With tier `own`: the caller's groups, whose shared runners may serve it. */
  readonly groupIds?: readonly string[]
  /** The most the caller pays, nano per 1,000,000 tokens; absent: whatever the book asks. */
  readonly maxPrice?: { readonly input?: Nano; readonly output?: Nano }
  /** Names a conversation, so that its next job goes to the same runner when that is free. Never its content. */
  readonly conversation?: string
  /** SHA-256 of the `Idempotency-Key` and of the body. */
  readonly idempotency?: { readonly keyHash: string; readonly fingerprint: string }
}

/** One chat to answer. */
export type ChatJob = JobBase & {
  readonly kind: 'chat'
  readonly messages: readonly ChatMessage[]
  /** `maxTokens` absent: as much as the model's context leaves. */
  readonly params: Omit<ChatParams, 'maxTokens'> & { readonly maxTokens?: number }
  /** Each feature with OpenAI's name of the field that asked for it. */
  readonly needs: readonly { readonly feature: Feature; readonly param: string }[]
  /** How long it goes on when its last reader is gone, in ms; absent: not at all. */
  readonly lingerMs?: number
}

/** Texts to turn into embeddings. */
export type EmbeddingJob = JobBase & {
  readonly kind: 'embedding'
  readonly texts: readonly string[]
  readonly dimensions?: number
}

/** A sealed chat: the header alone is readable here. */
export type SealedJob = JobBase & {
  readonly kind: 'sealed'
  readonly header: SealedHeader
  readonly envelope: Envelope
  /** `hashRequest` of it, hex. */
  readonly requestHash: string
  readonly lingerMs?: number
}

export type Job = ChatJob | EmbeddingJob | SealedJob
