import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, test } from 'vitest'
import { createApp } from '../app.ts'
import { createAppDeps } from '../app-deps.ts'
import { createDeps } from '../deps.ts'
import { createFleetDeps } from '../fleet-deps.ts'
import { makeChat, setupAccount, setupSocketRunner } from './workerd-fixture.ts'

const fleet = createFleetDeps(env, createDeps(env))
type Row = { model: string; from_at: number; to_at: number | null }
const rowsOf = async (runnerId: string) =>
  (
    await env.DB.prepare(
      'SELECT model, from_at, to_at FROM runner_presence WHERE runner_id = ? ORDER BY from_at',
    )
      .bind(runnerId)
      .all<Row>()
  ).results
const runnerOf = (runnerId: string) =>
  env.DB.prepare('SELECT device, region, last_seen_at FROM runners WHERE id = ?').bind(runnerId).first()

afterEach(() => env.DB.prepare('DROP TRIGGER IF EXISTS presence_breaks').run())

/** From here on every write of presence fails. */
function breakPresence() {
  return env.DB.prepare(
    "CREATE TRIGGER presence_breaks BEFORE INSERT ON runner_presence BEGIN SELECT RAISE(ABORT, 'broken'); END",
  ).run()
}

test('a link that stands is written with its machine and continent, and closed when it ends', async () => {
  const beforeMs = Date.now()
  const runner = await setupSocketRunner('present')
  const link = await runner.open({ device: 'cuda' }, { continent: 'EU' } as RequestInitCfProperties)
  await link.next('welcome')
  await expect
    .poll(() => rowsOf(runner.runnerId))
    .toEqual([{ model: 'present', from_at: expect.any(Number), to_at: null }])
  const [row] = await rowsOf(runner.runnerId)
  expect(row?.from_at).toBeGreaterThanOrEqual(beforeMs)
  expect(await runnerOf(runner.runnerId)).toEqual({
    device: 'cuda',
    region: 'EU',
    last_seen_at: row?.from_at,
  })
  expect((await runner.stub.snapshot()).links).toMatchObject([{ region: 'EU', linkedAtMs: row?.from_at }])
  link.socket.close()
  await expect
    .poll(async () => (await rowsOf(runner.runnerId))[0]?.to_at ?? 0)
    .toBeGreaterThanOrEqual(row?.from_at ?? 0)
  const [closed] = await rowsOf(runner.runnerId)
  expect(await runnerOf(runner.runnerId)).toMatchObject({ last_seen_at: closed?.to_at })
})
test('without an edge that says it, and with what is no continent, the region is not known', async () => {
  for (const [model, cf] of [
    ['placeless', {}],
    ['misplaced', { continent: '<b>' }],
  ] as const) {
    const runner = await setupSocketRunner(model)
    await (await runner.open({}, cf as RequestInitCfProperties)).next('welcome')
    await expect.poll(() => rowsOf(runner.runnerId)).toHaveLength(1)
    expect(await runnerOf(runner.runnerId)).toMatchObject({ region: null })
  }
})
test('the continent comes with the request that the runner sent, through the route', async () => {
  const runner = await setupSocketRunner('routed')
  const app = createApp(createAppDeps(env))
  const { webSocket: socket } = await app.request(`/v1/runners/link?runner=${runner.runnerId}&model=routed`, {
    headers: { upgrade: 'websocket' },
    cf: { continent: 'AF' },
  } as RequestInit)
  const answer = async (nonce: string) => socket?.send(JSON.stringify(await runner.makeHello(nonce)))
  socket?.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data))
    if (frame.type === 'challenge') void answer(frame.nonce)
  })
  socket?.accept()
  await expect.poll(() => runnerOf(runner.runnerId)).toMatchObject({ region: 'AF' })
})
test('sleep is no end, and a greeting that is refused is no beginning', async () => {
  const runner = await setupSocketRunner('asleep')
  await (await runner.open()).next('welcome')
  await expect.poll(() => rowsOf(runner.runnerId)).toHaveLength(1)
  await evictDurableObject(runner.stub, { webSockets: 'hibernate' })
  await runner.stub.snapshot()
  expect(await rowsOf(runner.runnerId)).toMatchObject([{ to_at: null }])
  const refused = await setupSocketRunner('refused')
  await (await refused.open({ protocol: 0 })).next('refused')
  expect(await rowsOf(refused.runnerId)).toEqual([])
})
test('a link that the owner ends, or that another replaces, ends its own row alone', async () => {
  const runner = await setupSocketRunner('replacing')
  const first = await runner.open()
  await first.next('welcome')
  await expect.poll(() => rowsOf(runner.runnerId)).toHaveLength(1)
  const second = await runner.open()
  await second.next('welcome')
  await expect
    .poll(() => rowsOf(runner.runnerId))
    .toMatchObject([{ to_at: expect.any(Number) }, { to_at: null }])
  await runner.stub.closeRunner(runner.runnerId, 'paused')
  await second.next('refused')
  await expect
    .poll(async () => (await rowsOf(runner.runnerId)).every(({ to_at }) => to_at !== null))
    .toBe(true)
})
test('a write of presence that fails breaks no link, and the end makes up for it', async () => {
  await breakPresence()
  const runner = await setupSocketRunner('unwritten')
  const link = await runner.open()
  await link.next('welcome')
  const started = runner.stub.runChat(makeChat(await setupAccount(), 'unwritten'), { kind: 'frames' })
  await runner.answer(link, await link.next('job.offer'), 'Still here.')
  expect(await started).toMatchObject({ ok: true })
  await link.next('job.paid')
  expect(await rowsOf(runner.runnerId)).toEqual([])
  await env.DB.prepare('DROP TRIGGER presence_breaks').run()
  const [shown] = (await runner.stub.snapshot()).links
  link.socket.close()
  await expect
    .poll(() => rowsOf(runner.runnerId))
    .toEqual([{ model: 'unwritten', from_at: shown?.linkedAtMs, to_at: expect.any(Number) }])
})
test('the end of a link whose write fails leaves a row that the clock closes', async () => {
  const runner = await setupSocketRunner('repaired')
  const link = await runner.open()
  await link.next('welcome')
  await expect.poll(() => rowsOf(runner.runnerId)).toHaveLength(1)
  // The clock leaves a link alone that stands.
  await fleet.tendPresence(Date.now())
  expect(await rowsOf(runner.runnerId)).toMatchObject([{ to_at: null }])
  await breakPresence()
  link.socket.close()
  await expect.poll(async () => (await runner.stub.snapshot()).links).toEqual([])
  await fleet.tendPresence(Date.now())
  expect(await rowsOf(runner.runnerId)).toMatchObject([{ to_at: expect.any(Number) }])
})
