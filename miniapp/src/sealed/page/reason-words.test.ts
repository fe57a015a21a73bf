import { expect, test } from 'vitest'
import { REASONS, type ReasonCode, STEPS } from '../../../../protocol/src/attestation/reasons.ts'
import { FAULTS, faultWord } from './fault-word.ts'
import { isOver, reasonWord } from './reason-words.ts'
import { SEAL_PAGE_WORDS } from './words/words.ts'

const codes = Object.keys(REASONS) as ReasonCode[]

test('each reason for which evidence is refused is a sentence, in every language', () => {
  expect(codes.length).toBeGreaterThanOrEqual(110)
  for (const words of Object.values(SEAL_PAGE_WORDS)) {
    for (const code of codes) expect(words[reasonWord(code)], code).toMatch(/\p{L}{2}/u)
  }
})

test('each step has a sentence for what it checks, and one for what it refuses', () => {
  for (const words of Object.values(SEAL_PAGE_WORDS)) {
    for (const step of [...STEPS, 'any'] as const) {
      expect(words[`refused-${step}`], step).not.toBe('')
      if (step !== 'any') expect(words[`step-${step}`], step).not.toBe('')
    }
  }
})

test('each way to tamper with an answer is a sentence', () => {
  for (const fault of [...Object.keys(FAULTS), 'receipt-altered', 'receipt-bad-signature']) {
    expect(SEAL_PAGE_WORDS.en, fault).toHaveProperty([faultWord(fault)])
    expect(faultWord(fault), fault).not.toBe('fault-away')
  }
})

test.each([
  ['keys-expired', 'fault-keys'],
  ['directory-stale', 'fault-directory'],
  ['td-debug', 'why-debug'],
  ['model-manifest', 'refused-model'],
  ['something-new', 'fault-away'],
  ['constructor', 'fault-away'],
])('%s is said by %s', (why, word) => {
  expect(faultWord(why)).toBe(word)
})

test('only evidence whose hour has passed is over; all else is refused', () => {
  expect(codes.filter(isOver)).toEqual(['beacon-unknown', 'beacon-stale', 'statement-expired'])
})
