import { expect, test } from 'vitest'
import { JOB_REASONS } from '../../../protocol/src/answer.ts'
import { NANO_MAX, nano } from '../../../protocol/src/money.ts'
import { LANGUAGES, wordsFor } from '../words/words.ts'
import { button, parsePress, pressData, shortHash } from './buttons.ts'
import { composeAnswer } from './compose-answer.ts'
import type { Ending, Running } from './conversation-state.ts'
import { receiptText } from './receipt-text.ts'

function running(
  text: string,
  ending: Partial<Ending>,
  language: Running['turn']['language'] = 'en',
): Running {
  return {
    turn: { seq: 4, kind: 'ask', userId: 1, language, text: 'q', deaths: 0 },
    text,
    question: 4,
    ending: { finish: 'stop', runnerIds: [], ...ending },
    sentParts: 0,
    inFlight: false,
  }
}

function textOf(composed: ReturnType<typeof composeAnswer>): string {
  return composed.parts.map(({ text }) => text).join('\n\n')
}

function actionsOf({ keyboard }: ReturnType<typeof composeAnswer>): string[] {
  const buttons = keyboard?.inline_keyboard.flat() ?? []
  return buttons.map((key) => ('callback_data' in key ? key.callback_data : ''))
}

const usage = (costNano: string) => ({ promptTokens: 1, completionTokens: 2, costNano })

test('an answer that came to its end has no Continue; one that was cut has', () => {
  expect(actionsOf(composeAnswer(running('done', { usage: usage('5') })))).toEqual([
    'retry:4',
    'model:4',
    'receipt:4',
  ])
  for (const finish of ['length', 'cancelled', 'failed', 'interrupted'] as const) {
    expect(actionsOf(composeAnswer(running('part', { finish })))).toContain('continue:4')
    expect(actionsOf(composeAnswer(running('', { finish })))).not.toContain('continue:4')
  }
})

test('a stopped or full answer stands without a note', () => {
  expect(textOf(composeAnswer(running('part', { finish: 'cancelled' })))).toBe('part')
  expect(textOf(composeAnswer(running('part', { finish: 'length' })))).toBe('part')
})

test.each(LANGUAGES)('every reason is a sentence in %s that says what was charged', (language) => {
  const words = wordsFor(language)
  for (const reason of JOB_REASONS) {
    const text = textOf(composeAnswer(running('', { finish: 'refused', reason }, language)))
    expect(text).toContain(words('nothing-charged'))
    expect(text).not.toContain(reason)
  }
})

test('a failure that delivered something says what that cost', () => {
  const failed = { finish: 'failed', reason: 'runner-lost', usage: usage('1500000') } as const
  expect(textOf(composeAnswer(running('part', failed)))).toBe(
    'part\n\nThe answer broke off here. Only what was delivered is charged: 0.0015 TON.',
  )
})

test('a refusal that names a time says it', () => {
  const text = textOf(
    composeAnswer(running('', { finish: 'refused', reason: 'queue-full', retryAfterSeconds: 7.2 })),
  )
  expect(text).toContain('Try again in about 8 seconds.')
})

test('an answer of nothing is a sentence', () => {
  expect(textOf(composeAnswer(running(' \n', {})))).toContain('The model had nothing to say')
})

test('the same turn gives the same messages', () => {
  const turn = running('long '.repeat(3000), { finish: 'interrupted' })
  expect(composeAnswer(turn)).toEqual(composeAnswer(structuredClone(turn)))
})

test('what a button says is read back, and fits', () => {
  const presses = [
    { action: 'stop', seq: 999_999_999_999 },
    { action: 'retry', seq: 1 },
    { action: 'ask', question: 3 },
    { action: 'delete', answer: 'yes' },
    { action: 'money', page: 'withdraw' },
    { action: 'stars', stars: 10_000 },
    { action: 'payout', source: 'earnings', amount: nano(NANO_MAX) },
    { action: 'wallet', answer: 'keep' },
  ] as const
  for (const press of presses) {
    expect(parsePress(pressData(press))).toEqual(press)
    expect(pressData(press).length).toBeLessThanOrEqual(64)
  }
  const model = `${'org/'.repeat(20)}${'m'.repeat(16)}`
  for (const tier of ['open', 'confidential'] as const) {
    const data = pressData({ action: 'use', model, tier })
    expect(data.length).toBeLessThanOrEqual(64)
    expect(parsePress(data)).toEqual({ action: 'use', model: shortHash(model), tier })
    expect(button('x', { action: 'use', model, tier })).toEqual({ text: 'x', callback_data: data })
  }
})

test.each([
  [''],
  ['retry'],
  ['retry:'],
  ['retry:-1'],
  ['retry:1e9'],
  ['ask:4'],
  ['delete:maybe'],
  ['use:../x'],
  ['money:all'],
  ['stars:0'],
  ['stars:-50'],
  ['stars:1e3'],
  ['payout:earnings'],
  ['payout:earnings-'],
  ['payout:earnings--5'],
  ['payout:earnings-1.5'],
  ['payout:float-5'],
  ['payout:earnings-9007199254740992'],
  ['wallet:take'],
  ['refund:'],
  ['é:1'],
])('a button that says %j says nothing', (data) => {
  expect(parsePress(data)).toBeUndefined()
})

test('models with similar names have different buttons', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `model-${index}`)
  expect(new Set(names.map(shortHash)).size).toBe(names.length)
})

test('a receipt without a job is none, and one without signatures claims none', () => {
  const last = { seq: 1, question: 1, userId: 1, canContinue: false }
  const words = wordsFor('en')
  expect(receiptText(words, { ...last, ending: { finish: 'stop', runnerIds: [] } })).toBeUndefined()
  const bare = receiptText(words, {
    ...last,
    jobId: 'job_1',
    model: 'm',
    ending: { finish: 'cancelled', runnerIds: [], usage: usage('0') },
  })
  expect(bare?.text).toContain('0 TON (0 nano)')
  expect(bare?.text).not.toContain('signature')
})
