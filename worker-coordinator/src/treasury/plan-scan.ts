import { type Nano, nano } from '../../../protocol/src/money.ts'
import { parseReceiptsComment } from '../../../protocol/src/receipts/receipts-comment.ts'
import { type PublishedRoot, parseReserveComment } from '../../../protocol/src/reserves/reserve-comment.ts'
import { type Attribution, attributeDeposit, type DepositBook } from '../deposits/attribute-deposit.ts'
import { readCollected } from '../escrow/ton/collect-message.ts'
import { LEDGER, type TransferKind } from '../ledger/ledger.ts'
import { networkFeeOf, nextBalance } from '../ton/balance-math.ts'
import type { ChainMessage, ChainTransaction } from '../ton/chain.ts'
import { readDepositBody } from '../ton/deposit-body.ts'
import { readPayoutId } from '../ton/payout-body.ts'
import type { PayoutItem, PayoutWallet } from '../ton/payout-wallet.ts'
import { readCell, readTextComment } from '../ton/text-comment.ts'

/** Why the wallet stopped by itself. A person looks before it goes on. */
export type HaltReason = 'chain-gap' | 'balance-mismatch' | 'unknown-external' | 'database-restored'

/** How far the chain has been read. `lastLt` and `lastHash` are empty before the first transaction. */
export type ScanPoint = {
  readonly lastLt: string
  readonly lastHash: string
  readonly balance: Nano
  readonly seqno: number
}

/** What the transactions at hand refer to, as the database knows it. */
export type ScanContext = {
  readonly point: ScanPoint
  readonly wallet: Pick<PayoutWallet, 'address' | 'kind' | 'carriesOut'>
  readonly book: DepositBook
  /** Registered escrow contracts, and the account whose coins they hold. */
  readonly escrows: ReadonlyMap<string, number>
  /** The batch that is being tried, its signed messages and the payouts in them. */
  readonly open:
    | {
        readonly seqno: number
        readonly bodyHashes: ReadonlySet<string>
        readonly payouts: ReadonlyMap<string, PayoutItem>
      }
    | undefined
}

/** Moves an amount between two accounts of the ledger, without a fee. */
export type Movement = {
  readonly id: string
  readonly kind: TransferKind
  readonly debit: number
  readonly credit: number
  readonly amount: Nano
}

export type SeenDeposit = {
  readonly id: string
  readonly sender: string
  readonly amount: Nano
  readonly accountId: number | null
  readonly via: 'tag' | 'comment' | 'sender' | 'escrow' | 'float' | 'none'
  readonly comment: string | null
  readonly state: 'credited' | 'suspense'
  readonly atMs: number
}

/** A root that the wallet wrote to itself, and what it is the root of. */
export type PublishedNote = PublishedRoot & {
  readonly of: 'reserves' | 'receipts'
  readonly transactionId: string
}

/** All that one reading of the chain changes: written together or not at all. */
export type ScanPlan = {
  readonly from: ScanPoint
  readonly to: ScanPoint
  readonly transactions: number
  readonly movements: readonly Movement[]
  readonly deposits: readonly SeenDeposit[]
  readonly paid: readonly { readonly payoutId: string; readonly transactionId: string }[]
  readonly published: readonly PublishedNote[]
  /** A batch of which the chain has decided: what was not paid waits again. */
  readonly closed: number | undefined
  readonly halt: HaltReason | undefined
  /** A transaction's predecessor is not the one that was read last: nothing from there on is believed. */
  readonly gap: boolean
}

/**
 * Reads transactions of the wallet, in whatever order and however often they are listed, and says what they mean for the
 * ledger. Stops before a gap, and after a transaction that we did not cause.
 */
export function planScan(context: ScanContext, listed: readonly ChainTransaction[]): ScanPlan {
  const state: ScanState = {
    point: context.point,
    open: context.open,
    movements: [],
    deposits: [],
    paid: [],
    published: [],
    closed: undefined,
    halt: undefined,
  }
  let transactions = 0
  let gap = false
  for (const transaction of inOrder(listed, context.point.lastLt)) {
    if (!follows(transaction, state.point)) {
      gap = true
      break
    }
    readTransaction(context, state, transaction)
    transactions++
    if (state.halt) break
  }
  const { point, movements, deposits, paid, published, closed, halt } = state
  return {
    from: context.point,
    to: point,
    transactions,
    movements,
    deposits,
    paid,
    published,
    closed,
    halt,
    gap,
  }
}

/** What of these transactions must be looked up: whom bodies name, and who sent and was sent to. */
export function namedIn(listed: readonly ChainTransaction[]): {
  readonly accountIds: readonly number[]
  readonly senders: readonly string[]
} {
  const messages = listed.flatMap((transaction) => (transaction.in ? [transaction.in] : []))
  const bodies = messages.map(({ body }) => readDepositBody(body))
  const ids = bodies.flatMap(({ tag, code }) => [tag, code]).filter((id) => id !== undefined)
  const senders = [
    ...messages.map(({ source }) => source),
    ...listed.flatMap(({ out }) => out.map(({ destination }) => destination)),
  ].filter((address) => address !== undefined)
  return { accountIds: [...new Set(ids)], senders: [...new Set(senders)] }
}

type ScanState = {
  point: ScanPoint
  open: ScanContext['open']
  readonly movements: Movement[]
  readonly deposits: SeenDeposit[]
  readonly paid: { payoutId: string; transactionId: string }[]
  readonly published: PublishedNote[]
  closed: number | undefined
  halt: HaltReason | undefined
}

function inOrder(listed: readonly ChainTransaction[], afterLt: string): readonly ChainTransaction[] {
  const newer = new Map<string, ChainTransaction>()
  const after = BigInt(afterLt || '0')
  for (const transaction of listed) {
    if (BigInt(transaction.lt) > after) newer.set(transaction.hash, transaction)
  }
  return [...newer.values()].toSorted((a, b) => (BigInt(a.lt) < BigInt(b.lt) ? -1 : 1))
}

function follows({ prevLt, prevHash }: ChainTransaction, { lastLt, lastHash }: ScanPoint): boolean {
  return lastLt === '' ? prevLt === '0' : prevLt === lastLt && prevHash === lastHash
}

function readTransaction(context: ScanContext, state: ScanState, transaction: ChainTransaction): void {
  const before = state.movements.length
  if (transaction.in?.kind === 'external') readExternal(context, state, transaction)
  else if (transaction.in?.source === context.wallet.address) readOwnMessage(context, state, transaction)
  else if (isReturned(transaction)) readReturned(state, transaction)
  else readArrival(context, state, transaction)
  const balance = nextBalance(state.point.balance, transaction)
  const moved = state.movements.slice(before).reduce((sum, movement) => sum + onHot(movement), 0n)
  if (state.point.balance + moved !== balance)
    throw new Error(`transaction ${idOf(transaction)} was booked as ${moved}, the chain moved otherwise`)
  state.point = {
    ...state.point,
    lastLt: transaction.lt,
    lastHash: transaction.hash,
    balance: nano(balance),
  }
}

/** An external message: ours when it was stored before it was sent, and is the number's that is being tried. */
function readExternal(
  { wallet, escrows }: ScanContext,
  state: ScanState,
  transaction: ChainTransaction,
): void {
  const { open, point } = state
  const isOurs =
    open !== undefined && open.seqno === point.seqno && open.bodyHashes.has(transaction.in?.bodyHash ?? '')
  if (isOurs) {
    state.point = { ...point, seqno: point.seqno + 1 }
    const { toItself } = bookOut(wallet, state, transaction, {
      payouts: open.payouts,
      escrows: escrows,
    })
    const isUnderWay = toItself && wallet.kind === 'highload-v3'
    if (!isUnderWay) close(state)
    return
  }
  bookOut(wallet, state, transaction, undefined)
  state.halt = 'unknown-external'
  if (wallet.kind !== 'wallet-v5') return
  // It used up the number: whatever was signed for that can never run.
  state.point = { ...point, seqno: point.seqno + 1 }
  close(state)
}

/** A message of the wallet to itself: a highload batch being carried out, or a published note. */
function readOwnMessage({ wallet }: ScanContext, state: ScanState, transaction: ChainTransaction): void {
  const { open, point } = state
  const message = transaction.in
  if (message) book(state, `${idOf(transaction)}/in`, 'sweep', LEDGER.hot, LEDGER.cold, message.value)
  const isBatch =
    message !== undefined &&
    open !== undefined &&
    point.seqno === open.seqno + 1 &&
    wallet.carriesOut(message.body, open.seqno)
  bookOut(wallet, state, transaction, isBatch ? { payouts: open.payouts, escrows: new Map() } : undefined)
  if (isBatch) close(state)
}

/** Anybody's coins. A deposit sends nothing on; whatever does was made to by our key. */
function readArrival(
  { wallet, book: known, escrows }: ScanContext,
  state: ScanState,
  transaction: ChainTransaction,
): void {
  const message = transaction.in
  const amount = message?.value ?? 0n
  if (message?.source !== undefined && amount > 0n) {
    const { source: sender, bounced } = message
    if (escrows.has(sender) && transaction.out.length === 0) {
      readCollection(escrows, state, transaction, { sender, amount, bounced, body: message.body })
      return void bookOut(wallet, state, transaction, undefined)
    }
    const body = readDepositBody(message.body)
    const attribution: Attribution =
      transaction.out.length > 0
        ? { to: 'suspense', reason: 'nobody' }
        : attributeDeposit({ sender, amount, bounced, body }, known)
    bookDeposit(state, transaction, { sender, amount: nano(amount), comment: body.comment, attribution })
  }
  bookOut(wallet, state, transaction, undefined)
}

/**
 * Coins of an escrow: what was taken for a voucher is its account's; the rest is what our own call had brought and did not
 * use up, and so is a call that came back.
 */
function readCollection(
  escrows: ScanContext['escrows'],
  state: ScanState,
  transaction: ChainTransaction,
  arrival: {
    readonly sender: string
    readonly amount: bigint
    readonly bounced: boolean
    readonly body: string
  },
): void {
  const { sender, amount } = arrival
  const collected = arrival.bounced ? undefined : readCollected(arrival.body)
  const taken = collected === undefined ? 0n : collected.taken < amount ? collected.taken : amount
  const accountId = escrows.get(sender)
  const id = idOf(transaction)
  if (accountId !== undefined && taken > 0n) {
    const seen = { id, sender, amount: nano(taken), comment: null, atMs: transaction.atS * 1000 }
    state.deposits.push({ ...seen, accountId, via: 'escrow', state: 'credited' })
    book(state, `${id}/deposit`, 'deposit', LEDGER.hot, accountId, taken)
  }
  book(state, `${id}/float`, 'float', LEDGER.hot, LEDGER.float, amount - taken)
}

/** The chain sent the coins straight back: the wallet was not deployed, or its contract refused them. */
function isReturned({ in: message, out }: ChainTransaction): boolean {
  const [only] = out
  return out.length === 1 && only !== undefined && only.bounced && only.destination === message?.source
}

function readReturned(state: ScanState, transaction: ChainTransaction): void {
  const change = nextBalance(0n, transaction)
  const id = idOf(transaction)
  if (change < 0n) book(state, `${id}/fee`, 'network-fee', LEDGER.networkFee, LEDGER.hot, -change)
  else book(state, `${id}/float`, 'float', LEDGER.hot, LEDGER.float, change)
}

function bookDeposit(
  state: ScanState,
  transaction: ChainTransaction,
  arrival: {
    readonly sender: string
    readonly amount: Nano
    readonly comment: string | undefined
    readonly attribution: Attribution
  },
): void {
  const { sender, amount, attribution } = arrival
  const id = idOf(transaction)
  const isDust = attribution.to === 'suspense' && attribution.reason === 'dust'
  const seen = {
    id,
    sender,
    amount,
    comment: isDust ? null : (arrival.comment ?? null),
    atMs: transaction.atS * 1000,
  }
  switch (attribution.to) {
    case 'account': {
      const { accountId, via } = attribution
      state.deposits.push({ ...seen, accountId, via, state: 'credited' })
      return book(state, `${id}/deposit`, 'deposit', LEDGER.hot, accountId, amount)
    }
    case 'float':
      state.deposits.push({ ...seen, accountId: null, via: 'float', state: 'credited' })
      return book(state, `${id}/float`, 'float', LEDGER.hot, LEDGER.float, amount)
    case 'suspense':
      state.deposits.push({ ...seen, accountId: null, via: 'none', state: 'suspense' })
      return book(state, `${id}/suspense`, 'suspense', LEDGER.hot, LEDGER.suspenseDeposit, amount)
    default:
      attribution satisfies never
  }
}

/**
 * Books what a transaction sent and what it cost, after what it brought: payouts and calls of a batch of ours, messages to
 * the wallet itself, and what nobody ordered, which stops the wallet.
 */
function bookOut(
  wallet: ScanContext['wallet'],
  state: ScanState,
  transaction: ChainTransaction,
  ours: (Pick<NonNullable<ScanContext['open']>, 'payouts'> & Pick<ScanContext, 'escrows'>) | undefined,
): { readonly toItself: boolean } {
  const payouts = ours?.payouts
  const id = idOf(transaction)
  let toItself = false
  for (const [index, message] of transaction.out.entries()) {
    const payoutId = payouts && paidBy(message, payouts)
    if (payoutId !== undefined && !state.paid.some((paid) => paid.payoutId === payoutId)) {
      state.paid.push({ payoutId, transactionId: id })
      book(state, `${payoutId}/sent`, 'payout-sent', LEDGER.payoutInflight, LEDGER.hot, message.value)
    } else if (message.destination === wallet.address) {
      toItself = true
      const note = payouts && readNote(message)
      if (note) state.published.push({ ...note, transactionId: id })
      book(state, `${id}/self/${index}`, 'sweep', LEDGER.cold, LEDGER.hot, message.value)
    } else if (ours?.escrows.has(message.destination ?? '')) {
      book(state, `${id}/call/${index}`, 'network-fee', LEDGER.networkFee, LEDGER.hot, message.value)
    } else {
      state.halt = 'unknown-external'
      book(state, `${id}/out/${index}`, 'unknown-out', LEDGER.suspenseUnknownOut, LEDGER.hot, message.value)
    }
  }
  book(state, `${id}/fee`, 'network-fee', LEDGER.networkFee, LEDGER.hot, networkFeeOf(transaction))
  return { toItself }
}

function readNote({ body }: ChainMessage): Omit<PublishedNote, 'transactionId'> | undefined {
  const cell = readCell(body)
  const comment = (cell && readTextComment(cell)) ?? ''
  const reserves = parseReserveComment(comment)
  if (reserves) return { of: 'reserves', ...reserves }
  const receipts = parseReceiptsComment(comment)
  return receipts && { of: 'receipts', ...receipts }
}

function paidBy(message: ChainMessage, payouts: ReadonlyMap<string, PayoutItem>): string | undefined {
  const payout = payouts.get(readPayoutId(message.body) ?? '')
  const isIt = payout?.destination === message.destination && payout?.amount === message.value
  return isIt ? payout?.id : undefined
}

/** The chain has decided of the open batch. */
function close(state: ScanState): void {
  state.closed = state.open?.seqno ?? state.closed
  state.open = undefined
}

function book(
  state: ScanState,
  id: string,
  kind: TransferKind,
  debit: number,
  credit: number,
  amount: bigint,
): void {
  if (amount > 0n) state.movements.push({ id, kind, debit, credit, amount: nano(amount) })
}

function onHot({ debit, credit, amount }: Movement): bigint {
  if (debit === LEDGER.hot) return amount
  return credit === LEDGER.hot ? -amount : 0n
}

function idOf({ lt, hash }: ChainTransaction): string {
  return `${lt}:${hash}`
}
