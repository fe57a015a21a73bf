import { expect, test } from 'vitest'
import { UNPAID_REASONS } from '../../../../protocol/src/billing/earnings.ts'
import { unpaidWord } from './unpaid-words.ts'
import { RUNNER_WORDS } from './words/words.ts'

test('each reason of the coordinator has a sentence of its own', () => {
  const words = UNPAID_REASONS.map((unpaid_reason) => unpaidWord({ unpaid_reason, job_reason: null }))
  expect(new Set(words).size).toBe(UNPAID_REASONS.length)
  expect(words).not.toContain('unpaid-other')
  for (const word of words) expect(word && RUNNER_WORDS.ar[word]).toBeTruthy()
})

test('a reason that came later than this page is still said', () => {
  expect(unpaidWord({ unpaid_reason: 'constructor', job_reason: null })).toBe('unpaid-other')
  expect(unpaidWord({ unpaid_reason: 'new-one', job_reason: 'runner-lost' })).toBe('unpaid-other-failed')
})

test('what was paid in full needs no sentence', () => {
  expect(unpaidWord({ unpaid_reason: null, job_reason: null })).toBeUndefined()
})
