import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import type { Movement, WalletFacts } from './money.ts'
import type { Wallet, WalletPayment, WalletProof } from './ton-connect.ts'
import type { WalletApi } from './wallet-api.ts'
import { createWalletActions, type WalletStoryDeps } from './wallet-story.ts'
import { en } from './words/en.ts'

const PROOF: WalletProof = {
  address: '0:aa',
  network: '-3',
  stateInit: 'te6=',
  proof: {
    timestamp: 1,
    domain: { lengthBytes: 3, value: 'net' },
    payload: 'nonce-1',
    signature: 'c2ln',
  },
}
const ARRIVED: Movement = {
  id: '7:ab',
  direction: 'in',
  state: 'credited',
  amount: nano(990n),
  atMs: 1,
  transactionId: '7:ab',
}
const FACTS: WalletFacts = {
  account: 7,
  money: {
    available: nano(1n),
    held: nano(0n),
    withdrawable: nano(0n),
    accruing: nano(0n),
    payable: nano(0n),
  },
  wallet: undefined,
  deposit: {
    network: '-3',
    address: 'kQhot',
    comment: 'sharnaqa:7',
    body: 'te6body',
    explorer: undefined,
    walletsListSource: undefined,
    walletScript: undefined,
  },
  terms: { minimum: nano(20n), fee: nano(5n), automaticFrom: nano(100n) },
  frozen: false,
  movements: [],
}

function setup(
  overrides: { wallet?: Partial<Wallet>; api?: Partial<WalletApi>; deps?: Partial<WalletStoryDeps> } = {},
) {
  const seen = {
    paid: [] as WalletPayment[],
    bound: [] as WalletProof[],
    keys: [] as string[],
    refreshes: 0,
  }
  const wallet: Wallet = {
    address: () => '0:aa',
    connect: async () => ({ ok: true, proof: PROOF }),
    pay: async (payment) => {
      seen.paid.push(payment)
      return { ok: true }
    },
    ...overrides.wallet,
  }
  const api: WalletApi = {
    readFacts: async () => ({ ok: true, value: FACTS }),
    readMovements: async () => [ARRIVED],
    askNonce: async () => ({ ok: true, value: 'nonce-1' }),
    bind: async (proof) => {
      seen.bound.push(proof)
      return { ok: true, value: { address: 'kQaa', next: undefined } }
    },
    keepOld: async () => ({ ok: true, value: undefined }),
    orderPayout: async (_order, key) => {
      seen.keys.push(key)
      return { ok: true, value: {} }
    },
    ...overrides.api,
  }
  const actions = createWalletActions({
    api,
    words: en,
    facts: () => FACTS,
    openWallet: async () => wallet,
    refresh: async () => {
      seen.refreshes += 1
    },
    sleep: async () => undefined,
    newKey: () => 'key-1',
    ...overrides.deps,
  })
  return { actions, seen }
}

test('a top-up pays the hot wallet with the account in the body, and says what arrived, not what was asked', async () => {
  const { actions, seen } = setup()
  let signed = 0
  expect(await actions.topUp(nano(1000n), () => signed++)).toEqual({ ok: true, credited: 990n })
  expect(seen.paid).toEqual([{ address: 'kQhot', body: 'te6body', amountNano: '1000' }])
  expect(signed).toBe(1)
  expect(seen.bound).toEqual([])
})

test('a browser without a wallet connects one first, and shows whose it is', async () => {
  const { actions, seen } = setup({ wallet: { address: () => undefined } })
  await actions.topUp(nano(1000n), () => undefined)
  expect(seen.bound).toEqual([PROOF])
  expect(seen.paid.length).toBe(1)
})

test('a wallet that says no sends nothing, and the page says so', async () => {
  const { actions } = setup({ wallet: { pay: async () => ({ ok: false, reason: 'rejected' }) } })
  expect(await actions.topUp(nano(1n), () => expect.unreachable())).toEqual({
    ok: false,
    sentence: en['fail-rejected'],
  })
})

test('a wallet of another network is not bound', async () => {
  const { actions, seen } = setup({
    wallet: { connect: async () => ({ ok: false, reason: 'wrong-network' }) },
  })
  expect(await actions.connect()).toEqual({ ok: false, sentence: en['fail-wrong-network'] })
  expect(seen.bound).toEqual([])
})

test('the first wallet counts at once, another one in a day', async () => {
  expect(await setup().actions.connect()).toEqual({ ok: true, isNew: true })
  const change = setup({
    api: {
      bind: async () => ({ ok: true, value: { address: 'kQaa', next: { address: 'kQbb', fromMs: 5 } } }),
    },
  })
  expect(await change.actions.connect()).toEqual({ ok: true, isNew: false })
})

test("the coordinator's own sentence is shown where it has one", async () => {
  const { actions } = setup({
    api: { bind: async () => ({ ok: false, reason: 'wallet_taken', sentence: 'It belongs to another.' }) },
  })
  expect(await actions.connect()).toEqual({ ok: false, sentence: 'It belongs to another.' })
})

test('wallet code that cannot be loaded is a sentence, and nothing is sent', async () => {
  const { actions, seen } = setup({ deps: { openWallet: async () => Promise.reject(new Error('offline')) } })
  expect(await actions.topUp(nano(1n), () => expect.unreachable())).toEqual({
    ok: false,
    sentence: en['fail-unreachable'],
  })
  expect(seen.paid).toEqual([])
})

test('each payout is ordered under a key of its own, and the page looks again', async () => {
  const { actions, seen } = setup()
  expect(await actions.takeOut({ source: 'earnings', amount: nano(30n) })).toEqual({ ok: true })
  expect(seen).toMatchObject({ keys: ['key-1'], refreshes: 1 })
})
