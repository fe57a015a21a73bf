import { expect, test } from 'vitest'
import type { Reply } from '../../session/session.ts'
import { type TurnState, writtenOf } from './next-turn.ts'
import { runTurn, SILENCE_MS, STOP_GRACE_MS, type TurnOrder } from './run-turn.ts'
import { BODY, fakeStream, settle, setupTurnDeps } from './turn-fixture.ts'

const UNREACHABLE: Reply<Response> = { ok: false, reason: 'unreachable', sentence: undefined }
const orderOf = (overrides: Partial<TurnOrder> = {}): TurnOrder => ({
  body: BODY,
  key: 'key-1',
  kept: { text: '', reasoning: '', job: {} },
  stop: new AbortController().signal,
  ...overrides,
})
const ignore = () => undefined

test('an answer is read to its end, and every state is shown', async () => {
  const stream = fakeStream()
  const shown: TurnState[] = []
  const turn = runTurn(setupTurnDeps({ open: async () => stream.reply() }), orderOf(), (state) =>
    shown.push(state),
  )
  stream.say('Silk ')
  stream.say('shines.')
  stream.end()
  const state = await turn
  expect(writtenOf(state).text).toBe('Silk shines.')
  expect(state).toMatchObject({ ending: { how: 'done' }, job: { id: 'job_1', costNano: '7' } })
  expect(shown.at(-1)).toBe(state)
  expect(shown.map((one) => writtenOf(one).text)).toContain('Silk ')
})

test('a stream that breaks is read again under the same key and body, and the answer is there once', async () => {
  const first = fakeStream()
  const second = fakeStream()
  const asked: unknown[] = []
  const deps = setupTurnDeps({
    open: async (body, key) => {
      asked.push([body, key])
      return asked.length === 1 ? first.reply() : second.reply()
    },
    readRecord: async () => ({ wasStopped: false, job: { costNano: '7' } }),
  })
  const turn = runTurn(deps, orderOf(), ignore)
  first.say('Silk shi')
  await settle()
  first.breakOff()
  await settle()
  second.say('Silk shines.')
  second.end()
  expect(writtenOf(await turn).text).toBe('Silk shines.')
  expect(asked).toEqual([
    [BODY, 'key-1'],
    [BODY, 'key-1'],
  ])
})

test('while nobody is there it waits, longer each time, and loses nothing', async () => {
  const stream = fakeStream()
  const waits: number[] = []
  const phases: string[] = []
  const deps = setupTurnDeps({
    open: async () => (waits.length < 3 ? UNREACHABLE : stream.reply()),
    untilReachable: async (tries) => void waits.push(tries),
  })
  const turn = runTurn(deps, orderOf(), ({ phase }) => phases.push(phase))
  stream.say('Silk')
  stream.end()
  expect((await turn).ending).toEqual({ how: 'done' })
  expect(waits).toEqual([1, 2, 3])
  expect(phases).toContain('out-of-reach')
})

test('a refusal ends it with its reason, and is not tried again', async () => {
  let asked = 0
  const deps = setupTurnDeps({
    open: async () => {
      asked += 1
      return { ok: false, reason: 'insufficient_quota', sentence: 'x' }
    },
  })
  expect((await runTurn(deps, orderOf(), ignore)).ending).toEqual({
    how: 'failed',
    trouble: 'insufficient_quota',
  })
  expect(asked).toBe(1)
})

test('Stop is told to the coordinator once, and its last words and cost are waited for', async () => {
  const stream = fakeStream()
  const stop = new AbortController()
  const told: string[] = []
  const deps = setupTurnDeps({
    open: async () => stream.reply(),
    stopJob: async (jobId) => told.push(jobId) > 0,
  })
  const turn = runTurn(deps, orderOf({ stop: stop.signal }), ignore)
  stream.say('Silk')
  await settle()
  stop.abort()
  await settle()
  stream.say(' shines')
  stream.end({ costNano: 5 })
  const state = await turn
  expect(told).toEqual(['job_1'])
  expect(writtenOf(state).text).toBe('Silk shines')
  expect(state).toMatchObject({ ending: { how: 'stopped' }, job: { costNano: '5' } })
})

test('where Stop is not heard, nothing that comes after it is taken', async () => {
  const stop = new AbortController()
  const stream = fakeStream()
  const deps = setupTurnDeps({
    open: async (_body, _key, signal) => {
      signal.addEventListener('abort', stream.breakOff)
      return stream.reply()
    },
    stopJob: async () => false,
  })
  const turn = runTurn(deps, orderOf({ stop: stop.signal }), ignore)
  stream.say('Silk')
  await settle()
  stop.abort()
  const state = await turn
  expect(writtenOf(state).text).toBe('Silk')
  expect(state.ending).toEqual({ how: 'stopped' })
})

test('a coordinator that does not answer to Stop does not keep the person waiting', async () => {
  const stop = new AbortController()
  const graces: (() => void)[] = []
  const deps = setupTurnDeps({
    open: (_body, _key, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(UNREACHABLE))),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms === STOP_GRACE_MS) graces.push(resolve)
        signal.addEventListener('abort', () => resolve())
      }),
  })
  const turn = runTurn(deps, orderOf({ stop: stop.signal }), ignore)
  stop.abort()
  await settle()
  expect(graces).toHaveLength(1)
  graces[0]?.()
  expect((await turn).ending).toEqual({ how: 'stopped' })
})

test('Stop while the network is away ends it at once', async () => {
  const stop = new AbortController()
  const deps = setupTurnDeps({
    open: async () => UNREACHABLE,
    untilReachable: (_tries, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
  })
  const turn = runTurn(deps, orderOf({ stop: stop.signal }), ignore)
  await settle()
  stop.abort()
  expect((await turn).ending).toEqual({ how: 'stopped' })
})

test('a connection that says nothing any more is taken for dead, and read again', async () => {
  let asked = 0
  let silent: (() => void) | undefined
  const stream = fakeStream()
  const deps = setupTurnDeps({
    open: (_body, _key, signal) => {
      asked += 1
      if (asked > 1) return Promise.resolve(stream.reply())
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(UNREACHABLE)))
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms === SILENCE_MS) silent ??= resolve
        signal.addEventListener('abort', () => resolve())
      }),
  })
  const turn = runTurn(deps, orderOf(), ignore)
  await settle()
  silent?.()
  stream.say('Silk')
  stream.end()
  expect((await turn).ending).toEqual({ how: 'done' })
  expect(asked).toBe(2)
})

test('an answer that ended while the page was closed, because nobody read it, can go on', async () => {
  const stream = fakeStream()
  let asked = 0
  const deps = setupTurnDeps({
    open: async () => {
      asked += 1
      return asked === 1 ? UNREACHABLE : stream.reply()
    },
    readRecord: async () => ({ wasStopped: true, job: { costNano: '3' } }),
  })
  const turn = runTurn(deps, orderOf(), ignore)
  stream.say('Silk shi')
  stream.end()
  expect(await turn).toMatchObject({ ending: { how: 'cut' }, job: { costNano: '3' } })
})

test('what an interrupted answer cost is asked for', async () => {
  const deps = setupTurnDeps({
    open: async () => ({ ok: false, reason: 'idempotency_ended', sentence: undefined }),
    readRecord: async (jobId) => ({ wasStopped: false, job: { costNano: jobId === 'job_9' ? '4' : '0' } }),
  })
  const kept = { text: 'Silk', reasoning: '', job: { id: 'job_9' } }
  const state = await runTurn(deps, orderOf({ kept }), ignore)
  expect(state).toMatchObject({ ending: { how: 'failed' }, job: { id: 'job_9', costNano: '4' } })
})
