import { Address } from '@ton/core'
import { expect, test } from 'vitest'
import { createSandboxChain, type SandboxChain } from '../../../local/ton/sandbox-chain.ts'
import { createHighloadV3 } from './highload-v3.ts'
import { hotWalletAddress } from './hot-wallet-address.ts'
import { readPayoutId } from './payout-body.ts'
import { PAYOUTS_MAX, type PayoutItem, type PayoutWallet } from './payout-wallet.ts'
import { readSeed } from './read-seed.ts'
import { createWalletV5 } from './wallet-v5.ts'

const SEED = new Uint8Array(32).fill(7)
const TIMEOUT_S = 300
/** The network takes no larger message from outside (config param 43). */
const EXTERNAL_BYTES_MAX = 65_535
const makers: readonly [string, () => PayoutWallet][] = [
  ['wallet v5', () => createWalletV5(SEED, '-3')],
  ['highload wallet v3', () => createHighloadV3(SEED, TIMEOUT_S)],
]

function payout(index: number, amount = 50_000_000n): PayoutItem {
  return {
    id: `po_${String(index).padStart(26, '0')}`,
    destination: new Address(0, Buffer.alloc(32, index % 250).fill(index >> 8, 0, 1)).toRawString(),
    amount,
  }
}
const payoutsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => payout(first + i))

async function setupChain(wallet: PayoutWallet, coins = 1000_000_000_000n): Promise<SandboxChain> {
  const chain = await createSandboxChain({ nowS: 1_780_000_000 })
  await chain.faucet(wallet.address, coins)
  return chain
}

function sign(wallet: PayoutWallet, chain: SandboxChain, seqno: number, items: readonly PayoutItem[]) {
  return wallet.sign({ seqno, items, nowS: chain.nowS(), lifeS: 120, deploy: seqno === 0 })
}

/** The ids of payouts that the wallet sent, as its own transactions tell them. */
async function sentBy(chain: SandboxChain, wallet: PayoutWallet): Promise<string[]> {
  const transactions = await chain.listTransactions(wallet.address, '0', 1000)
  return transactions.flatMap(({ out }) => out.flatMap(({ body }) => readPayoutId(body) ?? []))
}

test.each(makers)(
  '%s: one external message pays 254 people and is known by its hash',
  async (_name, make) => {
    const wallet = make()
    const chain = await setupChain(wallet)
    const items = payoutsFrom(1, PAYOUTS_MAX)
    const before = await chain.balance(wallet.address)
    const variant = sign(wallet, chain, 0, items)
    expect(Buffer.from(variant.boc, 'base64').length).toBeLessThan(EXTERNAL_BYTES_MAX)
    expect((await chain.deliverExternal(variant.boc)).ok).toBe(true)
    expect((await sentBy(chain, wallet)).toSorted()).toEqual(items.map(({ id }) => id))
    const externals = (await chain.listTransactions(wallet.address, '0', 10)).filter(
      (one) => one.in?.kind === 'external',
    )
    expect(externals.map((one) => one.in?.bodyHash)).toEqual([variant.bodyHash])
    const cost = before - (await chain.balance(wallet.address)) - 50_000_000n * 254n
    expect(cost).toBeLessThan(70_000_000n)
    expect(await chain.balance(payout(254).destination)).toBeGreaterThan(49_000_000n)
  },
)

test.each(makers)('%s: refuses more payouts than one message carries', async (_name, make) => {
  const wallet = make()
  const chain = await createSandboxChain({ nowS: 1_780_000_000 })
  expect(() => sign(wallet, chain, 0, payoutsFrom(1, PAYOUTS_MAX + 1))).toThrow(RangeError)
})

test.each(makers)(
  '%s: a message that ran does not run again, also not after three timeouts',
  async (_name, make) => {
    const wallet = make()
    const chain = await setupChain(wallet)
    const first = sign(wallet, chain, 0, payoutsFrom(1, 2))
    expect((await chain.deliverExternal(first.boc)).ok).toBe(true)
    for (const wait of [0, 1, TIMEOUT_S - 1, TIMEOUT_S + 1, TIMEOUT_S, TIMEOUT_S, 7 * 86_400]) {
      chain.advance(wait)
      expect((await chain.deliverExternal(first.boc)).ok).toBe(false)
      const second = sign(wallet, chain, chain.allTransactions().length, payoutsFrom(1, 1))
      await chain.deliverExternal(second.boc) // its number is not the next: a v5 refuses, a highload wallet takes it
    }
    const sent = await sentBy(chain, wallet)
    expect(sent.filter((id) => id === payout(2).id)).toHaveLength(1)
  },
)

test.each(makers)('%s: an expired message does not run', async (_name, make) => {
  const wallet = make()
  const chain = await setupChain(wallet)
  const variant = sign(wallet, chain, 0, payoutsFrom(1, 1))
  chain.setNow(variant.validUntilS + 1)
  expect((await chain.deliverExternal(variant.boc)).ok).toBe(false)
})

test.each(makers)(
  '%s: what the balance does not cover is left out, the rest is paid',
  async (_name, make) => {
    const wallet = make()
    const chain = await setupChain(wallet, 1_000_000_000n)
    const items = [payout(1, 300_000_000n), payout(2, 900_000_000n), payout(3, 300_000_000n)]
    expect((await chain.deliverExternal(sign(wallet, chain, 0, items).boc)).ok).toBe(true)
    expect(await sentBy(chain, wallet)).toEqual([payout(1).id, payout(3).id])
  },
)

test('wallet v5: of two messages with one number only the first runs', async () => {
  const wallet = createWalletV5(SEED, '-3')
  const chain = await setupChain(wallet)
  const [a, b] = [sign(wallet, chain, 0, payoutsFrom(1, 1)), sign(wallet, chain, 0, payoutsFrom(2, 1))]
  expect((await chain.deliverExternal(b.boc)).ok).toBe(true)
  expect((await chain.deliverExternal(a.boc)).ok).toBe(false)
  expect(await sentBy(chain, wallet)).toEqual([payout(2).id])
})

test('wallet v5: a note goes to the wallet itself, along with the payouts or alone', async () => {
  const wallet = createWalletV5(SEED, '-3')
  const chain = await setupChain(wallet)
  const now = { nowS: chain.nowS(), lifeS: 60 }
  const one = wallet.sign({ seqno: 0, items: payoutsFrom(1, 1), note: 'root abc', ...now, deploy: true })
  const two = wallet.sign({ seqno: 1, items: [], note: 'root def', ...now, deploy: false })
  for (const { boc } of [one, two]) expect((await chain.deliverExternal(boc)).ok).toBe(true)
  const own = (await chain.listTransactions(wallet.address, '0', 20)).filter(
    (t) => t.in?.source === wallet.address,
  )
  expect(own).toHaveLength(2)
})

test('wallet v5: a message for the main network does not run on the test network', async () => {
  const testnet = createWalletV5(SEED, '-3')
  const mainnet = createWalletV5(SEED, '-239')
  expect(mainnet.address).not.toBe(testnet.address)
  const chain = await setupChain(testnet)
  expect((await chain.deliverExternal(sign(testnet, chain, 0, payoutsFrom(1, 1)).boc)).ok).toBe(true)
  expect((await chain.deliverExternal(sign(mainnet, chain, 1, payoutsFrom(2, 1)).boc)).ok).toBe(false)
})

test('highload wallet v3: the same number signed with a fresh time is another message, and both run', async () => {
  const wallet = createHighloadV3(SEED, TIMEOUT_S)
  const chain = await setupChain(wallet)
  expect((await chain.deliverExternal(sign(wallet, chain, 0, payoutsFrom(1, 1)).boc)).ok).toBe(true)
  chain.advance(3 * TIMEOUT_S)
  expect((await chain.deliverExternal(sign(wallet, chain, 0, payoutsFrom(1, 1)).boc)).ok).toBe(true)
  expect(await sentBy(chain, wallet)).toEqual([payout(1).id, payout(1).id])
})

test('highload wallet v3: its message to itself says which number it carries out', async () => {
  const wallet = createHighloadV3(SEED, TIMEOUT_S)
  const chain = await setupChain(wallet)
  for (const seqno of [0, 1022, 1023, 1024, 70_000]) {
    await chain.deliverExternal(sign(wallet, chain, seqno, payoutsFrom(1, 1)).boc)
    const own = (await chain.listTransactions(wallet.address, '0', 99)).findLast(
      (t) => t.in?.source === wallet.address,
    )
    const body = own?.in?.body ?? ''
    expect([seqno, seqno + 1, seqno + 1024].map((one) => wallet.carriesOut(body, one))).toEqual([
      true,
      false,
      false,
    ])
  }
  expect(wallet.carriesOut('AAAA', 0)).toBe(false)
})

test('the hot wallet follows from its seed and network alone', () => {
  const hex = '07'.repeat(32)
  expect(hotWalletAddress(hex, '-3')).toBe(createWalletV5(SEED, '-3').address)
  expect(() => readSeed('07')).toThrow('TON_SEED must be 32 bytes in hex')
})
