import { GrammyError, HttpError } from 'grammy'
import { expect, test } from 'vitest'
import { createConversationState } from './conversation-state.ts'
import { fakeClock } from './fake-clock.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { createTelegramGate } from './telegram-gate.ts'

function setup({ isGroup = false } = {}) {
  const clock = fakeClock()
  const storage = createMemoryStorage()
  const state = createConversationState(storage)
  const calls: number[] = []
  const gate = createTelegramGate({ clock, state, isGroup })
  /** Fails with the given errors, one after another, then works. */
  const failing = (...errors: unknown[]) => {
    const left = [...errors]
    return async () => {
      calls.push(clock.nowMs())
      if (left.length > 0) throw left.shift()
      return 'done'
    }
  }
  return { clock, storage, state, gate, calls, failing }
}

function refusal(code: number, description: string, retryAfter?: number): GrammyError {
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }
  return new GrammyError('failed', { ok: false, error_code: code, description, ...parameters }, 'm', {})
}

function lost(code?: string): HttpError {
  return new HttpError('lost', Object.assign(new Error('socket'), code === undefined ? {} : { code }))
}

const PATIENT = { patience: 'patient' } as const
const ONCE = { patience: 'once' } as const

test('calls of one kind keep a second between them; kinds do not wait for each other', async () => {
  const { gate, calls, failing } = setup()
  await Promise.all([
    gate.call('send', failing(), PATIENT),
    gate.call('send', failing(), PATIENT),
    gate.call('draft', failing(), ONCE),
  ])
  expect(calls.length).toBe(3)
  const [first = 0, second = 0, third = 0] = calls
  expect(second - first).toBe(0)
  expect(third - first).toBeGreaterThanOrEqual(1000)
})

test('after a 429 no call of that kind is made before its time, not even by a new process', async () => {
  const { gate, clock, storage, calls, failing } = setup()
  const refused = await gate.call('draft', failing(refusal(429, 'Too Many Requests', 7)), ONCE)
  expect(refused).toEqual({ ok: false, reason: 'too-many' })
  expect(gate.waitMs('draft')).toBeGreaterThanOrEqual(7000)
  expect(gate.waitMs('send')).toBe(0)
  const state = createConversationState(storage.reopen())
  const next = createTelegramGate({ clock, state, isGroup: false })
  await next.call('draft', failing(), ONCE)
  expect((calls[1] ?? 0) - (calls[0] ?? 0)).toBeGreaterThanOrEqual(7000)
})

test('a patient call waits a 429 out and is made again', async () => {
  const { gate, calls, failing } = setup()
  const result = await gate.call('send', failing(refusal(429, 'Too Many Requests', 3)), PATIENT)
  expect(result).toEqual({ ok: true, value: 'done' })
  expect(calls.length).toBe(2)
})

test('a send whose answer was lost is made once; an edit is made again', async () => {
  const { gate, calls, failing } = setup()
  expect(await gate.call('send', failing(lost('ECONNRESET')), PATIENT)).toEqual({ ok: false, reason: 'lost' })
  expect(calls.length).toBe(1)
  expect(await gate.call('edit', failing(lost(), lost()), PATIENT)).toEqual({ ok: true, value: 'done' })
  expect(calls.length).toBe(4)
})

test('a send that nobody listened to has not arrived, and is made again', async () => {
  const { gate, failing } = setup()
  const result = await gate.call('send', failing(lost('ECONNREFUSED')), PATIENT)
  expect(result).toEqual({ ok: true, value: 'done' })
})

test('a server error is tried again with growing pauses, and given up in the end', async () => {
  const { gate, calls, failing } = setup()
  const always = Array.from({ length: 50 }, () => refusal(500, 'Internal Server Error'))
  expect(await gate.call('send', failing(...always), PATIENT)).toEqual({ ok: false, reason: 'server' })
  expect(calls.length).toBe(10)
  expect((calls[9] ?? 0) - (calls[8] ?? 0)).toBeGreaterThan((calls[1] ?? 0) - (calls[0] ?? 0))
})

test('after a 403 nothing is called any more, in this process or the next', async () => {
  const { gate, clock, state, storage, calls, failing } = setup()
  const blocked = refusal(403, 'Forbidden: bot was blocked by the user')
  expect(await gate.call('draft', failing(blocked), ONCE)).toEqual({ ok: false, reason: 'blocked' })
  expect(await gate.call('send', failing(), PATIENT)).toEqual({ ok: false, reason: 'blocked' })
  const next = createTelegramGate({ clock, state: createConversationState(storage), isGroup: false })
  expect(await next.call('edit', failing(), PATIENT)).toEqual({ ok: false, reason: 'blocked' })
  expect(calls.length).toBe(1)
  state.clearBlocked()
  expect(await gate.call('send', failing(), PATIENT)).toEqual({ ok: true, value: 'done' })
})

test('a group gets no more than it may in a minute', async () => {
  const { gate, calls, failing } = setup({ isGroup: true })
  for (let count = 0; count < 40; count += 1) await gate.call('send', failing(), PATIENT)
  for (const atMs of calls) {
    expect(calls.filter((other) => other >= atMs && other < atMs + 60_000).length).toBeLessThanOrEqual(20)
  }
})

test.each([
  [400, 'Bad Request: message is not modified: specified new message content', 'same'],
  [400, "Bad Request: can't parse entities: Unsupported start tag", 'markup'],
  [400, 'Bad Request: ENTITY_BOUNDS_INVALID', 'markup'],
  [400, 'Bad Request: message to edit not found', 'gone'],
  [400, 'Bad Request: message thread not found', 'closed'],
  [400, 'Bad Request: not enough rights to send text messages to the chat', 'closed'],
  [400, 'Bad Request: message is too long', 'refused'],
  [404, 'Not Found: method not found', 'unknown-method'],
])('%i %s is understood as %s, and not tried again', async (code, description, reason) => {
  const { gate, calls, failing } = setup()
  expect(await gate.call('edit', failing(refusal(code, description)), PATIENT)).toEqual({ ok: false, reason })
  expect(calls.length).toBe(1)
})

test('the flight of a call is told: out, and back when nothing happened', async () => {
  const { gate, failing } = setup()
  const flights: boolean[] = []
  const onFlight = (inFlight: boolean) => flights.push(inFlight)
  await gate.call('send', failing(refusal(500, 'x'), lost()), { ...PATIENT, onFlight })
  expect(flights).toEqual([true, false, true])
})
