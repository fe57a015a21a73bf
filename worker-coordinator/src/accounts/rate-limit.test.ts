import { expect, test } from 'vitest'
import { createBucket, createRateLimit } from './rate-limit.ts'

const caller = (accountId: number, keyId?: number) => ({ accountId, keyId })

function setup(perMinute: number, callersMax?: number) {
  const clock = { nowMs: Date.UTC(2026, 10, 22, 12) }
  const deps = { perMinute, nowMs: () => clock.nowMs, ...(callersMax ? { callersMax } : {}) }
  return { clock, limit: createRateLimit(deps), bucket: createBucket(deps) }
}

test.for([1, 7, 60, 599])('%i requests a minute are exactly that many', (perMinute) => {
  const { limit } = setup(perMinute)
  const answers = Array.from({ length: perMinute + 1 }, () => limit(caller(1)))
  expect(answers.map(({ allowed }) => allowed)).toEqual([...Array(perMinute).fill(true), false])
  expect(answers[0]).toMatchObject({ limit: perMinute, remaining: perMinute - 1, retryAfterSeconds: 0 })
  expect(answers.at(-1)).toMatchObject({ remaining: 0, resetSeconds: 60 })
})

test('who waits as long as told is allowed again, and not before', () => {
  const { limit, clock } = setup(6)
  for (let i = 0; i < 6; i++) limit(caller(1))
  const refused = limit(caller(1))
  expect(refused).toMatchObject({ allowed: false, retryAfterSeconds: 10 })
  clock.nowMs += 9999
  expect(limit(caller(1)).allowed).toBe(false)
  clock.nowMs += 1
  expect(limit(caller(1)).allowed).toBe(true)
})

test('refused requests cost nothing, and a minute of silence gives everything back', () => {
  const { limit, clock } = setup(3)
  for (let i = 0; i < 100; i++) limit(caller(1))
  clock.nowMs += 60_000
  expect(limit(caller(1))).toMatchObject({ allowed: true, remaining: 2, resetSeconds: 20 })
})

test("an account's keys share one bucket, accounts do not", () => {
  const { limit } = setup(2)
  limit(caller(1, 10))
  limit(caller(1, 11))
  expect(limit(caller(1, 12)).allowed).toBe(false)
  expect(limit(caller(1)).allowed).toBe(false)
  expect(limit(caller(2)).allowed).toBe(true)
})

test('memory is bounded: the least recently seen caller starts afresh', () => {
  const { limit } = setup(1, 2)
  limit(caller(1))
  limit(caller(2))
  limit(caller(3))
  expect(limit(caller(3)).allowed).toBe(false)
  expect(limit(caller(1)).allowed).toBe(true)
})

test('a clock that goes back gives nothing away and locks no one out', () => {
  const { limit, clock } = setup(1)
  limit(caller(1))
  clock.nowMs -= 3_600_000
  expect(limit(caller(1))).toMatchObject({ allowed: false, retryAfterSeconds: 60 })
  clock.nowMs += 60_000
  expect(limit(caller(1)).allowed).toBe(true)
})

test('a token that is given back can be taken again, once', () => {
  const { bucket } = setup(1)
  bucket.giveBack('a')
  expect(bucket.take('a').allowed).toBe(true)
  bucket.giveBack('a')
  expect(bucket.take('a').allowed).toBe(true)
  expect(bucket.take('a').allowed).toBe(false)
})
