import type { Log } from '../platform/log.ts'
import type { Chain } from '../ton/chain.ts'
import { type ContractCall, PAYOUTS_MAX, type PayoutItem, type PayoutWallet } from '../ton/payout-wallet.ts'
import { BALANCE_KEPT, chooseItems, hasExpired, isDueAgain, lifeOfS } from './plan-batch.ts'
import { type HaltReason, namedIn, planScan, type ScanContext, type ScanPlan } from './plan-scan.ts'
import type { HotWallet, TreasuryStore } from './treasury-store.ts'

/** How many transactions are read, and written, at a time. */
const SCAN_CHUNK = 32
/** How many chunks one tick reads at most. */
const SCAN_CHUNKS_MAX = 20
/** How often it is noted that the chain was read and held nothing new, in ms. */
const NOTED_EVERY_MS = 60_000
/** How often escrows are asked what they owe, in ms. */
const CALL_EVERY_MS = 60_000
/** How long, and in how many rounds on end, a gap may be a node's slip before it stops the wallet. */
const GAP_PATIENCE_MS = 60_000
const GAP_ROUNDS_MIN = 3

export type TreasuryDeps = {
  readonly chain: Chain
  readonly wallet: PayoutWallet
  readonly store: TreasuryStore
  /** Raw addresses of the operator's own wallets: what comes from them is nobody's deposit. */
  readonly operators: ReadonlySet<string>
  /** Gives up a payout that cannot be sent anywhere. */
  readonly failPayout: (payoutId: string, reason: 'bad-destination') => Promise<void>
  /** What escrows owe, as messages to them. Calls that are made twice do no harm. */
  readonly findCalls: () => Promise<readonly ContractCall[]>
  readonly nowMs: () => number
  readonly log: Log
}

export type TickResult = {
  /** `replaced`: another instance has taken over, this one does nothing more. */
  readonly state: 'running' | 'halted' | 'replaced' | 'other-address'
  /** Whether something is under way that the next tick should see soon. */
  readonly busy: boolean
  readonly transactions: number
}

export type Treasury = {
  /**
   * One round: read the chain, plan, store, send. What was sent is decided by what a later round reads. Throws when the
   * chain or the database does not answer: nothing is lost, the next round goes on.
   */
  readonly tick: () => Promise<TickResult>
}

/** What an instance remembers between rounds. Nothing of it is money. */
type Memory = {
  epoch: number | undefined
  gap: { readonly sinceMs: number; readonly rounds: number } | undefined
  comparedLt: string | undefined
  calledAtMs: number
}

/** One writer of the hot wallet. Each instance takes an epoch of its own, and the ones before it can write no more. */
export function createTreasury(deps: TreasuryDeps): Treasury {
  const memory: Memory = {
    epoch: undefined,
    gap: undefined,
    comparedLt: undefined,
    calledAtMs: Number.NEGATIVE_INFINITY,
  }
  return {
    tick: async () => {
      try {
        return await runRound(deps, memory)
      } catch (error) {
        const row = await deps.store.readHotWallet().catch(() => undefined) // no answer: nobody knows who writes
        if (memory.epoch === undefined || row === undefined || row.epoch === memory.epoch) throw error
        deps.log('treasury-replaced', { epoch: memory.epoch })
        memory.epoch = undefined
        return { state: 'replaced', busy: false, transactions: 0 }
      }
    },
  }
}

async function runRound(deps: TreasuryDeps, memory: Memory): Promise<TickResult> {
  const epoch = memory.epoch ?? (await start(deps))
  if (epoch === undefined) return { state: 'other-address', busy: false, transactions: 0 }
  memory.epoch = epoch
  // Before anything is read: what is not in the list that follows had not happened by then.
  const head = deps.wallet.renewal === 'once' ? await deps.chain.readHead() : undefined
  const { transactions, caughtUp } = await scan(deps, memory, epoch)
  const wallet = await readOwn(deps, epoch)
  if (wallet.state === 'halted') return { state: 'halted', busy: false, transactions }
  if (wallet.frozen) return { state: 'running', busy: transactions > 0, transactions }
  if (head && caughtUp) await expire(deps, wallet, head)
  await plan(deps, memory, epoch)
  const sent = await sendOpenBatch(deps)
  return { state: 'running', busy: sent || transactions > 0, transactions }
}

/** Takes the epoch, and asks once whether the chain has gone further than this database remembers. */
async function start(deps: TreasuryDeps): Promise<number | undefined> {
  const { store, chain, wallet, log } = deps
  const taken = await store.takeOver({ address: wallet.address, nowMs: deps.nowMs() })
  if (!taken.ok) {
    log('treasury-refused', { reason: taken.reason, alarm: true })
    return undefined
  }
  const { epoch } = taken
  log('treasury-started', { epoch, address: wallet.address })
  const row = await readOwn(deps, epoch)
  if (wallet.kind !== 'wallet-v5' || row.state === 'halted') return epoch
  const [account, open] = await Promise.all([chain.readAccount(wallet.address), store.readOpenBatch()])
  const explained = open && open.seqno === row.seqno ? row.seqno + 1 : row.seqno
  if (account.seqno > explained) await halt(deps, epoch, 'database-restored')
  return epoch
}

/** Reads the chain from where the last reading ended, chunk by chunk. */
async function scan(
  deps: TreasuryDeps,
  memory: Memory,
  epoch: number,
): Promise<{ readonly transactions: number; readonly caughtUp: boolean }> {
  let transactions = 0
  for (let chunk = 0; chunk < SCAN_CHUNKS_MAX; chunk++) {
    const row = await readOwn(deps, epoch)
    if (row.state === 'halted') return { transactions, caughtUp: false }
    if (row.booked !== row.balance) {
      await halt(deps, epoch, 'balance-mismatch')
      return { transactions, caughtUp: false }
    }
    const listed = await deps.chain.listTransactions(row.address, row.lastLt || '0', SCAN_CHUNK)
    const plan = planScan(await readContext(deps, row, listed), listed)
    if (plan.transactions > 0) await deps.store.applyScan(epoch, plan, deps.nowMs())
    transactions += plan.transactions
    report(deps, plan)
    if (plan.halt) return { transactions, caughtUp: false }
    if (await isStoppedByGap(deps, memory, epoch, plan)) return { transactions, caughtUp: false }
    if (plan.transactions === 0) {
      const nowMs = deps.nowMs()
      if (nowMs - row.scannedAt >= NOTED_EVERY_MS) await deps.store.noteScan(epoch, nowMs)
      return { transactions, caughtUp: await compareWithChain(deps, memory, epoch, row) }
    }
  }
  return { transactions, caughtUp: false }
}

async function readContext(
  { store, wallet, operators, nowMs }: TreasuryDeps,
  row: HotWallet,
  listed: Parameters<typeof namedIn>[0],
): Promise<ScanContext> {
  const { lastLt, lastHash, balance, seqno } = row
  const [open, owners] =
    listed.length === 0
      ? [undefined, { accounts: new Set<number>(), senders: new Map(), escrows: new Map() }]
      : await Promise.all([store.readOpenBatch(), store.findOwners({ ...namedIn(listed), nowMs: nowMs() })])
  return {
    point: { lastLt, lastHash, balance, seqno },
    wallet,
    book: { accounts: owners.accounts, senders: owners.senders, operators },
    escrows: owners.escrows,
    open: open && {
      seqno: open.seqno,
      bodyHashes: new Set(open.variants.map(({ bodyHash }) => bodyHash)),
      payouts: new Map(open.planned.map((item) => [item.id, item])),
    },
  }
}

/** A gap that stays is a chain that we do not know. One that goes was a node that had not caught up. */
async function isStoppedByGap(
  deps: TreasuryDeps,
  memory: Memory,
  epoch: number,
  { gap }: ScanPlan,
): Promise<boolean> {
  if (!gap) {
    memory.gap = undefined
    return false
  }
  const nowMs = deps.nowMs()
  const { sinceMs, rounds } = memory.gap ?? { sinceMs: nowMs, rounds: 0 }
  memory.gap = { sinceMs, rounds: rounds + 1 }
  deps.log('chain-gap-seen', { forMs: nowMs - sinceMs, rounds: rounds + 1 })
  if (nowMs - sinceMs >= GAP_PATIENCE_MS && rounds + 1 >= GAP_ROUNDS_MIN) await halt(deps, epoch, 'chain-gap')
  return true
}

/** Where our reading and the chain stand at the same transaction, they hold the same coins. Gives whether they stand there. */
async function compareWithChain(
  deps: TreasuryDeps,
  memory: Memory,
  epoch: number,
  row: HotWallet,
): Promise<boolean> {
  const mustKnow = deps.wallet.renewal === 'once'
  if (!mustKnow && memory.comparedLt === row.lastLt) return true
  const account = await deps.chain.readAccount(row.address)
  if (account.lastLt !== (row.lastLt || '0')) return false
  if (account.balance !== row.balance) {
    await halt(deps, epoch, 'balance-mismatch')
    return false
  }
  memory.comparedLt = row.lastLt
  return true
}

/** Ends a number that is signed once when the chain has passed its end without it. */
async function expire(deps: TreasuryDeps, row: HotWallet, head: { readonly atS: number }): Promise<void> {
  const open = await deps.store.readOpenBatch()
  const message = open?.variants.at(-1)
  if (!open || !message || open.seqno !== row.seqno || !hasExpired(message, head)) return
  await deps.store.closeBatch(row.epoch, open.seqno)
  deps.log('payout-batch-expired', { seqno: open.seqno })
}

/** Signs what is due, and stores it. Nothing is sent that is not stored. */
async function plan(deps: TreasuryDeps, memory: Memory, epoch: number): Promise<void> {
  const { store, wallet, nowMs } = deps
  const [row, open, queued] = await Promise.all([
    readOwn(deps, epoch),
    store.readOpenBatch(),
    store.listQueued(),
  ])
  if (row.state === 'halted') return
  const isUnderWay = open !== undefined && open.seqno !== row.seqno
  const isFinal = open !== undefined && wallet.renewal === 'once'
  if (isUnderWay || isFinal || (open && !isDueAgain(open.variants, nowMs()))) return
  const note = wallet.renewal === 'same-number' ? await store.findNote(nowMs()) : undefined
  const items = chooseItems({
    planned: open?.planned ?? [],
    queued: await withoutBad(deps, queued),
    balance: row.balance,
    kept: BALANCE_KEPT + wallet.selfValue,
  })
  const hasNote = note !== undefined && row.balance > BALANCE_KEPT + wallet.selfValue
  const calls = open ? [] : await findCalls(deps, memory, PAYOUTS_MAX - 1 - items.length)
  if (items.length === 0 && !hasNote && calls.length === 0) return
  const signed = open?.variants.length ?? 0
  const account =
    row.seqno === 0 || wallet.renewal === 'once' ? await deps.chain.readAccount(row.address) : undefined
  const variant = wallet.sign({
    seqno: row.seqno,
    items,
    ...(hasNote ? { note } : {}),
    ...(calls.length > 0 ? { calls } : {}),
    nowS: Math.floor(nowMs() / 1000),
    lifeS: lifeOfS(signed),
    deploy: account?.isActive === false,
  })
  const batch = { seqno: row.seqno, variant, items, nowMs: nowMs() }
  if (open) await store.addVariant(epoch, batch)
  else await store.openBatch(epoch, batch)
  deps.log('payout-batch-signed', { seqno: row.seqno, payouts: items.length, variant: signed + 1 })
}

/** What escrows owe, once in a while. An escrow that cannot be read holds up nobody's payout. */
async function findCalls(
  { wallet, nowMs, log, ...deps }: TreasuryDeps,
  memory: Memory,
  most: number,
): Promise<readonly ContractCall[]> {
  if (wallet.renewal !== 'same-number' || nowMs() - memory.calledAtMs < CALL_EVERY_MS) return []
  memory.calledAtMs = nowMs()
  try {
    return (await deps.findCalls()).slice(0, Math.max(0, most))
  } catch {
    log('escrows-not-read', {})
    return []
  }
}

/** Gives up payouts to where no coins can be sent; orders refuse those, so this is for rows of another making. */
async function withoutBad(
  { failPayout, wallet, log }: TreasuryDeps,
  queued: readonly PayoutItem[],
): Promise<readonly PayoutItem[]> {
  const isGood = ({ destination }: PayoutItem) =>
    /^0:[0-9a-f]{64}$/.test(destination) && destination !== wallet.address
  for (const { id } of queued.filter((item) => !isGood(item))) {
    log('payout-failed', { payoutId: id, reason: 'bad-destination' })
    await failPayout(id, 'bad-destination')
  }
  return queued.filter(isGood)
}

/** Sends the newest stored message of the open batch. Errors mean nothing: the chain says what happened. */
async function sendOpenBatch({ store, chain, log }: TreasuryDeps): Promise<boolean> {
  const open = await store.readOpenBatch()
  const message = open?.variants.at(-1)
  if (!open || !message) return false
  try {
    await chain.send(message.boc)
  } catch (error) {
    log('payout-send-unanswered', { seqno: open.seqno, error: error instanceof Error ? error.message : '' })
  }
  return true
}

async function halt(deps: TreasuryDeps, epoch: number, reason: HaltReason): Promise<void> {
  await deps.store.halt(epoch, reason)
  deps.log('treasury-halted', { reason, alarm: true })
}

function report(deps: TreasuryDeps, { deposits, paid, closed, halt: reason }: ScanPlan): void {
  for (const { id, accountId, via, state } of deposits) {
    deps.log(`deposit-${state}`, { depositId: id, via, ...(accountId === null ? {} : { accountId }) })
  }
  for (const { payoutId, transactionId } of paid) deps.log('payout-paid', { payoutId, transactionId })
  if (closed !== undefined) deps.log('payout-batch-done', { seqno: closed })
  if (reason) deps.log('treasury-halted', { reason, alarm: true })
}

/** The wallet's row, for its present writer. Throws when another instance has taken over. */
async function readOwn({ store }: TreasuryDeps, epoch: number): Promise<HotWallet> {
  const row = await store.readHotWallet()
  if (!row || row.epoch !== epoch) throw new Error('another instance has taken over')
  return row
}
