import { type Nano, nano } from '../../../protocol/src/money.ts'
import type { Transfer } from '../ledger/ledger.ts'
import { costOf, type Price } from '../pricing/price.ts'

/** What one runner did for a job. */
export type JobPart = {
  readonly attempt: number
  /** The runner's place in the ledger. */
  readonly ledgerId: number
  readonly price: Price
  /** Tokens that reached the reader, as the coordinator counted them; of a sealed part no more than its bytes is known. */
  readonly deliveredTokens: number
  /** What the runner's signed receipt says; absent where it left none (it died, or hung). */
  readonly reported: { readonly promptTokens: number; readonly completionTokens: number } | undefined
  /** A receipt that does not hold: nothing is paid for this part, and nothing charged. */
  readonly faulty: boolean
}

export type SettleInput = {
  readonly jobId: string
  readonly kind: 'chat' | 'embedding' | 'sealed'
  readonly accountId: number
  readonly hold: Nano
  readonly promptTokensMax: number
  readonly completionTokensMax: number
  /** The coordinator's own low estimate of the prompt, for parts without a receipt. */
  readonly promptTokensEstimate: number
  readonly parts: readonly JobPart[]
  readonly commissionBps: bigint
}

export type Settlement = {
  readonly charge: Nano
  readonly promptTokens: number
  readonly completionTokens: number
  readonly transfers: readonly Transfer[]
  /** What each part earned, after commission, by attempt. */
  readonly earned: ReadonlyMap<number, Nano>
  /** Attempts that reported over 2 % more tokens than were counted. */
  readonly overReported: readonly number[]
}

/**
 * Divides a job's cost among the runners that delivered it.
 *
 * The prompt is paid once, to the first that delivered anything. Of a runner's count and ours the smaller is charged.
 * Nothing delivered, nothing charged; of a sealed job, nothing without a receipt. The charge is rounded up once over the whole job and never exceeds the hold.
 */
export function planSettlement(input: SettleInput): Settlement {
  const counted = countTokens(input)
  const lines = counted.map(({ part, promptTokens, completionTokens }) => ({
    part,
    line: { price: part.price, promptTokens, completionTokens },
  }))
  const charge = costOf(lines.map(({ line }) => line))
  if (charge > input.hold)
    throw new RangeError(`job ${input.jobId}: charge ${charge} exceeds hold ${input.hold}`)

  const transfers: Transfer[] = []
  const earned = new Map<number, Nano>()
  let shared = 0n
  lines.forEach(({ part }, index) => {
    const upToHere = costOf(lines.slice(0, index + 1).map(({ line }) => line))
    const amount = nano(upToHere - shared)
    shared = upToHere
    const fee = nano((amount * input.commissionBps) / 10_000n)
    earned.set(part.attempt, nano(amount - fee))
    if (amount > 0n) {
      const id = `${input.jobId}/earn/${part.attempt}`
      transfers.push({ id, kind: 'usage', debit: input.accountId, credit: part.ledgerId, amount, fee })
    }
  })
  return {
    charge,
    promptTokens: counted.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
    completionTokens: counted.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
    transfers,
    earned,
    overReported: input.parts.filter(isOverReported).map(({ attempt }) => attempt),
  }
}

function countTokens(input: SettleInput) {
  const paid = input.parts.filter((part) => !part.faulty && delivered(input.kind, part))
  const reportedPrompt = paid.find(({ reported }) => reported)?.reported?.promptTokens
  const promptTokens = Math.min(reportedPrompt ?? input.promptTokensEstimate, input.promptTokensMax)
  let left = input.completionTokensMax
  return paid.map((part, index) => {
    const completionTokens = Math.min(part.reported?.completionTokens ?? left, part.deliveredTokens, left)
    left -= completionTokens
    return { part, promptTokens: index === 0 ? promptTokens : 0, completionTokens }
  })
}

/** Embeddings have no output tokens, and sealed tokens cannot be counted here: their receipts alone say what was done. */
function delivered(kind: SettleInput['kind'], part: JobPart): boolean {
  return kind === 'chat' ? part.deliveredTokens > 0 : part.reported !== undefined
}

function isOverReported({ reported, deliveredTokens }: JobPart): boolean {
  return reported !== undefined && reported.completionTokens * 100 > deliveredTokens * 102 + 100
}
