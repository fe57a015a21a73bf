import { expect, test } from 'vitest'
import { liveNetworkSchema } from '../../../protocol/src/miniapp/network.ts'
import { mergeSnapshots } from '../dispatch/shards.ts'
import type { LiveLink } from '../dispatch/snapshot.ts'
import type { ListedModel } from '../models/model-directory.ts'
import { FIELD_MAX, toLiveNetwork } from './live-network.ts'
import { groupAsks, STEPS_MAX } from './live-network-asks.ts'
import { createFieldKeys } from './live-network-keys.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const figures = { jobsLastMinute: 3, ownersTodayNano: 95n, jobsToday: 7 }
const keyOf = createFieldKeys('a secret of this coordinator')

function link(overrides: Partial<LiveLink> = {}): LiveLink {
  return {
    runnerId: 'run_a',
    region: 'EU',
    slots: 4,
    running: 1,
    tokensPerSecond: 60,
    ask: { input: 20_000_000, output: 60_000_000 },
    ownAsk: { input: 20_000_000, output: 60_000_000 },
    linkedAtMs: NOW_MS,
    ...overrides,
  }
}
function listed(id: string, links: readonly LiveLink[]): ListedModel {
  const sum = (of: (one: LiveLink) => number) => links.reduce((total, one) => total + of(one), 0)
  return {
    model: {
      id,
      kind: 'chat',
      manifestDigest: '',
      contextTokens: 1024,
      parameters: 1,
      dimensions: null,
      shards: 1,
      createdAt: 0,
    },
    now: {
      ...mergeSnapshots([]),
      runners: links.length,
      slots: sum(({ slots }) => slots),
      freeSlots: sum(({ slots, running }) => slots - running),
      running: sum(({ running }) => running),
      runnerIds: links.map(({ runnerId }) => runnerId),
      links,
    },
  }
}
const live = (...models: ListedModel[]) => toLiveNetwork({ listed: models, figures, keyOf, nowMs: NOW_MS })

test('the answer has the shape that the Mini App reads', () => {
  const answer = live(listed('silkworm', [link()]), listed('nobody-serves-it', []))
  expect(liveNetworkSchema.safeParse(answer).error).toBeUndefined()
  expect(answer.models.map(({ price }) => price)).toEqual([{ input: '20000000', output: '60000000' }, null])
})

test('a runner with two models is one point, as fast as its faster one and with the places of both', () => {
  const answer = live(
    listed('silkworm', [link({ tokensPerSecond: 60 })]),
    listed('minilm', [link({ tokensPerSecond: 900, running: 2, region: null })]),
  )
  expect(answer.runners).toBe(1)
  expect(answer.field).toEqual([
    {
      key: keyOf('run_a'),
      region: 'EU',
      models: ['silkworm', 'minilm'],
      tokens_per_second: 900,
      slots: 8,
      running: 3,
    },
  ])
})

test('runners that serve a group, or their owner alone, are nowhere in the answer', () => {
  const others = [link({ runnerId: 'run_private', region: 'OC', ask: { input: 7, output: 7 } })]
  const model = listed('m', [link()])
  const answer = live({
    ...model,
    now: {
      ...model.now,
      privateLinks: others,
      privateRunnerIds: ['run_private'],
      runnerIds: ['run_a', 'run_private'],
    },
  })
  expect(answer).toEqual(live(model))
})

test('nothing in the answer names a runner', () => {
  const text = JSON.stringify(live(listed('silkworm', [link(), link({ runnerId: 'run_b' })])))
  expect(text).not.toContain('run_')
})

test('the field shows a bounded number of runners, the same ones each time, and all are counted', () => {
  const many = Array.from({ length: FIELD_MAX + 50 }, (_, at) => link({ runnerId: `run_${at}` }))
  const [one, other] = [live(listed('m', many)), live(listed('m', many.toReversed()))]
  expect(one.field).toHaveLength(FIELD_MAX)
  expect(other.field.map(({ key }) => key)).toEqual(one.field.map(({ key }) => key))
  expect(one.runners).toBe(FIELD_MAX + 50)
})

test('runners that a model does not show one by one are counted all the same', () => {
  const model = listed('m', [link()])
  expect(live({ ...model, now: { ...model.now, runners: 1200 } }).runners).toBe(1200)
})

test('equal asks are one step, and the step that is chosen first comes first', () => {
  const ask = (input: number, output: number) => ({ ask: { input, output } })
  const steps = groupAsks([
    link({ ...ask(10, 90), tokensPerSecond: 10 }),
    link(ask(10, 40)),
    link({ ...ask(10, 90), slots: 2, running: 2, tokensPerSecond: 31 }),
    link(ask(100, 20)),
  ])
  expect(steps).toEqual([
    { input: 10, output: 40, runners: 1, slots: 4, freeSlots: 3, tokensPerSecond: 60 },
    { input: 100, output: 20, runners: 1, slots: 4, freeSlots: 3, tokensPerSecond: 60 },
    { input: 10, output: 90, runners: 2, slots: 6, freeSlots: 3, tokensPerSecond: 21 },
  ])
})

test('an endless order book has an end, and keeps its cheap side', () => {
  const links = Array.from({ length: STEPS_MAX + 5 }, (_, at) =>
    link({ ask: { input: 1, output: 100 - at } }),
  )
  const steps = groupAsks(links)
  expect(steps).toHaveLength(STEPS_MAX)
  expect(steps[0]?.output).toBe(100 - (STEPS_MAX + 4))
})

test("a field's key is the same at every isolate, differs between runners, and needs the secret", () => {
  const again = createFieldKeys('a secret of this coordinator')
  expect(again('run_a')).toBe(keyOf('run_a'))
  expect(keyOf('run_a')).toBe(keyOf('run_a'))
  expect(keyOf('run_b')).not.toBe(keyOf('run_a'))
  expect(createFieldKeys('another')('run_a')).not.toBe(keyOf('run_a'))
  expect(createFieldKeys(undefined)('run_a')).not.toBe(createFieldKeys(undefined)('run_a'))
  expect(keyOf('run_a')).toMatch(/^[\w-]{12}$/)
})
