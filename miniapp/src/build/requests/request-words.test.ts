import { expect, test } from 'vitest'
import { JOB_REASONS } from '../../../../protocol/src/answer.ts'
import {
  KNOWN_REASONS,
  type LoggedRequest,
  lampOfState,
  momentWords,
  reasonOf,
  timeWords,
} from './request-words.ts'

const request = (changes: Partial<LoggedRequest>): LoggedRequest => ({
  id: 'job_1',
  kind: 'chat',
  model: 'silkworm',
  tier: 'open',
  state: 'failed',
  reason: null,
  key_name: null,
  prompt_tokens: 0,
  completion_tokens: 0,
  charge_nano: '0',
  created_at_ms: 0,
  first_delta_ms: null,
  took_ms: null,
  ...changes,
})

test('every reason that there are words for is one that a job can have', () => {
  for (const reason of KNOWN_REASONS) expect(JOB_REASONS).toContain(reason)
})

test('only what failed has a reason, and one that is new here is not hidden', () => {
  expect(reasonOf(request({ reason: 'runner-lost' }))).toBe('runner-lost')
  expect(reasonOf(request({ reason: 'sun-flare' }))).toBe('other')
  expect(reasonOf(request({ reason: null }))).toBe('other')
  expect(reasonOf(request({ state: 'done', reason: 'runner-lost' }))).toBeUndefined()
})

test('green is answered, red is failed, and what was stopped is neither', () => {
  expect((['done', 'failed', 'stopped', 'running', 'queued'] as const).map(lampOfState)).toEqual([
    'well',
    'bad',
    'off',
    'busy',
    'busy',
  ])
})

test('a time is told as short as it is exact, in Latin digits', () => {
  expect(timeWords('en', 0)).toBe('0 ms')
  expect(timeWords('en', 210)).toBe('210 ms')
  expect(timeWords('en', 1940)).toBe('1.9 sec')
  expect(timeWords('en', 61_400)).toBe('61 sec')
  expect(timeWords('en', 600_000)).toBe('10 min')
  expect(timeWords('ar', 210)).toMatch(/210/)
  expect(momentWords('ar', Date.UTC(2026, 10, 22, 12))).toMatch(/22/)
})
