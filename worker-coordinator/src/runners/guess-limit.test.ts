import { expect, test } from 'vitest'
import { createGuessLimit } from './guess-limit.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)

test('an address has ten wrong guesses a minute, and is told how long to wait', () => {
  const limit = createGuessLimit({ nowMs: () => NOW_MS })
  for (let i = 0; i < 10; i++) expect(limit.take('192.0.2.1').allowed).toBe(true)
  expect(limit.take('192.0.2.1')).toMatchObject({ allowed: false, retryAfterSeconds: 6 })
  expect(limit.take('192.0.2.2').allowed).toBe(true)
})

test('many addresses together have a limit too', () => {
  const limit = createGuessLimit({ nowMs: () => NOW_MS, perMinute: 20 })
  const allowed = Array.from({ length: 100 }, (_, i) => limit.take(`192.0.2.${i}`).allowed)
  expect(allowed.filter(Boolean)).toHaveLength(20)
})

test('a right guess costs nothing: a room full of machines pairs in one go', () => {
  const limit = createGuessLimit({ nowMs: () => NOW_MS, perMinute: 20 })
  for (let i = 0; i < 200; i++) {
    expect(limit.take('192.0.2.1').allowed).toBe(true)
    limit.giveBack('192.0.2.1')
  }
})
