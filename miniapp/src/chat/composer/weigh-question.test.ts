import { expect, test } from 'vitest'
import { nano } from '../../../../protocol/src/money.ts'
import type { ModelChoice } from '../choice/model-choice.ts'
import { cutDraft, DRAFT_CHARS_MAX } from './cut-draft.ts'
import { type Weighing, weighQuestion } from './weigh-question.ts'

const served: ModelChoice = {
  model: 'silkworm',
  tier: 'open',
  contextTokens: 1024,
  parameters: 60,
  freeSlots: 1,
  waitSeconds: 0,
  tokensPerSecond: 90,
  price: { input: nano(20_000_000n), output: nano(60_000_000n) },
}
const weigh = (overrides: Partial<Weighing> = {}) =>
  weighQuestion({
    picked: { choice: served, served },
    choices: 'known',
    balance: nano(1_000_000_000n),
    messages: [],
    text: 'What is silk?',
    ...overrides,
  })

test('a question that somebody answers and the balance covers has a price', () => {
  expect(weigh()).toMatchObject({ say: 'price', canSend: true })
  expect(weigh({ balance: undefined })).toMatchObject({ say: 'price', canSend: true })
})

test('a balance that does not cover the most stops it before it is sent', () => {
  const weighed = weigh({ balance: nano(10n) })
  expect(weighed).toMatchObject({ say: 'no-funds', canSend: false })
})

test('an own GPU costs nothing, whatever the balance', () => {
  const own = { ...served, tier: 'own' } as const
  expect(weigh({ picked: { choice: own, served: own }, balance: nano(0n) })).toEqual({
    say: 'free',
    canSend: true,
  })
})

test('what does not fit the model is not sent, and the person learns by how much', () => {
  expect(weigh({ text: 'silk and light '.repeat(1400) })).toMatchObject({ say: 'too-long', canSend: false })
})

test('where nobody serves the choice nothing is sent, and nobody else is asked', () => {
  const picked = { choice: { model: 'moth', tier: 'own' as const }, served: undefined }
  expect(weigh({ picked })).toEqual({ say: 'nobody-serves', canSend: false })
  expect(weigh({ picked: undefined })).toEqual({ say: 'nobody-at-all', canSend: false })
})

test('while the network is away a question can be sent, and waits for it', () => {
  const picked = { choice: { model: 'moth', tier: 'own' as const }, served: undefined }
  expect(weigh({ picked, choices: 'away' })).toEqual({ say: 'away', canSend: true })
  expect(weigh({ choices: 'away' })).toEqual({ say: 'away', canSend: true })
  expect(weigh({ picked, choices: 'loading' })).toEqual({ say: 'nothing', canSend: true })
  expect(weigh({ picked: undefined, choices: 'loading' })).toEqual({ say: 'nothing', canSend: false })
  expect(weigh({ picked: undefined, choices: 'away' })).toEqual({ say: 'away', canSend: false })
})

test('who is not let in learns why before anything is sent', () => {
  expect(weigh({ choices: { refused: 'expired_init_data' } })).toEqual({
    say: 'refused',
    reason: 'expired_init_data',
    canSend: false,
  })
})

test('20,000 characters are taken whole; what is beyond all bounds is cut, never through a symbol', () => {
  const long = 'x'.repeat(20_000)
  expect(cutDraft(long)).toBe(long)
  expect(cutDraft('x'.repeat(DRAFT_CHARS_MAX + 1))).toHaveLength(DRAFT_CHARS_MAX)
  expect(cutDraft(`${'x'.repeat(DRAFT_CHARS_MAX - 1)}🧵`)).toHaveLength(DRAFT_CHARS_MAX - 1)
})
