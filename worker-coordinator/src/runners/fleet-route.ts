import { type Context, Hono } from 'hono'
import { runnerJobsQuerySchema } from '../../../protocol/src/accounts/runners.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { readQuery } from '../billing/read-query.ts'
import { dayOf, type EarnedDay, SHOWN_DAYS } from '../earnings/earning-days.ts'
import { rangesOfRunner } from '../earnings/runner-jobs.ts'
import { JOB_IDS_END, type listRunnerJobs, type RunnerJobsPage } from '../earnings/runner-jobs-store.ts'
import type { OwnerAsk } from './ask-store.ts'
import type { FleetRunner } from './fleet-store.ts'
import type { ServedModel } from './live-links.ts'
import { REPORT_MS, reportPresence, type Span } from './presence.ts'
import { refuseRunner } from './runner-errors.ts'
import { PRESENCE_KEPT_MS } from './tend-presence.ts'
import { type Fleet, toDetailJson, toFleetJson, toJobsJson } from './to-fleet-json.ts'

export type FleetRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly nowMs: () => number
  /** How long earnings accrue. */
  readonly matureMs: number
  /** Those that were not removed, the oldest first. */
  readonly listFleetRunners: (accountId: number) => Promise<readonly FleetRunner[]>
  /** Of all runners, those that were removed included. */
  readonly listEarnedDays: (input: { accountId: number; fromDay: number }) => Promise<readonly EarnedDay[]>
  readonly listAsks: (accountId: number) => Promise<ReadonlyMap<string, readonly OwnerAsk[]>>
  /** A runner that is absent is offline. */
  readonly findLiveLinks: (
    runnerIds: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly ServedModel[]>>
  readonly listPresence: (input: {
    runnerId: string
    sinceMs: number
    limit: number
  }) => Promise<readonly Span[]>
  readonly listRunnerJobs: (input: Parameters<typeof listRunnerJobs>[1]) => Promise<RunnerJobsPage>
}

/** How many links a report of a runner's presence is made of. */
const SPANS_MAX = 5000
const NO_STORE = { 'cache-control': 'no-store' }

/** What an owner sees of runners. Another's runner answers as one that does not exist. */
export function fleetRoute(deps: FleetRouteDeps): Hono {
  const callerOf = (c: Context) => deps.authenticate(c.req.header('authorization'))
  const readFleet = async (accountId: number): Promise<Fleet> => {
    const nowMs = deps.nowMs()
    const today = dayOf(nowMs)
    const [runners, days, asks] = await Promise.all([
      deps.listFleetRunners(accountId),
      deps.listEarnedDays({ accountId, fromDay: today - SHOWN_DAYS + 1 }),
      deps.listAsks(accountId),
    ])
    const live = await deps.findLiveLinks(runners.map(({ runnerId }) => runnerId))
    return { runners, days, asks, live, nowMs, today }
  }
  const readSpans = (runnerId: string, sinceMs: number) =>
    deps.listPresence({ runnerId, sinceMs, limit: SPANS_MAX })

  return new Hono()
    .get('/v1/fleet', async (c) => {
      const who = await callerOf(c)
      if (!who.ok) return refuseAccount(who.reason)
      const fleet = await readFleet(who.caller.accountId)
      return c.json(toFleetJson(fleet, deps.matureMs), 200, NO_STORE)
    })
    .get('/v1/fleet/:id', async (c) => {
      const who = await callerOf(c)
      if (!who.ok) return refuseAccount(who.reason)
      const fleet = await readFleet(who.caller.accountId)
      const runner = fleet.runners.find(({ runnerId }) => runnerId === c.req.param('id'))
      if (!runner) return refuseRunner('runner-not-found')
      const { runnerId, createdAt } = runner
      const { nowMs } = fleet
      const spans = await readSpans(runnerId, nowMs - REPORT_MS)
      // A link whose row is not there yet, or could not be written, stands all the same.
      const links = (fleet.live.get(runnerId) ?? []).map(({ linkedAtMs }) => ({
        fromMs: Math.min(nowMs, linkedAtMs),
        toMs: undefined,
      }))
      const isCut = spans.length === SPANS_MAX
      const pairedMs = Math.max(createdAt, isCut ? Math.min(...spans.map(({ fromMs }) => fromMs)) : 0)
      const presence = reportPresence([...spans, ...links], { pairedMs, nowMs })
      return c.json(toDetailJson(fleet, runner, presence), 200, NO_STORE)
    })
    .get('/v1/fleet/:id/jobs', async (c) => {
      const who = await callerOf(c)
      if (!who.ok) return refuseAccount(who.reason)
      const query = readQuery(runnerJobsQuerySchema, c.req.query())
      if (!query.ok) return refuseAccount(query.reason, query.detail)
      const { limit, cursor: below = JOB_IDS_END } = query.data
      const runners = await deps.listFleetRunners(who.caller.accountId)
      const runner = runners.find(({ runnerId }) => runnerId === c.req.param('id'))
      if (!runner) return refuseRunner('runner-not-found')
      const { runnerId, createdAt: pairedMs } = runner
      const nowMs = deps.nowMs()
      const spans = await readSpans(runnerId, nowMs - PRESENCE_KEPT_MS)
      const ranges = rangesOfRunner(spans, { pairedMs, nowMs, below })
      return c.json(toJobsJson(await deps.listRunnerJobs({ runnerId, ranges, limit })), 200, NO_STORE)
    })
}
