import type {
  FleetJson,
  FleetRunnerJson,
  RunnerDetailJson,
  RunnerJobsJson,
} from '../../../protocol/src/miniapp/runners.ts'
import { writeDay } from '../billing/usage-range.ts'
import { type EarnedDay, lineUpDays, sumEarned } from '../earnings/earning-days.ts'
import type { RunnerJobsPage } from '../earnings/runner-jobs-store.ts'
import type { OwnerAsk } from './ask-store.ts'
import type { FleetRunner } from './fleet-store.ts'
import type { ServedModel } from './live-links.ts'
import type { PresenceReport } from './presence.ts'

/** What an account's runners are, did and earned. */
export type Fleet = {
  readonly runners: readonly FleetRunner[]
  /** Of all runners, those that were removed included. */
  readonly days: readonly EarnedDay[]
  readonly asks: ReadonlyMap<string, readonly OwnerAsk[]>
  readonly live: ReadonlyMap<string, readonly ServedModel[]>
  readonly nowMs: number
  /** Days since 1970, UTC. */
  readonly today: number
}

/** Writes the list of an account's runners. */
export function toFleetJson(fleet: Fleet, matureMs: number): FleetJson {
  const { days, today } = fleet
  return {
    data: fleet.runners.map((runner) => toRunnerJson(fleet, runner)),
    ...toSumsJson(days, today),
    days: toDaysJson(days, today),
    matures_after_s: Math.ceil(matureMs / 1000),
  }
}

/** Writes one runner with its presence. */
export function toDetailJson(fleet: Fleet, runner: FleetRunner, presence: PresenceReport): RunnerDetailJson {
  return {
    ...toRunnerJson(fleet, runner),
    days: toDaysJson(daysOf(fleet, runner), fleet.today),
    online_share_24h: presence.share24h,
    online_share_7d: presence.share7d,
    downtimes: presence.downtimes.map(({ fromMs, toMs }) => ({ from_ms: fromMs, to_ms: toMs ?? null })),
    asks: (fleet.asks.get(runner.runnerId) ?? []).map(({ model, ask }) => ({ model, ask: toAskJson(ask) })),
  }
}

/** Writes a page of what a runner worked on. */
export function toJobsJson({ jobs, next }: RunnerJobsPage): RunnerJobsJson {
  return {
    data: jobs.map((job) => ({
      job: job.jobId,
      model: job.model,
      amount_nano: job.amount.toString(),
      completion_tokens: job.completionTokens,
      unpaid_reason: job.unpaidReason ?? null,
      job_reason: job.jobReason,
      ended_at_ms: job.endedAtMs,
    })),
    next_cursor: next ?? null,
  }
}

/** Writes prices, nano per 1,000,000 tokens. */
export function toAskJson({ input, output }: OwnerAsk['ask']) {
  return { input: String(input), output: String(output) }
}

function toRunnerJson(fleet: Fleet, runner: FleetRunner): FleetRunnerJson {
  const links = fleet.live.get(runner.runnerId)
  const days = daysOf(fleet, runner)
  // What is live is seconds old; what the owner set just now is in force already.
  const owners = new Map(fleet.asks.get(runner.runnerId)?.map(({ model, ask }) => [model, ask]))
  return {
    id: runner.runnerId,
    name: runner.name,
    state: runner.isPaused ? 'paused' : 'active',
    online: links !== undefined,
    models: (links ?? []).map((link) => ({
      id: link.model,
      slots: link.slots,
      running: link.running,
      tokens_per_second: link.tokensPerSecond,
      ask: toAskJson(owners.get(link.model) ?? link.ownAsk),
      ask_by: owners.has(link.model) ? 'owner' : 'runner',
    })),
    device: runner.device,
    region: runner.region,
    audience: runner.audience,
    group_id: runner.groupId,
    earned_nano: runner.earned.toString(),
    ...toSumsJson(days, fleet.today),
    accruing_nano: runner.accruing.toString(),
    jobs_today: sumEarned(days, fleet.today).jobsToday,
    created_at_ms: runner.createdAt,
    last_seen_at_ms: links === undefined ? runner.lastSeenAt : fleet.nowMs,
  }
}

function toSumsJson(days: readonly EarnedDay[], today: number) {
  const sums = sumEarned(days, today)
  return {
    today_nano: sums.today.toString(),
    days_7_nano: sums.days7.toString(),
    days_30_nano: sums.days30.toString(),
  }
}

function toDaysJson(days: readonly EarnedDay[], today: number): FleetJson['days'] {
  return lineUpDays(days, today).map(({ day, amount, jobs }) => ({
    day: writeDay(day),
    earned_nano: amount.toString(),
    jobs,
  }))
}

function daysOf({ days }: Fleet, { ledgerId }: FleetRunner): readonly EarnedDay[] {
  return days.filter((day) => day.ledgerId === ledgerId)
}
