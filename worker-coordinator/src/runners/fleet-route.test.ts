import { expect, test, vi } from 'vitest'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { fleetSchema, runnerDetailSchema, runnerJobsSchema } from '../../../protocol/src/miniapp/runners.ts'
import { nano } from '../../../protocol/src/money.ts'
import { dayOf } from '../earnings/earning-days.ts'
import { type FleetRouteDeps, fleetRoute } from './fleet-route.ts'
import type { FleetRunner } from './fleet-store.ts'
import type { ServedModel } from './live-links.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const HOUR_MS = 3_600_000
const TOWER: FleetRunner = {
  runnerId: 'run_1',
  ledgerId: 11,
  name: 'tower',
  isPaused: false,
  audience: 'group',
  groupId: 'grp_1',
  device: 'cuda',
  region: 'EU',
  lastSeenAt: NOW_MS - 5 * HOUR_MS,
  createdAt: NOW_MS - 30 * 24 * HOUR_MS,
  earned: nano(1295n),
  accruing: nano(300n),
}
const ATTIC: FleetRunner = {
  ...TOWER,
  runnerId: 'run_2',
  ledgerId: 12,
  name: 'attic',
  isPaused: true,
  device: null,
  region: null,
  lastSeenAt: null,
}
const LINK: ServedModel = {
  model: 'm',
  runnerId: 'run_1',
  region: 'EU',
  slots: 4,
  running: 1,
  tokensPerSecond: 35.5,
  ask: { input: 20, output: 60 },
  ownAsk: { input: 20, output: 60 },
  linkedAtMs: NOW_MS - HOUR_MS,
}

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

function setup(overrides: Partial<FleetRouteDeps> = {}) {
  const route = fleetRoute({
    authenticate: async (authorization) =>
      authorization === 'owner' || authorization === 'key'
        ? { ok: true, caller: { accountId: 7, keyId: authorization === 'key' ? 3 : undefined } }
        : { ok: false, reason: 'missing' },
    nowMs: () => NOW_MS,
    matureMs: 86_400_000,
    listFleetRunners: async () => [TOWER, ATTIC],
    listEarnedDays: async () => [],
    listAsks: async () => new Map(),
    findLiveLinks: async () => new Map(),
    listPresence: fakeless('listPresence'),
    listRunnerJobs: fakeless('listRunnerJobs'),
    ...overrides,
  })
  return async (path: string, authorization = 'owner') => {
    const response = await route.request(path, { headers: authorization ? { authorization } : {} })
    return { status: response.status, headers: response.headers, json: await response.json() }
  }
}

test('the fleet has each runner with what is live of it, and sums of all, those that were removed too', async () => {
  const today = dayOf(NOW_MS)
  const listEarnedDays = vi.fn(async () => [
    { ledgerId: 11, day: today, jobs: 2, amount: nano(10n) },
    { ledgerId: 11, day: today - 6, jobs: 1, amount: nano(100n) },
    { ledgerId: 12, day: today - 7, jobs: 1, amount: nano(1000n) },
    // Removed since.
    { ledgerId: 99, day: today, jobs: 5, amount: nano(7n) },
  ])
  const listFleetRunners = vi.fn(async () => [TOWER, ATTIC])
  const request = setup({
    listEarnedDays,
    listFleetRunners,
    listAsks: async () => new Map([['run_1', [{ model: 'm', ask: { input: 20, output: 60 } }]]]),
    findLiveLinks: async () => new Map([['run_1', [LINK, { ...LINK, model: 'n' }]]]),
  })
  const { status, json, headers } = await request('/v1/fleet')
  expect(status).toBe(200)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(listFleetRunners).toHaveBeenCalledExactlyOnceWith(7)
  expect(listEarnedDays).toHaveBeenCalledExactlyOnceWith({ accountId: 7, fromDay: today - 29 })
  const fleet = fleetSchema.parse(json)
  expect(fleet).toMatchObject({
    today_nano: '17',
    days_7_nano: '117',
    days_30_nano: '1117',
    matures_after_s: 86_400,
  })
  expect(fleet.days).toHaveLength(30)
  expect(fleet.days.at(-1)).toEqual({ day: '2026-11-22', earned_nano: '17', jobs: 7 })
  expect(fleet.days[0]).toEqual({ day: '2026-10-24', earned_nano: '0', jobs: 0 })
  expect(fleet.data).toEqual([
    {
      id: 'run_1',
      name: 'tower',
      state: 'active',
      online: true,
      models: [
        {
          id: 'm',
          slots: 4,
          running: 1,
          tokens_per_second: 35.5,
          ask: { input: '20', output: '60' },
          ask_by: 'owner',
        },
        expect.objectContaining({ id: 'n', ask_by: 'runner' }),
      ],
      device: 'cuda',
      region: 'EU',
      audience: 'group',
      group_id: 'grp_1',
      earned_nano: '1295',
      today_nano: '10',
      days_7_nano: '110',
      days_30_nano: '110',
      accruing_nano: '300',
      jobs_today: 2,
      created_at_ms: TOWER.createdAt,
      last_seen_at_ms: NOW_MS,
    },
    expect.objectContaining({
      id: 'run_2',
      state: 'paused',
      online: false,
      models: [],
      device: null,
      today_nano: '0',
      days_30_nano: '1000',
      last_seen_at_ms: null,
    }),
  ])
})
test('a runner that is linked beyond what its object lists is online', async () => {
  const { json } = await setup({ findLiveLinks: async () => new Map([['run_1', []]]) })('/v1/fleet')
  expect(fleetSchema.parse(json).data[0]).toMatchObject({ online: true, models: [], last_seen_at_ms: NOW_MS })
})
test('a price shows as the owner left it, however old the live figures are', async () => {
  const old = { input: 7, output: 7 }
  const findLiveLinks = async () => new Map([['run_1', [{ ...LINK, ask: old }]]])
  const askOf = async (request: ReturnType<typeof setup>) =>
    fleetSchema.parse((await request('/v1/fleet')).json).data[0]?.models[0]
  const set = new Map([['run_1', [{ model: 'm', ask: { input: 1, output: 2 } }]]])
  expect(await askOf(setup({ findLiveLinks, listAsks: async () => set }))).toMatchObject({
    ask: { input: '1', output: '2' },
    ask_by: 'owner',
  })
  expect(await askOf(setup({ findLiveLinks }))).toMatchObject({
    ask: { input: '20', output: '60' },
    ask_by: 'runner',
  })
})
test('a detail has presence, own days and all prices that were set, also of models that are not served', async () => {
  const today = dayOf(NOW_MS)
  const listPresence = vi.fn(async () => [
    { fromMs: NOW_MS - HOUR_MS, toMs: undefined },
    { fromMs: NOW_MS - 200 * HOUR_MS, toMs: NOW_MS - 2 * HOUR_MS },
  ])
  const { status, json } = await setup({
    listPresence,
    listEarnedDays: async () => [
      { ledgerId: 11, day: today, jobs: 1, amount: nano(5n) },
      { ledgerId: 12, day: today, jobs: 1, amount: nano(50n) },
    ],
    listAsks: async () => new Map([['run_1', [{ model: 'org/x:7b', ask: { input: 1, output: 2 } }]]]),
    findLiveLinks: async () => new Map([['run_1', [LINK]]]),
  })('/v1/fleet/run_1')
  expect(status).toBe(200)
  const detail = runnerDetailSchema.parse(json)
  expect(detail).toMatchObject({
    id: 'run_1',
    online: true,
    online_share_24h: 23 / 24,
    online_share_7d: (7 * 24 - 1) / (7 * 24),
    downtimes: [{ from_ms: NOW_MS - 2 * HOUR_MS, to_ms: NOW_MS - HOUR_MS }],
    asks: [{ model: 'org/x:7b', ask: { input: '1', output: '2' } }],
  })
  expect(detail.days).toHaveLength(30)
  expect(detail.days.at(-1)).toEqual({ day: '2026-11-22', earned_nano: '5', jobs: 1 })
  expect(listPresence).toHaveBeenCalledExactlyOnceWith({
    runnerId: 'run_1',
    sinceMs: NOW_MS - 7 * 24 * HOUR_MS,
    limit: expect.any(Number),
  })
})
test('a link whose row could not be written counts all the same', async () => {
  const { json } = await setup({
    listPresence: async () => [],
    findLiveLinks: async () => new Map([['run_1', [{ ...LINK, linkedAtMs: NOW_MS - 12 * HOUR_MS }]]]),
  })('/v1/fleet/run_1')
  expect(runnerDetailSchema.parse(json)).toMatchObject({
    online_share_24h: 0.5,
    downtimes: [{ to_ms: NOW_MS - 12 * HOUR_MS }],
  })
})
test('jobs are looked for where the runner was connected, and go on below the cursor', async () => {
  const cursor = firstJobIdAt(NOW_MS - 3 * HOUR_MS)
  const job = {
    jobId: `${cursor}0000000000000000`,
    runnerId: 'run_1',
    model: 'm',
    state: 'done' as const,
    amount: nano(0n),
    completionTokens: 9,
    reportedTokens: 9,
    unpaidReason: 'free' as const,
    jobReason: null,
    endedAtMs: NOW_MS,
  }
  const listRunnerJobs = vi.fn(async () => ({ jobs: [job], next: job.jobId as string | undefined }))
  const listPresence = vi.fn(async () => [{ fromMs: TOWER.createdAt, toMs: undefined }])
  const request = setup({ listRunnerJobs, listPresence })
  const { status, json } = await request(`/v1/fleet/run_1/jobs?limit=7&cursor=${cursor}`)
  expect(status).toBe(200)
  expect(runnerJobsSchema.parse(json)).toEqual({
    data: [
      {
        job: job.jobId,
        model: 'm',
        amount_nano: '0',
        completion_tokens: 9,
        unpaid_reason: 'free',
        job_reason: null,
        ended_at_ms: NOW_MS,
      },
    ],
    next_cursor: job.jobId,
  })
  expect(listRunnerJobs).toHaveBeenCalledExactlyOnceWith({
    runnerId: 'run_1',
    limit: 7,
    ranges: [{ from: firstJobIdAt(TOWER.createdAt - 15 * 60_000), to: cursor }],
  })
  listRunnerJobs.mockResolvedValueOnce({ jobs: [], next: undefined })
  expect((await request('/v1/fleet/run_1/jobs')).json).toEqual({ data: [], next_cursor: null })
})
test.for([
  ['limit=0'],
  ['limit=101'],
  ['limit=x'],
  ['cursor='],
  ['cursor=job_'],
  ['cursor=run_0000000000'],
  ['cursor=job_01a%27;'],
  ['other=1'],
])('a question for jobs with %s is refused', async ([query]) => {
  expect((await setup()(`/v1/fleet/run_1/jobs?${query}`)).status).toBe(400)
})
test("another's runner is not found, and a stranger learns nothing", async () => {
  const request = setup({ listFleetRunners: async () => [ATTIC] })
  for (const path of ['/v1/fleet/run_1', '/v1/fleet/run_1/jobs']) {
    expect(await request(path)).toMatchObject({ status: 404, json: { error: { code: 'runner_not_found' } } })
  }
  for (const path of ['/v1/fleet', '/v1/fleet/run_1', '/v1/fleet/run_1/jobs']) {
    expect((await request(path, '')).status).toBe(401)
  }
})
test('an API key may look', async () => {
  expect((await setup()('/v1/fleet', 'key')).status).toBe(200)
})
