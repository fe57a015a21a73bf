import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import type { Movement, WalletFacts } from './money.ts'
import type { Wallet, WalletPayment, WalletProof } from './ton-connect.ts'
import type { WalletApi } from './wallet-api.ts'
import { createWalletStory, type TopUpStep, type WalletStoryDeps } from './wallet-story.ts'

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
  accruedByMs: undefined,
  wallet: undefined,
  deposit: {
    network: '-3',
    address: 'kQhot',
    comment: 'sharnaqa:7',
    body: 'te6body',
    minimum: nano(1n),
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
  let keysMade = 0
  const wallet: Wallet = {
    address: () => '0:aa',
    connect: async () => ({ ok: true, proof: PROOF }),
    pay: async (payment) => {
      seen.paid.push(payment)
      return { ok: true, boc: 'te6boc' }
    },
    ...overrides.wallet,
  }
  const api: WalletApi = {
    readFacts: async () => ({ ok: true, value: FACTS }),
    readDeposits: async () => [ARRIVED],
    hurry: async () => undefined,
    isSeen: async () => false,
    readStatement: async () => ({ ok: true, value: { lines: [], next: undefined } }),
    askNonce: async () => ({ ok: true, value: 'nonce-1' }),
    bind: async (proof) => {
      seen.bound.push(proof)
      return { ok: true, value: { address: 'kQaa', next: undefined } }
    },
    keepOld: async () => ({ ok: true, value: undefined }),
    orderPayout: async (_order, key) => {
      seen.keys.push(key)
      return { ok: true, value: 'po_1' }
    },
    ...overrides.api,
  }
  const story = createWalletStory({
    api,
    facts: () => FACTS,
    openWallet: async () => wallet,
    refresh: async () => {
      seen.refreshes += 1
    },
    sleep: async () => undefined,
    newKey: () => `key-${++keysMade}`,
    ...overrides.deps,
  })
  return { story, seen }
}

const waits = () => new AbortController().signal
const unheard = () => expect.unreachable()

test('a top-up pays the hot wallet with the account in the body, and says what arrived, not what was asked', async () => {
  let looks = 0
  const { story, seen } = setup({
    api: {
      readDeposits: async () => (++looks > 1 ? [ARRIVED] : []),
      isSeen: async (boc) => boc === 'te6boc',
    },
  })
  const steps: TopUpStep[] = []
  expect(await story.topUp(nano(1000n), waits(), (step) => steps.push(step))).toEqual({
    ok: true,
    credited: 990n,
  })
  expect(seen.paid).toEqual([{ address: 'kQhot', body: 'te6body', amountNano: '1000' }])
  expect(steps).toEqual(['sign', 'sent', 'seen'])
  expect(seen.bound).toEqual([])
})

test('a browser without a wallet connects one first, and shows whose it is', async () => {
  const { story, seen } = setup({ wallet: { address: () => undefined } })
  const steps: TopUpStep[] = []
  await story.topUp(nano(1000n), waits(), (step) => steps.push(step))
  expect(seen.bound).toEqual([PROOF])
  expect(seen.paid.length).toBe(1)
  expect(steps).toEqual(['connect', 'sign', 'sent'])
})

test.each(['rejected', 'left', 'wallet-silent', 'wrong-network'] as const)(
  'a wallet that ends with "%s" sends nothing, and the page learns why',
  async (reason) => {
    const { story } = setup({ wallet: { pay: async () => ({ ok: false, reason }) } })
    const steps: TopUpStep[] = []
    expect(await story.topUp(nano(1n), waits(), (step) => steps.push(step))).toEqual({ ok: false, reason })
    expect(steps).toEqual(['sign'])
  },
)

test('a wallet of another network is not bound', async () => {
  const { story, seen } = setup({
    wallet: { connect: async () => ({ ok: false, reason: 'wrong-network' }) },
  })
  expect(await story.connect(waits())).toEqual({ ok: false, reason: 'wrong-network' })
  expect(seen.bound).toEqual([])
})

test('the first wallet counts at once, another one in a day', async () => {
  expect(await setup().story.connect(waits())).toEqual({ ok: true, isNew: true })
  const change = setup({
    api: {
      bind: async () => ({ ok: true, value: { address: 'kQaa', next: { address: 'kQbb', fromMs: 5 } } }),
    },
  })
  expect(await change.story.connect(waits())).toEqual({ ok: true, isNew: false })
})

test("the coordinator's own reason is handed on, for the page to say it in the person's language", async () => {
  const { story } = setup({
    api: { bind: async () => ({ ok: false, reason: 'wallet_taken', sentence: 'It belongs to another.' }) },
  })
  expect(await story.connect(waits())).toEqual({ ok: false, reason: 'wallet_taken' })
})

test('who stopped waiting before the wallet was asked does not see it open', async () => {
  const stop = new AbortController()
  const { story, seen } = setup({
    api: {
      askNonce: async () => {
        stop.abort()
        return { ok: true, value: 'nonce-1' }
      },
    },
    wallet: { connect: async () => expect.unreachable() },
  })
  expect(await story.connect(stop.signal)).toEqual({ ok: false, reason: 'closed' })
  expect(seen.bound).toEqual([])
})

test('wallet code that cannot be loaded is said, and nothing is sent', async () => {
  const { story, seen } = setup({ deps: { openWallet: async () => Promise.reject(new Error('offline')) } })
  expect(await story.topUp(nano(1n), waits(), unheard)).toEqual({ ok: false, reason: 'unreachable' })
  expect(seen.paid).toEqual([])
})

test('each payout is ordered under a key of its own, and the page looks again', async () => {
  const { story, seen } = setup()
  const order = { source: 'earnings', amount: nano(30n) } as const
  expect(await story.takeOut(order)).toEqual({ ok: true, payoutId: 'po_1' })
  await story.takeOut(order)
  expect(seen).toMatchObject({ keys: ['key-1', 'key-2'], refreshes: 2 })
})

test('an order whose answer was lost is repeated under the same key, another one is not', async () => {
  const keys: string[] = []
  const { story } = setup({
    api: {
      orderPayout: async (_order, key) => {
        keys.push(key)
        return { ok: false, reason: 'unreachable', sentence: undefined }
      },
    },
  })
  const order = { source: 'earnings', amount: nano(30n) } as const
  await story.takeOut(order)
  await story.takeOut(order)
  await story.takeOut({ ...order, amount: nano(31n) })
  expect(keys).toEqual(['key-1', 'key-1', 'key-2'])
})
