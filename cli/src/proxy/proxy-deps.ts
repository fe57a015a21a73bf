import type { Model } from '../../../protocol/src/openai/model-list.ts'
import type { AskSealedDeps } from '../../../protocol/src/sealed-client/ask-sealed.ts'
import type { NetworkReply } from '../../../protocol/src/sealed-client/sealed-network.ts'
import type { ProxyOptions } from './proxy-options.ts'

/** What one request came to. Never a word of what was asked or answered. */
export type RequestNote = {
  readonly jobId: string | undefined
  readonly model: string
  /** The runner that answered last. */
  readonly runnerId: string | undefined
  readonly promptTokens: number
  readonly completionTokens: number
  readonly costNano: string
  readonly tookMs: number
  /** `stop`, `length`, …, `hung-up`, or the reason why it failed. */
  readonly outcome: string
  readonly fault: string | undefined
}

/** What the local endpoint uses. */
export type ProxyDeps = Pick<ProxyOptions, 'tier' | 'manifests'> & {
  readonly asking: AskSealedDeps
  readonly listModels: (signal: AbortSignal) => Promise<NetworkReply<readonly Model[]>>
  /** Ends a job whose reader has left. Gives up quietly: it then ends by itself a little later. */
  readonly stopJob: (jobId: string) => Promise<void>
  readonly newKey: () => string
  readonly noteRequest: (note: RequestNote) => void
  /** How long a reply may wait for the runner whose name stands in its headers, ms. */
  readonly headersWaitMs: number
}
