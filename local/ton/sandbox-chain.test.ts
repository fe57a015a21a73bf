import { comment, toNano } from '@ton/core'
import { expect, test } from 'vitest'
import { createSandboxChain, FAUCET, NO_HASH, type SandboxChain, STANDING_CLOCK_S } from './sandbox-chain.ts'
import { addressOf, balanceByTransactions, createTestWallet } from './test-ton.ts'

const LATER_S = STANDING_CLOCK_S + 300
const wallet = createTestWallet()

async function setupFunded(amount = toNano(100)): Promise<SandboxChain> {
  const chain = await createSandboxChain()
  await chain.faucet(wallet.address, amount)
  return chain
}

async function assertNoCoinLost(chain: SandboxChain): Promise<void> {
  const { minted, balances, fees } = await chain.supply()
  expect(balances + fees).toBe(minted)
}

const pay = (number: number, value = toNano('0.05'), text = `payout:${number}`) => ({
  to: addressOf(number),
  value,
  text,
})

test('254 payouts in one message cost what was measured on the network of June 2026', async () => {
  const chain = await setupFunded()
  const before = await chain.balance(wallet.address)
  const payouts = Array.from({ length: 254 }, (_, index) =>
    pay(index, toNano('0.05'), `payout:01J${String(index).padStart(20, '0')}`),
  )
  await chain.send(wallet.sign(0, payouts, LATER_S))
  const fees = before - (await chain.balance(wallet.address)) - 254n * toNano('0.05')
  expect(fees).toBeGreaterThan(toNano('0.0455'))
  expect(fees).toBeLessThan(toNano('0.0457'))
  expect(fees / 254n).toBeLessThan(toNano('0.0003'))
  const [, sent] = await chain.listTransactions(wallet.address, '0', 10)
  expect(sent?.out).toHaveLength(254)
  expect(sent?.in?.kind).toBe('external')
  await assertNoCoinLost(chain)
}, 60_000)

test("an account's balance is the sum of its transactions to the nano, bounces and a year of storage included", async () => {
  const chain = await setupFunded()
  await chain.send(wallet.sign(0, [pay(1), pay(2)], LATER_S))
  const bouncing = { to: addressOf(3), value: toNano(1), bounce: true }
  await chain.send(wallet.sign(1, [bouncing], LATER_S))
  const [bounce] = (await chain.listTransactions(wallet.address, '0', 100)).slice(-1)
  expect(bounce?.in).toMatchObject({ kind: 'internal', bounced: true, source: addressOf(3).toRawString() })
  chain.advance(365 * 24 * 3600)
  await chain.faucet(wallet.address, 1n, comment('dust'))
  expect(await balanceByTransactions(chain, wallet.address)).toBe(await chain.balance(wallet.address))
  await assertNoCoinLost(chain)
})

test('each transaction names the one before it, and paging by lt gives them all once', async () => {
  const chain = await setupFunded()
  for (let seqno = 0; seqno < 5; seqno += 1) await chain.send(wallet.sign(seqno, [pay(seqno)], LATER_S))
  const whole = await chain.listTransactions(wallet.address, '0', 100)
  expect(whole).toHaveLength(6)
  expect(whole[0]).toMatchObject({ prevLt: '0', prevHash: NO_HASH })
  for (const [index, { prevLt, prevHash }] of whole.entries()) {
    if (index > 0) expect([prevLt, prevHash]).toEqual([whole[index - 1]?.lt, whole[index - 1]?.hash])
  }
  const paged = []
  let afterLt = '0'
  for (let round = 0; round < 10; round += 1) {
    const page = await chain.listTransactions(wallet.address, afterLt, 4)
    if (!page.length) break
    paged.push(...page)
    afterLt = page.at(-1)?.lt ?? afterLt
  }
  expect(paged).toEqual(whole)
  expect(await chain.readAccount(wallet.address)).toMatchObject({
    lastLt: whole.at(-1)?.lt,
    lastHash: whole.at(-1)?.hash,
    seqno: 5,
    isActive: true,
  })
})

test('an account that nobody used is empty and has no transactions', async () => {
  const chain = await createSandboxChain()
  const nobody = addressOf(404).toRawString()
  expect(await chain.readAccount(nobody)).toEqual({
    balance: 0n,
    isActive: false,
    lastLt: '0',
    lastHash: NO_HASH,
    seqno: 0,
  })
  expect(await chain.listTransactions(nobody, '0', 10)).toEqual([])
  expect(await chain.runGetMethod(nobody, 'seqno')).toEqual({ exitCode: -13, numbers: [] })
})

test('a deposit to a wallet without its contract is kept although its transaction is aborted', async () => {
  const chain = await setupFunded(toNano(3))
  const [deposit] = await chain.listTransactions(wallet.address, '0', 10)
  expect(deposit).toMatchObject({ aborted: true, out: [], in: { source: FAUCET, value: toNano(3) } })
  expect(await chain.balance(wallet.address)).toBe(toNano(3))
})

test('the same message sent again is refused, whatever else happened, and moves nothing', async () => {
  const chain = await setupFunded()
  const boc = wallet.sign(0, [pay(1)], LATER_S)
  await chain.send(boc)
  const before = await chain.supply()
  await expect(chain.send(boc)).rejects.toThrow('exitcode=133')
  expect(await chain.deliverExternal(boc)).toMatchObject({ ok: false, reason: 'not-accepted', exitCode: 133 })
  expect(await chain.balance(addressOf(1).toRawString())).toBe(toNano('0.05'))
  expect(await chain.supply()).toEqual(before)
})

test('a message past its time is refused, one second before it is taken', async () => {
  const chain = await setupFunded()
  const first = wallet.sign(0, [pay(1)], LATER_S)
  const second = wallet.sign(1, [pay(2)], LATER_S)
  chain.setNow(LATER_S - 1)
  expect(await chain.deliverExternal(first)).toMatchObject({ ok: true })
  chain.advance(1)
  expect(await chain.deliverExternal(second)).toMatchObject({ ok: false, reason: 'not-accepted' })
})

test('a message to a contract that is not there, and bytes that are no message, are refused', async () => {
  const chain = await createSandboxChain()
  expect(await chain.deliverExternal(wallet.sign(1, [pay(1)], LATER_S))).toMatchObject({ ok: false })
  for (const boc of ['', 'AAAA', 'not base64!', Buffer.from('te6ccgEBAQEAAgAAAA==').toString('base64')]) {
    expect(await chain.deliverExternal(boc)).toEqual({ ok: false, reason: 'bad-boc' })
  }
  expect(chain.allTransactions()).toEqual([])
})

test('messages sent at once run one after another, and each sender hears what became of its own', async () => {
  const chain = await setupFunded()
  const others = [1, 2, 3].map((number) => createTestWallet(number))
  await Promise.all(others.map(({ address }) => chain.faucet(address, toNano(2))))
  const refused = wallet.sign(5, [pay(99)], LATER_S)
  const deliveries = await Promise.all(
    others.flatMap((other, index) => [
      chain.deliverExternal(refused),
      chain.deliverExternal(other.sign(0, [pay(index + 10)], LATER_S)),
    ]),
  )
  for (const [index, other] of others.entries()) {
    expect(deliveries[2 * index]).toMatchObject({ ok: false, account: wallet.address })
    const delivery = deliveries[2 * index + 1]
    if (!delivery?.ok) throw new Error('a good message was refused')
    const accounts = delivery.transactions.map(({ account }) => account)
    expect(accounts).toEqual([other.address, addressOf(index + 10).toRawString()])
  }
  await assertNoCoinLost(chain)
})

test('time runs forward only, and blocks with it', async () => {
  const chain = await createSandboxChain()
  const before = await chain.readHead()
  chain.advance(60)
  expect(await chain.readHead()).toEqual({ seqno: before.seqno + 60, atS: before.atS + 60 })
  expect(() => chain.advance(-1)).toThrow('time runs forward')
  expect(() => chain.setNow(before.atS)).toThrow('time runs forward')
})

test('a clock that is set back does not turn the chain back', async () => {
  let nowS = 1_800_000_000
  const chain = await createSandboxChain({ nowS: () => nowS })
  await chain.faucet(wallet.address, 1n)
  nowS -= 3600
  expect(chain.nowS()).toBe(1_800_000_000)
  await chain.faucet(wallet.address, 1n)
})

test('a dropped message is told to be fine and never arrives; sent again it does', async () => {
  const chain = await setupFunded()
  chain.addFault({ type: 'drop-send', times: 1 })
  const boc = wallet.sign(0, [pay(1)], LATER_S)
  await chain.send(boc)
  expect(await chain.balance(addressOf(1).toRawString())).toBe(0n)
  await chain.send(boc)
  expect(await chain.balance(addressOf(1).toRawString())).toBe(toNano('0.05'))
})

test('a lost reply is an error although the message ran', async () => {
  const chain = await setupFunded()
  chain.addFault({ type: 'lose-reply', times: 1 })
  await expect(chain.send(wallet.sign(0, [pay(1)], LATER_S))).rejects.toThrow('no answer')
  expect(await chain.balance(addressOf(1).toRawString())).toBe(toNano('0.05'))
})

test('a message that arrives twice pays once, because of the seqno', async () => {
  const chain = await setupFunded()
  chain.addFault({ type: 'duplicate-send' })
  await chain.send(wallet.sign(0, [pay(1)], LATER_S))
  await chain.send(wallet.sign(1, [pay(1)], LATER_S))
  expect(await chain.balance(addressOf(1).toRawString())).toBe(toNano('0.1'))
})

test('a lag hides the newest transactions until it ends, and the account is read as it is', async () => {
  const chain = await setupFunded()
  await chain.send(wallet.sign(0, [pay(1)], LATER_S))
  chain.addFault({ type: 'lag', transactions: 1 })
  expect(await chain.listTransactions(wallet.address, '0', 10)).toHaveLength(1)
  expect((await chain.readAccount(wallet.address)).seqno).toBe(1)
  expect(chain.allTransactions()).toHaveLength(3)
  chain.clearFaults()
  expect(await chain.listTransactions(wallet.address, '0', 10)).toHaveLength(2)
})

test('a read that fails throws, as often as was asked', async () => {
  const chain = await setupFunded()
  chain.addFault({ type: 'fail-read', times: 2 })
  await expect(chain.readHead()).rejects.toThrow('no answer')
  await expect(chain.listTransactions(wallet.address, '0', 10)).rejects.toThrow('no answer')
  expect(chain.faults()).toEqual([])
  await chain.readAccount(wallet.address)
})

test('faults that strike now and then repeat with their seed', async () => {
  const strikes = async (faultSeed: number) => {
    const chain = await createSandboxChain({ faultSeed })
    chain.addFault({ type: 'fail-read', share: 0.5 })
    const answers = []
    for (let index = 0; index < 64; index += 1) {
      answers.push(
        await chain.readHead().then(
          () => '.',
          () => 'x',
        ),
      )
    }
    return answers.join('')
  }
  expect(await strikes(42)).toBe(await strikes(42))
  expect(await strikes(42)).not.toBe(await strikes(43))
  expect(await strikes(42)).toMatch(/\..*x|x.*\./)
})

test('a restored chain is the same chain and goes on; what happened after the snapshot is forgotten', async () => {
  const chain = await setupFunded()
  await chain.send(wallet.sign(0, [pay(1)], LATER_S))
  chain.advance(10)
  const snapshot = chain.snapshot()
  const text = JSON.stringify(snapshot)
  await chain.send(wallet.sign(1, [pay(2)], LATER_S))
  expect(chain.snapshot()).not.toEqual(snapshot)
  expect(JSON.stringify(snapshot)).toBe(text)

  const restored = await createSandboxChain()
  await restored.restore(JSON.parse(text))
  expect(JSON.stringify(restored.snapshot())).toBe(text)
  expect(await restored.readAccount(wallet.address)).toMatchObject({ seqno: 1 })
  expect(await restored.readHead()).toEqual(await chain.readHead())
  await assertNoCoinLost(restored)
  await restored.send(wallet.sign(1, [pay(3)], LATER_S))
  const whole = await restored.listTransactions(wallet.address, '0', 10)
  expect(whole.map(({ prevHash }) => prevHash).slice(1)).toEqual(whole.map(({ hash }) => hash).slice(0, -1))
  await assertNoCoinLost(restored)
})
