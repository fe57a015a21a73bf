import { GrammyError } from 'grammy'
import type { Update } from 'grammy/types'
import { expect, test } from 'vitest'
import { fakeClock } from './chat/fake-clock.ts'
import { type ForwardResult, type PollDeps, pollUpdates } from './poll-updates.ts'

/** Telegram with some updates; `answers` are the coordinator's, one after another, then it takes everything. */
function setup(
  updates: readonly number[],
  answers: readonly (ForwardResult | 'down')[] = [],
  errors: unknown[] = [],
) {
  const stop = new AbortController()
  const forwarded: number[] = []
  const offsets: number[] = []
  const logged: string[] = []
  const left = [...answers]
  const failures = [...errors]
  const deps: PollDeps = {
    api: {
      getUpdates: (async ({ offset = 0 }: { offset?: number }) => {
        offsets.push(offset)
        if (failures.length > 0) throw failures.shift()
        const ready = updates.filter((id) => id >= offset)
        if (ready.length === 0) stop.abort()
        return ready.map((update_id): Update => ({ update_id }))
      }) as unknown as PollDeps['api']['getUpdates'],
    },
    forward: async ({ update_id }) => {
      forwarded.push(update_id)
      return (left.shift() as ForwardResult | undefined) ?? 'taken'
    },
    clock: fakeClock(),
    log: (event) => logged.push(event),
  }
  return { poll: () => pollUpdates(deps, stop.signal), forwarded, offsets, logged, stop }
}

function refusal(code: number, retryAfter?: number): GrammyError {
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }
  return new GrammyError('failed', { ok: false, error_code: code, description: 'no', ...parameters }, 'm', {})
}

test('updates are handed over in order, and each counts when it was taken', async () => {
  const { poll, forwarded, offsets } = setup([4, 5, 6])
  expect(await poll()).toBe('stopped')
  expect(forwarded).toEqual([4, 5, 6])
  expect(offsets).toEqual([0, 7])
})

test('while the coordinator is away, an update is tried for as long as it takes', async () => {
  const { poll, forwarded, logged } = setup([4, 5], Array(40).fill('unreachable'))
  expect(await poll()).toBe('stopped')
  expect(forwarded.filter((id) => id === 4).length).toBe(41)
  expect(forwarded.at(-1)).toBe(5)
  expect(logged).not.toContain('update-skipped')
})

test('an update that is refused again and again does not block the next for ever', async () => {
  const { poll, forwarded, logged } = setup([4, 5], Array(8).fill('refused'))
  expect(await poll()).toBe('stopped')
  expect(forwarded).toEqual([4, 4, 4, 4, 4, 4, 4, 4, 5])
  expect(logged).toContain('update-skipped')
})

test('a wrong secret, a wrong token and a second poller end it, each with its own word', async () => {
  expect(await setup([4], ['wrong-secret']).poll()).toBe('wrong-secret')
  expect(await setup([], [], [refusal(401)]).poll()).toBe('wrong-token')
  expect(await setup([], [], [refusal(409)]).poll()).toBe('conflict')
})

test('a network that fails is tried again; nothing is lost', async () => {
  const { poll, forwarded } = setup([4], [], [new Error('reset'), refusal(502), refusal(429, 3)])
  expect(await poll()).toBe('stopped')
  expect(forwarded).toEqual([4])
})

test('the signal ends it between two updates, and the second is not counted', async () => {
  const { poll, stop, forwarded } = setup([4, 5], ['unreachable'])
  stop.abort()
  expect(await poll()).toBe('stopped')
  expect(forwarded).toEqual([])
})
