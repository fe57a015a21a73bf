import { expect, test } from 'vitest'
import { RECEIPT_STEPS } from '../../../../protocol/src/receipts/receipt-steps.ts'
import { RECEIPT_REASONS, stepWord } from './verify-words.ts'
import { VERIFY_WORDS } from './words/words.ts'

test('each step says what it found, for each reason, in every language', () => {
  for (const words of Object.values(VERIFY_WORDS)) {
    for (const step of RECEIPT_STEPS) {
      expect(words[stepWord({ step, verdict: 'passed' })], step).toMatch(/\p{L}{2}/u)
      for (const reason of RECEIPT_REASONS) {
        for (const verdict of ['refused', 'pending', 'unknown'] as const) {
          expect(words[stepWord({ step, verdict, reason })], `${step} ${reason}`).toMatch(/\p{L}{2}/u)
        }
      }
    }
  }
})

test('what was not checked is never said to hold', () => {
  for (const step of RECEIPT_STEPS) {
    for (const reason of RECEIPT_REASONS) {
      expect(stepWord({ step, verdict: 'unknown', reason })).not.toMatch(/^step-/)
      expect(stepWord({ step, verdict: 'refused', reason })).not.toMatch(/^step-/)
    }
  }
})
