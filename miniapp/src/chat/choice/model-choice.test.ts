import { expect, test } from 'vitest'
import type { ChoicesJson } from '../../../../protocol/src/miniapp/choices.ts'
import { isSealedChoice, pickChoice, toChoices } from './model-choice.ts'
import { keepChoice, readChoice } from './remembered-choice.ts'

const tier = (name: 'open' | 'own' | 'confidential', freeSlots = 1) => ({
  tier: name,
  runners: 1,
  free_slots: freeSlots,
  wait_seconds: 0,
  tokens_per_second: 10,
  price: { input: '2', output: name === 'own' ? '0' : '6' },
})
const model = (id: string, parameters: number, tiers: ChoicesJson['data'][number]['tiers']) => ({
  model: id,
  kind: 'chat' as const,
  context_tokens: 1024,
  parameters,
  tiers,
})
const CHOICES = toChoices({
  data: [
    model('small', 60, [tier('open')]),
    model('large', 8000, [tier('open', 0), tier('own')]),
    { ...model('search', 20, [tier('open')]), kind: 'embedding' },
  ],
})

test('only what can answer here is offered: the more private first, the larger before the smaller', () => {
  expect(CHOICES.map((one) => [one.model, one.tier])).toEqual([
    ['large', 'own'],
    ['large', 'open'],
    ['small', 'open'],
  ])
})

test('confidential stands between one’s own and open, and is chosen by nobody but the person', () => {
  const choices = toChoices({
    data: [model('large', 8000, [tier('open'), tier('confidential'), tier('own')])],
  })
  expect(choices.map((one) => one.tier)).toEqual(['own', 'confidential', 'open'])
  const others = choices.filter((one) => one.tier !== 'own')
  expect(pickChoice(others, undefined)?.choice.tier).toBe('open')
  const chosen = { model: 'large', tier: 'confidential' } as const
  expect(pickChoice(choices, chosen)?.served?.tier).toBe('confidential')
})

test('a confidential question is always sealed, one for one’s own GPU once a machine is confirmed', () => {
  expect(isSealedChoice('confidential', new Set())).toBe(true)
  expect(isSealedChoice('own', new Set())).toBe(false)
  expect(isSealedChoice('own', new Set(['run_a']))).toBe(true)
  expect(isSealedChoice('open', new Set(['run_a']))).toBe(false)
})

test('what was chosen stays chosen, also when nobody serves it: nothing is lowered behind somebody’s back', () => {
  const own = { model: 'small', tier: 'own' } as const
  expect(pickChoice(CHOICES, own)).toEqual({ choice: own, served: undefined })
  expect(pickChoice([], { model: 'large', tier: 'own' })?.choice).toEqual({ model: 'large', tier: 'own' })
})

test('who chose nothing yet gets an own GPU, or else the largest with a place free', () => {
  expect(pickChoice(CHOICES, undefined)?.choice).toEqual({ model: 'large', tier: 'own' })
  const open = CHOICES.filter((one) => one.tier === 'open')
  expect(pickChoice(open, undefined)?.choice).toEqual({ model: 'small', tier: 'open' })
  expect(pickChoice([], undefined)).toBeUndefined()
})

test('a choice is remembered, and nonsense under its name is not one', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  }
  expect(readChoice(storage)).toBeUndefined()
  keepChoice(storage, { model: 'large', tier: 'own' })
  expect(readChoice(storage)).toEqual({ model: 'large', tier: 'own' })
  for (const nonsense of ['{', '[]', '{"model":"x","tier":"secret"}', '{"tier":"open"}']) {
    expect(readChoice({ getItem: () => nonsense }), nonsense).toBeUndefined()
  }
})

test('a browser that keeps nothing forgets a choice, and nothing breaks', () => {
  const refuse = () => {
    throw new Error('denied')
  }
  expect(readChoice({ getItem: refuse })).toBeUndefined()
  expect(() => keepChoice({ setItem: refuse }, { model: 'm', tier: 'open' })).not.toThrow()
})
