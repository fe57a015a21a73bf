import type { AnswerFrame, JobReason } from '../../protocol/src/answer.ts'
import { nano } from '../../protocol/src/money.ts'
import type { Receipt } from '../../protocol/src/receipt.ts'
import type { AnswerRequest, BotDeps, ModelOffer } from './bot-deps.ts'
import type { Money } from './money/money.ts'
import type { StarDesk } from './money/star-desk.ts'

/** A job that a test answers by hand. */
export type FakeJob = {
  readonly jobId: string
  readonly request: AnswerRequest
  readonly send: (frame: AnswerFrame) => void
  readonly write: (text: string) => void
  readonly end: (finish?: 'stop' | 'length' | 'cancelled' | 'failed', reason?: JobReason) => void
  readonly refuse: (reason: JobReason) => void
  readonly breakOff: () => void
}

/** How a job is answered; without one, the job waits in `jobs` for the test. */
export type FakeModel = (job: FakeJob) => void

export type FakeBotDeps = {
  readonly deps: BotDeps
  readonly jobs: FakeJob[]
  readonly stopped: string[]
  readonly logged: string[]
  readonly deletedAccounts: number[]
}

export const SMALL_MODEL: ModelOffer = {
  id: 'small-model',
  tier: 'open',
  parameters: 1_000_000,
  contextTokens: 4096,
  price: { input: nano(1_000_000n), output: nano(2_000_000n) },
  freeSlots: 1,
  tokensPerSecond: 20,
}
export const LARGE_MODEL: ModelOffer = {
  ...SMALL_MODEL,
  id: 'large-model',
  parameters: 8_000_000_000,
  price: { input: nano(100_000_000n), output: nano(200_000_000n) },
}
/** The large model as a TEE serves it. */
export const SEALED_MODEL: ModelOffer = { ...LARGE_MODEL, tier: 'confidential' }

export const SOME_MONEY: Money = {
  available: nano(50_000_000n),
  held: nano(0n),
  withdrawable: nano(0n),
  accruing: nano(0n),
  payable: nano(0n),
  wallet: undefined,
  payoutMinimum: nano(20_000_000n),
  payoutFee: nano(5_000_000n),
  frozen: false,
}

/** A desk where nothing is sold; a test gives what it needs. */
export const CLOSED_DESK: StarDesk = {
  packages: [],
  makeInvoice: async () => undefined,
  checkOut: async () => ({ ok: false, reason: 'unknown-invoice' }),
  takePayment: missing('takePayment'),
  listRefundable: async () => [],
  takeForRefund: missing('takeForRefund'),
  undoRefund: missing('undoRefund'),
  takeBack: missing('takeBack'),
}

function missing(name: string) {
  return () => Promise.reject(new Error(`give a fake for ${name}`))
}

/** The coordinator as a test needs it: two models, an account, and answers made by `model`. */
export function fakeBotDeps(model: FakeModel | undefined, overrides: Partial<BotDeps> = {}): FakeBotDeps {
  const jobs: FakeJob[] = []
  const stopped: string[] = []
  const logged: string[] = []
  const deletedAccounts: number[] = []
  const deps: BotDeps = {
    startAnswer: async (request) => {
      const { job, stream } = openJob(`job-${jobs.length + 1}`, request)
      jobs.push(job)
      model?.(job)
      return stream
    },
    stopAnswer: async ({ jobId }) => {
      stopped.push(jobId)
      jobs.find((job) => job.jobId === jobId)?.end('cancelled')
    },
    findAccount: async (telegramUserId) => ({
      accountId: telegramUserId,
      available: nano(50_000_000n),
      held: nano(0n),
    }),
    listModels: async () => [LARGE_MODEL, SMALL_MODEL],
    listRunners: async () => [],
    createPairingCode: async () => ({ code: 'ABCD-1234', expiresAtMs: 600_000 }),
    readMoney: async () => SOME_MONEY,
    depositInstructions: async () => undefined,
    orderPayout: missing('orderPayout'),
    cancelWalletChange: async () => false,
    stars: CLOSED_DESK,
    supportContact: '',
    deleteAccount: async (accountId) => {
      deletedAccounts.push(accountId)
    },
    publicUrl: 'http://localhost:8787',
    nowMs: () => 0,
    log: (event) => logged.push(event),
    ...overrides,
  }
  return { deps, jobs, stopped, logged, deletedAccounts }
}

/** Answers every question with a text, in pieces of some characters. */
export function answering(text: (request: AnswerRequest) => string, pieceChars = 200): FakeModel {
  return (job) => {
    const whole = text(job.request)
    for (let at = 0; at < whole.length; at += pieceChars) job.write(whole.slice(at, at + pieceChars))
    job.end()
  }
}

export function lastQuestion({ messages }: AnswerRequest): string {
  return messages.at(-1)?.content ?? ''
}

function openJob(jobId: string, request: AnswerRequest) {
  let controller: ReadableStreamDefaultController<AnswerFrame> | undefined
  const stream = new ReadableStream<AnswerFrame>({
    start: (opened) => {
      controller = opened
    },
    cancel: () => {
      controller = undefined
    },
  })
  const { model } = request
  let words = 0
  const close = (frame: AnswerFrame): void => {
    controller?.enqueue(frame)
    controller?.close()
    controller = undefined
  }
  const job: FakeJob = {
    jobId,
    request,
    send: (frame) => controller?.enqueue(frame),
    write: (text) => {
      words += text.split(' ').length
      controller?.enqueue({ type: 'delta', text })
    },
    end: (finish = 'stop', reason) =>
      close({
        type: 'end',
        finish,
        usage: { promptTokens: 7, completionTokens: words, costNano: String(words * 100) },
        receipts: words > 0 ? [receiptOf(jobId, model)] : [],
        ...(reason === undefined ? {} : { reason }),
      }),
    refuse: (reason) => close({ type: 'refused', reason }),
    breakOff: () => {
      controller?.error(new Error('the stream broke'))
      controller = undefined
    },
  }
  job.send({ type: 'job', jobId, model, holdNano: '1000' })
  return { job, stream }
}

function receiptOf(jobId: string, model: string): Receipt {
  const hash = '0'.repeat(64)
  return {
    version: 1,
    jobId,
    attempt: 0,
    runnerId: 'run_0123456789abcdefghjkmnpqrs',
    model,
    manifestDigest: hash,
    inputHash: hash,
    outputHash: hash,
    promptTokens: 7,
    completionTokens: 9,
    price: { input: 1, output: 2 },
    startedAtMs: 0,
    endedAtMs: 1,
    signature: '',
  }
}
