import type { MoneyJson } from '../../../protocol/src/billing/balance.ts'
import type { DepositJson } from '../../../protocol/src/billing/deposits.ts'
import type { EarningsJson } from '../../../protocol/src/billing/earnings.ts'
import type { PayoutJson } from '../../../protocol/src/billing/payouts.ts'
import type { TransferLineJson } from '../../../protocol/src/billing/transfers.ts'
import type { UsageGroup, UsageJson } from '../../../protocol/src/billing/usage.ts'
import { formatTon, nano } from '../../../protocol/src/money.ts'
import type { EarnedJob, RunnerEarnings } from '../earnings/earnings-report-store.ts'
import type { Money, UsageLine } from './billing-store.ts'
import type { DepositRow, PayoutRow } from './payouts-route.ts'
import type { StatementLine } from './statement.ts'
import { writeDay } from './usage-range.ts'

/** An amount twice: in nano, and as people read it. A negative one keeps its sign. */
function both<Name extends string>(name: Name, amount: bigint) {
  const size = nano(amount < 0n ? -amount : amount)
  return {
    [`${name}_nano`]: amount.toString(),
    [`${name}_ton`]: amount < 0n ? `-${formatTon(size)}` : formatTon(size),
  } as { readonly [key in `${Name}_nano` | `${Name}_ton`]: string }
}

export function toMoneyJson(account: number, money: Money): MoneyJson {
  return {
    account,
    ...both('available', money.available),
    ...both('held', money.held),
    ...both('withdrawable', money.withdrawable),
    ...both('accruing', money.accruing),
    ...both('payable', money.payable),
  }
}

type UsageTotals = Pick<UsageLine, 'jobs' | 'promptTokens' | 'completionTokens'> & { readonly charge: bigint }

export function toUsageJson(
  range: { readonly fromDay: number; readonly toDay: number; readonly groupBy: UsageGroup },
  lines: readonly UsageLine[],
): UsageJson {
  const sums = ({ jobs, promptTokens, completionTokens, charge }: UsageTotals) => ({
    jobs,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    ...both('charge', charge),
  })
  const groupOf = ({ group }: UsageLine) => {
    if (range.groupBy === 'day') return writeDay(Number(group))
    return range.groupBy === 'key' && group === 0 ? null : group
  }
  const total: UsageTotals = { jobs: 0, promptTokens: 0, completionTokens: 0, charge: 0n }
  return {
    from: writeDay(range.fromDay),
    to: writeDay(range.toDay),
    group_by: range.groupBy,
    data: lines.map((line) => ({ group: groupOf(line), name: line.name, ...sums(line) })),
    total: sums(
      lines.reduce(
        (sum, line) => ({
          jobs: sum.jobs + line.jobs,
          promptTokens: sum.promptTokens + line.promptTokens,
          completionTokens: sum.completionTokens + line.completionTokens,
          charge: sum.charge + line.charge,
        }),
        total,
      ),
    ),
  }
}

export function toLineJson({ amount, atMs, ...line }: StatementLine): TransferLineJson {
  return { ...line, ...both('amount', amount), at_ms: atMs }
}

/** Two columns, so that no cell begins with a sign. */
export const LINE_COLUMNS = ['at', 'kind', 'place', 'in_nano', 'out_nano', 'counterpart', 'id'] as const

export function toLineCells({ id, kind, place, amount, counterpart, atMs }: StatementLine): string[] {
  const [came, went] = amount < 0n ? ['', (-amount).toString()] : [amount.toString(), '']
  return [new Date(atMs).toISOString(), kind, place, came, went, counterpart, id]
}

export function toPayoutJson(payout: PayoutRow): PayoutJson {
  return {
    id: payout.id,
    source: sourceOf(payout),
    cause: payout.cause,
    destination: payout.destination,
    ...both('amount', payout.amount),
    fee_nano: payout.fee.toString(),
    state: payout.state,
    reason: payout.reason,
    transaction: payout.transactionId,
    created_at: toSeconds(payout.createdAt),
    ended_at: payout.endedAt === null ? null : toSeconds(payout.endedAt),
  }
}

export const PAYOUT_COLUMNS = [
  'created_at',
  'ended_at',
  'state',
  'source',
  'cause',
  'amount_nano',
  'fee_nano',
  'destination',
  'transaction',
  'reason',
  'id',
] as const

export function toPayoutCells(payout: PayoutRow): string[] {
  const time = (ms: number | null) => (ms === null ? '' : new Date(ms).toISOString())
  return [
    time(payout.createdAt),
    time(payout.endedAt),
    payout.state,
    sourceOf(payout),
    payout.cause,
    payout.amount.toString(),
    payout.fee.toString(),
    payout.destination,
    payout.transactionId ?? '',
    payout.reason ?? '',
    payout.id,
  ]
}

export function toDepositJson({ id, sender, amount, via, state, at }: DepositRow): DepositJson {
  return { id, sender, ...both('amount', amount), via, state, at: toSeconds(at) }
}

export function toEarningsJson(input: {
  readonly money: Money
  readonly maturesAfterS: number
  readonly runners: readonly RunnerEarnings[]
  readonly jobs: readonly EarnedJob[]
}): EarningsJson {
  return {
    ...both('accruing', input.money.accruing),
    ...both('payable', input.money.payable),
    matures_after_s: input.maturesAfterS,
    runners: input.runners.map((runner) => ({
      id: runner.runnerId,
      name: runner.name,
      today_nano: runner.today.toString(),
      days_7_nano: runner.days7.toString(),
      days_30_nano: runner.days30.toString(),
      accruing_nano: runner.accruing.toString(),
    })),
    jobs: input.jobs.map((job) => ({
      job: job.jobId,
      runner: job.runnerId,
      model: job.model,
      state: job.state,
      ...both('amount', job.amount),
      completion_tokens: job.completionTokens,
      reported_tokens: job.reportedTokens ?? null,
      unpaid_reason: job.unpaidReason ?? null,
      job_reason: job.jobReason,
      ended_at: toSeconds(job.endedAtMs),
    })),
  }
}

function sourceOf({ source, accountId }: PayoutRow): PayoutJson['source'] {
  return source === accountId ? 'balance' : 'earnings'
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
