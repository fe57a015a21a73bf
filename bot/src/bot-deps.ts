import type { AnswerFrame } from '../../protocol/src/answer.ts'
import type { Nano } from '../../protocol/src/money.ts'
import type { ChatMessage } from '../../protocol/src/runner/chat-params.ts'
import type { DepositInstructions, Money, PayoutOrder, PayoutOrdered } from './money/money.ts'
import type { StarDesk } from './money/star-desk.ts'

/** Who can read an answer that the bot asks for. Tier `own` is not asked for here: it begins in the Mini App. */
export type BotTier = 'open' | 'confidential'
/** Which model a conversation chose, and who may read it. */
export type Choice = { readonly model: string; readonly tier: BotTier }

/** A chat model that the network can serve now, in one tier. A model that is served in both comes twice. */
export type ModelOffer = {
  readonly id: string
  readonly tier: BotTier
  /** Tier `confidential`: its evidence is of the simulated TEE and proves nothing. */
  readonly isSimulated?: boolean
  readonly parameters: number
  readonly contextTokens: number
  /** The lowest ask at present, nano per 1,000,000 tokens. */
  readonly price: { readonly input: Nano; readonly output: Nano }
  readonly freeSlots: number
  readonly tokensPerSecond: number
}

export type AnswerRequest = {
  readonly accountId: number
  /** Names the conversation, so that its next job goes to the same runner when that is free. Never its content. */
  readonly conversation: string
  readonly model: string
  /** `open` when missing. Never lowered: what nobody serves ends with a reason. */
  readonly tier?: BotTier
  readonly messages: readonly ChatMessage[]
  readonly maxTokens?: number
  readonly temperature?: number
}

export type BotAccount = {
  readonly accountId: number
  readonly available: Nano
  readonly held: Nano
}

export type OwnedRunner = {
  readonly name: string
  readonly online: boolean
  readonly models: readonly string[]
  readonly earnedTodayNano: Nano
}

/** What the bot asks of the coordinator. A test gives fakes; the Worker gives `createBotDeps(env)`. */
export type BotDeps = {
  /** Starts a job and gives its frames. Expected failures come as a `refused` frame, never as a throw. */
  readonly startAnswer: (request: AnswerRequest) => Promise<ReadableStream<AnswerFrame>>
  /** Stops a running job: its stream then ends with what was delivered. Does nothing when the job has ended. */
  readonly stopAnswer: (job: {
    readonly accountId: number
    readonly model: string
    readonly jobId: string
  }) => Promise<void>
  /** The account of a Telegram user; made, with the welcome credit, at the first call. */
  readonly findAccount: (telegramUserId: number) => Promise<BotAccount>
  /** Chat models with a live runner, the largest first: the bundled small one is last. */
  readonly listModels: () => Promise<readonly ModelOffer[]>
  readonly listRunners: (accountId: number) => Promise<readonly OwnedRunner[]>
  /** A code with which a runner joins this account, good for ten minutes. */
  readonly createPairingCode: (
    accountId: number,
  ) => Promise<{ readonly code: string; readonly expiresAtMs: number }>
  readonly readMoney: (accountId: number) => Promise<Money>
  /** Undefined where this node takes no deposits. */
  readonly depositInstructions: (accountId: number) => Promise<DepositInstructions | undefined>
  /** Orders a payout to the proven wallet. The same key orders once and gives the same answer. */
  readonly orderPayout: (order: PayoutOrder) => Promise<PayoutOrdered>
  /** Keeps the wallet that counts now when another was to take its place; false when there is no such change. */
  readonly cancelWalletChange: (accountId: number) => Promise<boolean>
  readonly stars: StarDesk
  /** Whom people write to about payments, such as `@name`; empty: nobody is named. */
  readonly supportContact: string
  /** Removes what the network keeps of a person, but for what the ledger must keep. */
  readonly deleteAccount: (accountId: number) => Promise<void>
  /** The address that people and runners use, without a slash at the end. */
  readonly publicUrl: string
  readonly nowMs: () => number
  /** Noun-verb events with ids; never texts, keys or initData. */
  readonly log: (event: string, facts: Record<string, string | number | boolean | undefined>) => void
}
