/** What happens in a runner, for its screen, its log and its status page. Never holds prompts, answers or keys. */
export type RunnerEvent =
  | {
      readonly event: 'model-loaded'
      readonly model: string
      readonly device: string
      readonly slots: number
      readonly loadMs: number
      /** Measured with one short answer; 0 where it was not. */
      readonly tokensPerSecond: number
      readonly note: string
    }
  | {
      readonly event: 'runner-online'
      readonly runnerId: string
      readonly model: string
      readonly device: string
    }
  | {
      readonly event: 'runner-offline'
      readonly model: string
      readonly reason: string
      readonly retryMs: number
    }
  | {
      readonly event: 'runner-refused'
      readonly model: string
      readonly reason: string
      readonly sentence: string
      readonly retry: boolean
    }
  | { readonly event: 'frame-ignored'; readonly model: string; readonly reason: string }
  | {
      readonly event: 'job-started'
      readonly model: string
      readonly jobId: string
      readonly attempt: number
    }
  | {
      readonly event: 'job-ended'
      readonly model: string
      readonly jobId: string
      readonly attempt: number
      readonly outcome: string
      readonly promptTokens: number
      readonly completionTokens: number
      readonly durationMs: number
      readonly tokensPerSecond: number
    }
  | {
      readonly event: 'job-paid'
      readonly model: string
      readonly jobId: string
      readonly attempt: number
      readonly earnedNano: string
      readonly todayNano: string
      readonly reason?: string
    }
  /** The coordinator took this machine's sealing keys: sealed jobs may come for this model. */
  | {
      readonly event: 'seal-accepted'
      readonly model: string
      readonly kind: 'tee' | 'paired'
      readonly untilMs: number
    }
  | {
      readonly event: 'seal-refused'
      readonly model: string
      readonly kind: 'tee' | 'paired'
      readonly reason: string
    }
  /** Evidence or an announcement could not be made; it is tried again. */
  | {
      readonly event: 'seal-failed'
      readonly kind: 'tee' | 'paired'
      readonly reason: string
      readonly retryMs: number
    }
  /** A warning that stays as long as the program runs. */
  | { readonly event: 'tee-simulated'; readonly sentence: string }
  | { readonly event: 'status-page'; readonly url: string }
  | { readonly event: 'runner-leaving'; readonly jobs: number }
  | { readonly event: 'runner-stopped'; readonly exitCode: number }
