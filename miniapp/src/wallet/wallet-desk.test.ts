import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { createWalletDesk } from './wallet-desk.ts'
import type { TopUpOutcome, TopUpStep, WalletStory } from './wallet-story.ts'

/** A desk whose top-up goes on when a test says so. */
function setup(overrides: Partial<WalletStory> = {}) {
  const asked: string[] = []
  let report: (step: TopUpStep) => void = () => undefined
  let end: (outcome: TopUpOutcome) => void = () => undefined
  const story: WalletStory = {
    connect: async () => ({ ok: true, isNew: true }),
    keepOld: async () => ({ ok: true }),
    topUp: (amount, signal, onStep) => {
      asked.push(`top up ${amount}`)
      report = onStep
      return new Promise((resolve) => {
        end = resolve
        signal.addEventListener('abort', () => resolve({ ok: false, reason: 'left' }))
      })
    },
    takeOut: async () => ({ ok: true, payoutId: 'po_1' }),
    ...overrides,
  }
  const desk = createWalletDesk(story)
  return {
    desk,
    asked,
    report: (step: TopUpStep) => report(step),
    end: (outcome: TopUpOutcome) => end(outcome),
  }
}

test('a top-up goes on while nobody looks, and its step is there when somebody does', async () => {
  const { desk, report, end } = setup()
  let changes = 0
  const leavePage = desk.subscribe(() => changes++)
  const run = desk.topUp(nano(5n))
  leavePage()
  report('sent')
  expect(changes).toBe(1)
  expect(desk.state().topUp).toEqual({ state: 'running', step: 'sent', amount: 5n })
  end({ ok: true, credited: nano(4n) })
  await run
  expect(desk.state().topUp).toEqual({ state: 'credited', amount: 4n })
})

test('one talk with the wallet at a time', async () => {
  const { desk, asked, end } = setup({ connect: async () => expect.unreachable() })
  const run = desk.topUp(nano(5n))
  await desk.topUp(nano(6n))
  await desk.connect()
  expect(asked).toEqual(['top up 5'])
  end({ ok: true, credited: 'late' })
  await run
  expect(desk.state().topUp).toEqual({ state: 'late', amount: 5n })
})

test('there is a way out of a wallet that never answers, and a new try after it', async () => {
  const { desk, asked } = setup()
  const run = desk.topUp(nano(5n))
  desk.leave()
  await run
  expect(desk.state().topUp).toEqual({ state: 'failed', reason: 'left', amount: 5n })
  void desk.topUp(nano(5n))
  expect(asked).toHaveLength(2)
  expect(desk.state().topUp.state).toBe('running')
})

test('what has ended is put away; what runs stays, and a payout that was ordered', async () => {
  const { desk } = setup()
  await desk.connect()
  await desk.takeOut({ source: 'balance', amount: nano(1n) })
  expect(desk.state()).toMatchObject({
    binding: { state: 'done', isNew: true },
    order: { state: 'done', payoutId: 'po_1' },
  })
  void desk.topUp(nano(5n))
  desk.clear()
  expect(desk.state()).toMatchObject({
    topUp: { state: 'running' },
    binding: { state: 'idle' },
    order: { state: 'done' },
  })
})

test('refusals keep their reasons', async () => {
  const refusal = async () => ({ ok: false as const, reason: 'wallet_taken' })
  const { desk } = setup({ connect: refusal, keepOld: refusal, takeOut: refusal })
  await desk.connect()
  await desk.takeOut({ source: 'balance', amount: nano(1n) })
  const failed = { state: 'failed', reason: 'wallet_taken' }
  expect(desk.state()).toMatchObject({ binding: failed, order: failed })
})
