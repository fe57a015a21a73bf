import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import type { News } from './news-store.ts'
import { createNewsTeller, type TellNewsDeps } from './tell-news.ts'

const DEPOSIT: News = {
  id: '1:ab/deposit',
  accountId: 7,
  kind: 'deposit-credited',
  amount: nano(5n),
  transactionId: '1:ab',
}
const PAYOUT: News = { ...DEPOSIT, id: 'po_1/sent', kind: 'payout-sent', transactionId: '2:cd' }

function setupDeps(overrides: Partial<TellNewsDeps> = {}) {
  const said: unknown[] = []
  const deps: TellNewsDeps = {
    announce: async ({ id, notice }) => void said.push([id, notice]),
    announceToOperator: async (id, notice) => void said.push([id, notice]),
    listNews: async () => [],
    readStatus: async () => undefined,
    explorerUrl: 'https://explorer',
    nowMs: () => 1_000_000,
    ...overrides,
  }
  return { deps, said }
}

test('each thing is told once by an instance, and a payout with its place on the chain', async () => {
  const { deps, said } = setupDeps({ listNews: async () => [DEPOSIT, PAYOUT] })
  const tell = createNewsTeller(deps)
  await tell('running')
  await tell('running')
  expect(said).toEqual([
    ['1:ab/deposit', { kind: 'deposit-credited', amount: 5n }],
    ['po_1/sent', { kind: 'payout-sent', amount: 5n, url: 'https://explorer/tx/2:cd' }],
  ])
})

test('a new instance tells the last minutes again, under the same ids', async () => {
  const asked: number[] = []
  const { deps, said } = setupDeps({
    listNews: async (sinceMs) => {
      asked.push(sinceMs)
      return [DEPOSIT]
    },
  })
  await createNewsTeller(deps)('running')
  await createNewsTeller(deps)('running')
  expect(said).toHaveLength(2)
  expect(asked).toEqual([400_000, 400_000])
})

test('the operator hears once why the wallet stopped', async () => {
  const status = {
    address: '0:00',
    state: 'halted' as const,
    reason: 'chain-gap',
    scannedAtMs: 9,
    balance: nano(0n),
    openPayouts: 0,
    openAmount: nano(0n),
    oldestOpenMs: undefined,
  }
  const { deps, said } = setupDeps({ readStatus: async () => status })
  const tell = createNewsTeller(deps)
  await tell('running')
  expect(said).toEqual([])
  await tell('halted')
  await tell('halted')
  expect(said).toEqual([['halt/chain-gap/9', { kind: 'treasury-halted', reason: 'chain-gap' }]])
})
