import { comment } from '@ton/core'
import { expect, test } from 'vitest'
import { collectedMessage } from '../../../contracts/wrappers/client-escrow.ts'
import { nano } from '../../../protocol/src/money.ts'
import { receiptsComment } from '../../../protocol/src/receipts/receipts-comment.ts'
import { reserveComment } from '../../../protocol/src/reserves/reserve-comment.ts'
import { LEDGER } from '../ledger/ledger.ts'
import type { ChainMessage, ChainTransaction } from '../ton/chain.ts'
import { depositTag } from '../ton/deposit-body.ts'
import { createFakeChain, FAKE_FEE, toMessage } from '../ton/fake-chain-fixture.ts'
import { payoutBody } from '../ton/payout-body.ts'
import { readCell } from '../ton/text-comment.ts'
import { namedIn, planScan, type ScanContext } from './plan-scan.ts'

const HOT = `0:${'a'.repeat(64)}`
const SENDER = `0:${'5'.repeat(64)}`
const ESCROW = `0:${'e'.repeat(64)}`
const ANNA = 5_000_000_001
const TON = 1_000_000_000n
const PAYOUT = { id: `po_${'1'.repeat(26)}`, destination: `0:${'7'.repeat(64)}`, amount: 2n * TON }
const tag = readCell(depositTag(ANNA)) ?? comment('')

function setupScan(given: Partial<ScanContext> = {}) {
  const chain = createFakeChain(HOT)
  const context: ScanContext = {
    point: { lastLt: '', lastHash: '', balance: nano(0n), seqno: 0 },
    wallet: { address: HOT, kind: 'wallet-v5', carriesOut: () => false },
    book: { accounts: new Set([ANNA]), senders: new Map(), operators: new Set() },
    escrows: new Map([[ESCROW, ANNA]]),
    open: undefined,
    ...given,
  }
  return { chain, plan: () => planScan(context, chain.transactions), context }
}

const out = (given: Partial<ChainMessage>): ChainMessage => ({
  ...toMessage(comment('')),
  source: HOT,
  ...given,
})
const payoutOut = (given: Partial<ChainMessage> = {}) =>
  out({
    ...toMessage(payoutBody(PAYOUT.id)),
    destination: PAYOUT.destination,
    value: PAYOUT.amount,
    ...given,
  })
const external = (bodyHash: string): ChainTransaction['in'] => ({
  ...toMessage(comment('')),
  destination: HOT,
  bodyHash,
  kind: 'external',
})
const OPEN = {
  seqno: 0,
  bodyHashes: new Set(['known', 'older']),
  payouts: new Map([[PAYOUT.id, PAYOUT]]),
}
/** What the movements do to the hot wallet. */
const onHot = (plan: ReturnType<typeof planScan>) =>
  plan.movements.reduce(
    (sum, { debit, credit, amount }) =>
      sum + (debit === LEDGER.hot ? amount : 0n) - (credit === LEDGER.hot ? amount : 0n),
    0n,
  )

test('a deposit is credited for what arrived; the fee is the network’s expense', () => {
  const { chain, plan } = setupScan()
  const { lt, hash } = chain.receive({ from: SENDER, value: TON, body: tag })
  const read = plan()
  expect(read.movements).toEqual([
    { id: `${lt}:${hash}/deposit`, kind: 'deposit', debit: LEDGER.hot, credit: ANNA, amount: TON },
    {
      id: `${lt}:${hash}/fee`,
      kind: 'network-fee',
      debit: LEDGER.networkFee,
      credit: LEDGER.hot,
      amount: FAKE_FEE,
    },
  ])
  expect(read.to).toMatchObject({ lastLt: lt, lastHash: hash, balance: TON - FAKE_FEE, seqno: 0 })
  expect(read.deposits).toMatchObject([
    { id: `${lt}:${hash}`, amount: TON, accountId: ANNA, state: 'credited' },
  ])
})

test('a deposit that was kept though its transaction aborted is credited', () => {
  const { chain, plan } = setupScan()
  chain.receive({ from: SENDER, value: TON, body: tag, aborted: true })
  expect(plan().deposits).toMatchObject([{ accountId: ANNA, via: 'tag', amount: TON }])
})

test('coins that the chain sent straight back are nobody’s deposit, and stop nothing', () => {
  const { chain, plan } = setupScan()
  chain.receive({ from: SENDER, value: 10n * TON })
  const back = out({ destination: SENDER, value: TON - 5_000n, bounced: true, forwardFee: 4_000n })
  chain.receive({ from: SENDER, value: TON, body: tag, aborted: true, out: [back] })
  const read = plan()
  expect(read.deposits).toHaveLength(1)
  expect(read.halt).toBeUndefined()
  expect(read.to.balance).toBe(chain.balance)
})

test('a bounced payout is booked, waits, and is nobody’s deposit', () => {
  const { chain, plan } = setupScan()
  chain.receive({ from: PAYOUT.destination, value: TON, body: tag, bounced: true })
  expect(plan().deposits).toMatchObject([{ state: 'suspense', accountId: null, via: 'none' }])
})

test('an arrival that sent something on is not credited, and stops the wallet', () => {
  const { chain, plan } = setupScan()
  chain.receive({ from: SENDER, value: 10n * TON })
  const on = out({ destination: PAYOUT.destination, value: TON })
  chain.receive({ from: SENDER, value: TON, body: tag, out: [on] })
  const read = plan()
  expect(read.deposits.at(-1)).toMatchObject({ state: 'suspense' })
  expect(read.movements.map(({ kind }) => kind)).toContain('unknown-out')
  expect(read.halt).toBe('unknown-external')
  expect(read.to.balance).toBe(chain.balance)
})

test('our own message is known by its hash, and what it carries is paid', () => {
  const { chain, plan } = setupScan({ open: OPEN })
  chain.receive({ from: SENDER, value: 10n * TON })
  const { lt, hash } = chain.append({
    in: external('known'),
    out: [payoutOut({ forwardFee: 300n })],
    aborted: false,
    totalFees: 900n,
  })
  const read = plan()
  expect(read.paid).toEqual([{ payoutId: PAYOUT.id, transactionId: `${lt}:${hash}` }])
  expect(read.movements).toContainEqual({
    id: `${PAYOUT.id}/sent`,
    kind: 'payout-sent',
    debit: LEDGER.payoutInflight,
    credit: LEDGER.hot,
    amount: PAYOUT.amount,
  })
  expect(read.movements).toContainEqual(expect.objectContaining({ kind: 'network-fee', amount: 1_200n }))
  expect(read).toMatchObject({ closed: 0, halt: undefined, to: { seqno: 1 } })
})

test('a note to itself is published: a root of reserves, or of a day’s receipts, and nothing else', () => {
  const { chain, plan } = setupScan({ open: OPEN })
  chain.receive({ from: SENDER, value: 10n * TON })
  const [day, root] = ['2026-11-22', 'ab'.repeat(32)]
  const notes = [reserveComment({ day, root }), receiptsComment({ day, root }), 'sharnaqa receipts soon']
  const toItself = notes.map((note) => out({ ...toMessage(comment(note)), destination: HOT, value: 5n }))
  const { lt, hash } = chain.append({ in: external('known'), out: toItself, aborted: false, totalFees: 900n })
  expect(plan().published).toEqual([
    { of: 'reserves', day, root, transactionId: `${lt}:${hash}` },
    { of: 'receipts', day, root, transactionId: `${lt}:${hash}` },
  ])
})

test('the same note in a message that is not ours publishes nothing', () => {
  const { chain, plan } = setupScan({ open: OPEN })
  chain.receive({ from: SENDER, value: 10n * TON })
  const note = receiptsComment({ day: '2026-11-22', root: 'ab'.repeat(32) })
  const toItself = [out({ ...toMessage(comment(note)), destination: HOT, value: 5n })]
  chain.append({ in: external('of somebody else'), out: toItself, aborted: false, totalFees: 900n })
  expect(plan()).toMatchObject({ published: [], halt: 'unknown-external' })
})

test('what our message was to carry and did not is not paid, and its number is over', () => {
  const { chain, plan } = setupScan({ open: OPEN })
  chain.receive({ from: SENDER, value: 10n * TON })
  chain.append({ in: external('older'), out: [], aborted: false, totalFees: 900n })
  expect(plan()).toMatchObject({ paid: [], closed: 0, halt: undefined, to: { seqno: 1 } })
})

test.each([
  ['another amount', payoutOut({ value: PAYOUT.amount + 1n })],
  ['another destination', payoutOut({ destination: SENDER })],
  ['another payout', payoutOut(toMessage(payoutBody(`po_${'2'.repeat(26)}`)))],
  ['no comment', payoutOut(toMessage(comment('')))],
])('an own message that pays %s than was ordered stops the wallet', (_name, message) => {
  const { chain, plan } = setupScan({ open: OPEN })
  chain.receive({ from: SENDER, value: 10n * TON })
  const sent = { ...message, source: HOT }
  const destination = sent.destination ?? PAYOUT.destination
  chain.append({
    in: external('known'),
    out: [{ ...sent, destination, value: sent.value || PAYOUT.amount }],
    aborted: false,
    totalFees: 900n,
  })
  expect(plan()).toMatchObject({ paid: [], halt: 'unknown-external', closed: 0 })
})

test('one payout twice in one message is paid once, and stops the wallet', () => {
  const { chain, plan } = setupScan({ open: OPEN })
  chain.receive({ from: SENDER, value: 10n * TON })
  chain.append({ in: external('known'), out: [payoutOut(), payoutOut()], aborted: false, totalFees: 900n })
  const read = plan()
  expect(read.paid).toHaveLength(1)
  expect(read.halt).toBe('unknown-external')
  expect(read.to.balance).toBe(chain.balance)
})

test('a message of another number is not ours, though its hash is known', () => {
  const point = { lastLt: '', lastHash: '', balance: nano(0n), seqno: 4 }
  const { chain, plan } = setupScan({ open: OPEN, point })
  chain.receive({ from: SENDER, value: 10n * TON })
  chain.append({ in: external('known'), out: [payoutOut()], aborted: false, totalFees: 900n })
  expect(plan()).toMatchObject({ paid: [], halt: 'unknown-external' })
})

test('nothing is read past a message that stops the wallet', () => {
  const { chain, plan } = setupScan()
  chain.receive({ from: SENDER, value: 10n * TON })
  const stop = chain.append({ in: external('strange'), out: [], aborted: false, totalFees: 900n })
  chain.receive({ from: SENDER, value: TON, body: tag })
  const read = plan()
  expect(read.to.lastLt).toBe(stop.lt)
  expect(read.deposits).toHaveLength(1)
})

test('a highload batch is paid by the message to itself, not by the external one', () => {
  const wallet = {
    address: HOT,
    kind: 'highload-v3' as const,
    carriesOut: (_body: string, seqno: number) => seqno === 0,
  }
  const { chain, plan, context } = setupScan({ open: OPEN, wallet })
  chain.receive({ from: SENDER, value: 10n * TON })
  const self = out({ destination: HOT, value: 50_000_000n, forwardFee: 300n })
  chain.append({ in: external('known'), out: [self], aborted: false, totalFees: 900n })
  const first = plan()
  expect(first).toMatchObject({ paid: [], closed: undefined, to: { seqno: 1 } })
  chain.append({ in: { ...self, kind: 'internal' }, out: [payoutOut()], aborted: false, totalFees: 900n })
  const second = planScan({ ...context, point: first.to }, chain.transactions)
  expect(second).toMatchObject({ paid: [{ payoutId: PAYOUT.id }], closed: 0, halt: undefined })
  expect(second.to.balance).toBe(chain.balance)
  expect(planScan(context, chain.transactions)).toMatchObject({ paid: [{ payoutId: PAYOUT.id }], closed: 0 })
})

test('somebody else’s message with the body of a highload batch carries out nothing', () => {
  const wallet = { address: HOT, kind: 'highload-v3' as const, carriesOut: () => true }
  const { chain, plan } = setupScan({ open: OPEN, wallet })
  chain.receive({ from: SENDER, value: 10n * TON })
  expect(plan()).toMatchObject({ paid: [], closed: undefined })
})

test('every plan moves the hot wallet by what the chain moved it', () => {
  const { chain, plan } = setupScan({ open: OPEN })
  chain.receive({ from: SENDER, value: 10n * TON, body: tag })
  chain.receive({ from: SENDER, value: 1n })
  chain.append({
    in: external('known'),
    out: [payoutOut({ forwardFee: 77n })],
    aborted: false,
    totalFees: 33n,
  })
  chain.receive({ from: SENDER, value: TON, bounced: true })
  const read = plan()
  expect(onHot(read)).toBe(chain.balance)
  expect(read.to.balance).toBe(chain.balance)
})

test('shuffled and repeated lists give the same plan; a hole ends it', () => {
  const { chain, context } = setupScan()
  for (let i = 1; i <= 5; i++) chain.receive({ from: SENDER, value: BigInt(i) * TON, body: tag })
  const all = chain.transactions
  const straight = planScan(context, all)
  expect(planScan(context, [...all, ...all].toReversed())).toEqual(straight)
  const holed = planScan(context, [...all.slice(0, 2), ...all.slice(3)])
  expect(holed).toMatchObject({ gap: true, transactions: 2, to: { lastLt: all[1]?.lt } })
  expect(planScan({ ...context, point: straight.to }, all)).toMatchObject({ transactions: 0, gap: false })
  const forked = all.map((one, i) => (i === 3 ? { ...one, prevHash: 'f'.repeat(64) } : one))
  expect(planScan(context, forked)).toMatchObject({ gap: true, transactions: 3 })
})

test('the first transaction of a wallet has none before it', () => {
  const { chain, context } = setupScan()
  for (let i = 0; i < 2; i++) chain.receive({ from: SENDER, value: TON })
  expect(planScan(context, chain.transactions.slice(1))).toMatchObject({ gap: true, transactions: 0 })
})

test('what bodies and senders name is looked up once each', () => {
  const { chain } = setupScan()
  for (let i = 0; i < 3; i++) chain.receive({ from: SENDER, value: TON, body: tag })
  expect(namedIn(chain.transactions)).toEqual({ accountIds: [ANNA], senders: [SENDER] })
})

const collected = (taken: bigint) =>
  readCell(collectedMessage({ queryId: 0n, taken, collected: taken }).toBoc().toString('base64')) ??
  comment('')

test('what an escrow paid for a voucher is its account’s; what our call left over is the operator’s', () => {
  const { chain, plan } = setupScan()
  const { lt, hash } = chain.receive({ from: ESCROW, value: TON + 4_000n, body: collected(TON) })
  const read = plan()
  expect(read.deposits).toMatchObject([{ accountId: ANNA, via: 'escrow', amount: TON, state: 'credited' }])
  expect(read.movements).toContainEqual({
    id: `${lt}:${hash}/float`,
    kind: 'float',
    debit: LEDGER.hot,
    credit: LEDGER.float,
    amount: 4_000n,
  })
  expect(read.to.balance).toBe(chain.balance)
})

test('an escrow is credited no more than arrived, whatever it says', () => {
  const { chain, plan } = setupScan()
  chain.receive({ from: ESCROW, value: 5n, body: collected(TON) })
  expect(plan().deposits).toMatchObject([{ amount: 5n, via: 'escrow' }])
})

test('the same words from anybody else are a deposit like any other', () => {
  const { chain, plan } = setupScan()
  chain.receive({ from: SENDER, value: TON, body: collected(TON) })
  expect(plan().deposits).toMatchObject([{ state: 'suspense', accountId: null }])
})

test('a call to an escrow that came back is the operator’s, and no deposit', () => {
  const { chain, plan } = setupScan()
  chain.receive({ from: ESCROW, value: TON, bounced: true })
  const read = plan()
  expect(read.deposits).toEqual([])
  expect(read.movements).toContainEqual(expect.objectContaining({ kind: 'float', amount: TON }))
})

test('a call to an escrow in a message of ours is a cost; in one that is not, it stops the wallet', () => {
  const call = out({ destination: ESCROW, value: 5_000n })
  const ours = setupScan({ open: OPEN })
  ours.chain.receive({ from: SENDER, value: TON })
  ours.chain.append({ in: external('known'), out: [call], aborted: false, totalFees: 900n })
  const read = ours.plan()
  expect(read.movements).toContainEqual(expect.objectContaining({ kind: 'network-fee', amount: 5_000n }))
  expect(read).toMatchObject({ halt: undefined, closed: 0, to: { balance: ours.chain.balance } })

  const theirs = setupScan({ open: OPEN })
  theirs.chain.receive({ from: SENDER, value: TON })
  theirs.chain.append({ in: external('unknown'), out: [call], aborted: false, totalFees: 900n })
  expect(theirs.plan().halt).toBe('unknown-external')
})
