import { expect, test } from 'vitest'
import { X_WING } from '../sealed/suite-x-wing.ts'
import { X25519 } from '../sealed/suite-x25519.ts'
import { askFake, askOf } from './ask-fixture.ts'
import { setupFakeNetwork } from './fake-network-fixture.ts'
import { MODEL, PIECES, PROMPT_TOKENS } from './fake-runner-fixture.ts'
import type { ReadFrame } from './relay-frame.ts'

const WHOLE = PIECES.join('')

test.each([
  ['confidential', X25519],
  ['confidential', X_WING],
  ['own', X25519],
  ['own', X_WING],
] as const)(
  'tier %s: a question is sealed, answered, opened and proved by a receipt',
  async (tier, suite) => {
    const { text, end, orders, frames } = await askFake({ tier, trust: { suite } })
    expect(text).toBe(WHOLE)
    expect(end).toMatchObject({
      finish: 'stop',
      usage: { promptTokens: PROMPT_TOKENS, completionTokens: PIECES.length, costNano: '1' },
      receipts: [{ version: 2, completionTokens: PIECES.length }],
    })
    expect(frames[0]).toMatchObject({ type: 'job', model: MODEL.id })
    expect(JSON.stringify(orders)).not.toContain('silk')
  },
)

test('a runner that is lost in the middle is gone on from, and the text is whole exactly once', async () => {
  const { text, end, tickets, runners, frames } = await askFake({
    runners: [{ diesAfter: 3 }, { diesAfter: 3 }, { diesAfter: 3 }, {}],
    // Each part is sealed to the first runner that did not fail yet.
    random: () => 0,
  })
  expect(text).toBe(WHOLE)
  expect(frames.filter(({ type }) => type === 'job')).toHaveLength(1)
  expect(tickets.map(({ key }) => key.split('/')[1])).toEqual(['0', '1', '2'])
  expect(tickets.at(-1)?.deliveredTokens).toBe(4)
  expect(runners.map(({ opened }) => opened.map(({ delivered }) => delivered?.text))).toEqual([
    [undefined],
    ['Silk is '],
    ['Silk is spun from '],
    [],
  ])
  expect(end).toMatchObject({ finish: 'stop', receipts: [{ completionTokens: 1 }] })
})

test('when nobody is left, what was there stays and the reason is told', async () => {
  const { text, end } = await askFake({ runners: [{ diesAfter: 3 }] })
  expect(text).toBe('Silk is ')
  expect(end).toEqual({
    type: 'end',
    finish: 'failed',
    reason: 'runner-lost',
    usage: { promptTokens: 0, completionTokens: 0, costNano: '0' },
    receipts: [],
  })
})

test('an answer is sealed to four groups at most', async () => {
  const { tickets, end } = await askFake({ runners: Array(9).fill({ diesAfter: 1 }), random: () => 0 })
  expect(tickets).toHaveLength(4)
  expect(end).toMatchObject({ finish: 'failed', reason: 'runner-lost' })
})

test('half a tool call is not gone on with: it would be called twice', async () => {
  const pieces = [{ toolCalls: [{ index: 0, function: { name: 'weather' } }] }, { text: 'x' }]
  const { tickets, end } = await askFake({ runners: [{ pieces, diesAfter: 2 }, {}], random: () => 0 })
  expect(tickets).toHaveLength(1)
  expect(end).toMatchObject({ finish: 'failed', reason: 'runner-lost' })
})

test('the limit of tokens holds across runners', async () => {
  const plan = { runners: [{ diesAfter: 3 }, {}], random: () => 0 }
  const { text, end, tickets } = await askFake(plan, { ask: { params: { maxTokens: 2 } } })
  expect({ text, parts: tickets.length }).toEqual({ text: 'Silk is ', parts: 1 })
  expect(end).toMatchObject({ finish: 'length' })
})

test('a request is sealed again once when keys changed meanwhile, and no more', async () => {
  const { tickets, end, text } = await askFake({ runners: [{ hasForgotten: true }] })
  expect(tickets).toHaveLength(2)
  expect(text).toBe('')
  expect(end).toMatchObject({ finish: 'failed', reason: 'key-epoch' })
})

test('a stream that breaks is opened again by the same key, and no text comes twice', async () => {
  const cuts = [2, 4, 5, undefined]
  const { text, end, orders, tickets } = await askFake({
    attack: { cut: (opening) => cuts[opening] },
  })
  expect(text).toBe(WHOLE)
  expect(end).toMatchObject({ finish: 'stop' })
  expect(tickets).toHaveLength(1)
  expect(new Set(orders.map(({ key }) => key)).size).toBe(1)
  expect(orders).toHaveLength(4)
})

test('a stream that breaks too often leaves the tickets, and the answer can be read from them again', async () => {
  const state = { isDown: true }
  const setup = await setupFakeNetwork({
    attack: { cut: () => (state.isDown ? 3 : undefined) },
    reopens: 2,
  })
  const tickets: Awaited<ReturnType<typeof askOf>>['tickets'][number][] = []
  const broken = askOf(setup, { order: { onTicket: (ticket) => void tickets.push(ticket) } })
  await expect(broken).rejects.toThrow(expect.objectContaining({ name: 'SealedStreamBroken' }))
  state.isDown = false
  const kept = JSON.parse(JSON.stringify(tickets)) as typeof tickets
  const { text, end } = await askOf(setup, { order: { tickets: kept } })
  expect(text).toBe(WHOLE)
  expect(end).toMatchObject({ finish: 'stop' })
})

test('two answers are never sewn together, also where each is right by itself', async () => {
  const other = PIECES.map((text) => ({ text: text.toUpperCase() }))
  const jobs = new Map<string, number>()
  const setup = await setupFakeNetwork({
    runners: [{}, { pieces: other }],
    attack: {
      frames: (frames) =>
        frames.map((frame) => (frame.type === 'job' ? { ...frame, jobId: 'job_same' } : frame)),
      cut: (opening) => (opening === 0 ? 4 : undefined),
    },
  })
  // The same sealed request is given to the second runner when the stream is opened again.
  const open: typeof setup.network.open = (order, signal) => {
    const opening = jobs.get(order.key) ?? 0
    jobs.set(order.key, opening + 1)
    const header = order.envelope.header
    expect(header).toContain(setup.runners[1]?.row.runner_id)
    return setup.network.open({ ...order, key: `${order.key}#${opening}` }, signal)
  }
  const { text, faults } = await askOf({
    ...setup,
    deps: { ...setup.deps, network: { ...setup.network, open } },
  })
  expect(faults).toEqual(['two-answers'])
  expect([
    PIECES.slice(0, 2).join(''),
    other
      .slice(0, 2)
      .map((one) => one.text)
      .join(''),
  ]).toContain(text)
  expect(setup.runners.map(({ opened }) => opened.length)).toEqual([1, 1])
})

test('what is said of a job that was lost meanwhile lets others go on from what was read', async () => {
  const { text, tickets } = await askFake({
    runners: [{}, {}],
    attack: {
      cut: (opening) => (opening === 0 ? 4 : undefined),
      open: (_, opening) => (opening === 1 ? { ok: false, reason: 'idempotency-ended' } : undefined),
    },
  })
  expect(text).toBe(WHOLE)
  expect(tickets).toHaveLength(2)
})

test('a network that is not there is asked again a few times, then the stream counts as broken', async () => {
  let asked = 0
  const open = () => {
    asked += 1
    return { ok: false, reason: 'unreachable' } as const
  }
  await expect(askFake({ attack: { open }, reopens: 2 })).rejects.toThrow(
    expect.objectContaining({ name: 'SealedStreamBroken' }),
  )
  expect(asked).toBe(3)
})

test('what the coordinator refuses before any job is a refusal, with its reason', async () => {
  const open = () => ({ ok: false, reason: 'insufficient-funds' }) as const
  const { end, frames } = await askFake({ attack: { open } })
  expect(frames).toEqual([{ type: 'refused', reason: 'insufficient-funds' }])
  expect(end?.type).toBe('refused')
})

test('who stops asking ends the reading at once', async () => {
  const controller = new AbortController()
  const setup = await setupFakeNetwork({ attack: { cut: () => 3 }, reopens: 50 })
  const deps = { ...setup.deps, sleep: async () => controller.abort() }
  const asked = askOf({ ...setup, deps }, { order: { signal: controller.signal } })
  await expect(asked).rejects.toThrow(expect.objectContaining({ name: 'SealedStreamBroken' }))
  expect(setup.orders).toHaveLength(1)
})

test('what is no frame, and amounts that are none, break the stream and nothing else', async () => {
  for (const costNano of ['abc', '-5', '9'.repeat(20)]) {
    const frames = (all: readonly ReadFrame[]) =>
      all.map((frame) => (frame.type === 'end' ? { ...frame, usage: { ...frame.usage, costNano } } : frame))
    await expect(askFake({ attack: { frames }, reopens: 1 })).rejects.toThrow(
      expect.objectContaining({ name: 'SealedStreamBroken' }),
    )
  }
})
