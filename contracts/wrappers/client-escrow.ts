import { Address, beginCell, Cell, contractAddress, type Slice, type StateInit } from '@ton/core'
import compiled from './client-escrow.compiled.json' with { type: 'json' }

/** Code of ClientEscrow as it was compiled from `contracts/ClientEscrow.tolk`. UNAUDITED. */
export const ESCROW_CODE = Cell.fromBase64(compiled.code)

/** Every exit code of the contract and what it says to a person. */
export const ESCROW_ERRORS = {
  1001: { name: 'not-owner', sentence: 'Only the wallet that owns this escrow can close it.' },
  1002: { name: 'not-payee', sentence: 'Only the payee can collect without a voucher.' },
  1003: {
    name: 'bad-signature',
    sentence: 'The session key did not sign this sum for this escrow and this term.',
  },
  1004: { name: 'nothing-due', sentence: 'No more is due than was collected already.' },
  1005: { name: 'nothing-left', sentence: 'The escrow holds nothing but its storage reserve.' },
  1006: { name: 'over-day-cap', sentence: 'This is more than the payee may take today without a voucher.' },
  1007: { name: 'low-gas', sentence: 'The message must bring at least 0.005 TON for gas.' },
  1008: { name: 'closing', sentence: 'A close was requested already.' },
  1009: { name: 'not-closing', sentence: 'Request a close first.' },
  1010: { name: 'too-early', sentence: 'The delay after the request is not over yet.' },
  1011: { name: 'no-term', sentence: 'Nothing was deposited since the escrow was deployed or closed.' },
  65535: { name: 'unknown-operation', sentence: 'The escrow does not know this operation.' },
} as const satisfies Record<number, { readonly name: string; readonly sentence: string }>

export const OPCODES = {
  topUp: 0x5e5c0001,
  collect: 0x5e5c0002,
  collectWithinCap: 0x5e5c0003,
  requestClose: 0x5e5c0004,
  finalizeClose: 0x5e5c0005,
  collected: 0x5e5c0011,
  refunded: 0x5e5c0012,
} as const

/** What stays in an open escrow to pay for its storage, nano. */
export const MIN_STORAGE = 10_000_000n
/** What a message that collects must bring, nano. What it does not use comes back with the coins. */
export const COLLECT_GAS = 5_000_000n
/** What the owner attaches to a message that closes, nano. What it does not use comes back with the coins. */
export const CLOSE_GAS = 20_000_000n
/** The longest that an owner waits, whatever the terms say. */
export const MAX_CLOSE_DELAY_S = 2_592_000

/** Fixed at deployment; the address depends on all of it. Amounts in nano, the session key as 32 raw bytes. */
export type EscrowTerms = {
  readonly owner: Address
  readonly payee: Address
  readonly sessionKey: Buffer
  readonly closeDelayS: number
  readonly dayCap: bigint
  /** -239 mainnet, -3 testnet. */
  readonly networkId: number
  readonly salt: number
}

export function termsCell(terms: EscrowTerms): Cell {
  if (terms.sessionKey.length !== 32) throw new RangeError('a session key has 32 bytes')
  return beginCell()
    .storeAddress(terms.owner)
    .storeAddress(terms.payee)
    .storeBuffer(terms.sessionKey)
    .storeUint(terms.closeDelayS, 32)
    .storeCoins(terms.dayCap)
    .storeInt(terms.networkId, 32)
    .storeUint(terms.salt, 32)
    .endCell()
}

export function parseTerms(cell: Cell): EscrowTerms {
  const slice = cell.beginParse()
  const terms = {
    owner: slice.loadAddress(),
    payee: slice.loadAddress(),
    sessionKey: slice.loadBuffer(32),
    closeDelayS: slice.loadUint(32),
    dayCap: slice.loadCoins(),
    networkId: slice.loadInt(32),
    salt: slice.loadUint(32),
  }
  slice.endParse()
  return terms
}

/** What deploys an escrow. It has collected nothing, and its first deposit opens its first term. */
export function escrowStateInit(
  terms: EscrowTerms,
): StateInit & { readonly code: Cell; readonly data: Cell } {
  const data = beginCell()
    .storeUint(0, 64)
    .storeCoins(0)
    .storeUint(0, 64)
    .storeUint(0, 32)
    .storeCoins(0)
    .storeRef(termsCell(terms))
    .endCell()
  return { code: ESCROW_CODE, data }
}

/** The one address that a contract with this code and these terms can have: who knows it needs to trust nobody. */
export function escrowAddress(terms: EscrowTerms): Address {
  return contractAddress(0, escrowStateInit(terms))
}

export type TopUp = { readonly queryId: bigint }
export type Collect = { readonly queryId: bigint; readonly cumulative: bigint; readonly signature: Buffer }
export type CollectWithinCap = { readonly queryId: bigint; readonly cumulative: bigint }
export type Close = { readonly queryId: bigint }
/** To the payee, with `taken` and what is left of the message's gas. */
export type Collected = { readonly queryId: bigint; readonly taken: bigint; readonly collected: bigint }

export function topUpMessage({ queryId }: TopUp): Cell {
  return operation(OPCODES.topUp, queryId).endCell()
}
export function parseTopUp(body: Cell): TopUp {
  return parse(body, OPCODES.topUp, () => ({}))
}

export function collectMessage({ queryId, cumulative, signature }: Collect): Cell {
  if (signature.length !== 64) throw new RangeError('a signature has 64 bytes')
  return operation(OPCODES.collect, queryId).storeCoins(cumulative).storeBuffer(signature).endCell()
}
export function parseCollect(body: Cell): Collect {
  return parse(body, OPCODES.collect, (slice) => ({
    cumulative: slice.loadCoins(),
    signature: slice.loadBuffer(64),
  }))
}

export function collectWithinCapMessage({ queryId, cumulative }: CollectWithinCap): Cell {
  return operation(OPCODES.collectWithinCap, queryId).storeCoins(cumulative).endCell()
}
export function parseCollectWithinCap(body: Cell): CollectWithinCap {
  return parse(body, OPCODES.collectWithinCap, (slice) => ({ cumulative: slice.loadCoins() }))
}

export function requestCloseMessage({ queryId }: Close): Cell {
  return operation(OPCODES.requestClose, queryId).endCell()
}
export function parseRequestClose(body: Cell): Close {
  return parse(body, OPCODES.requestClose, () => ({}))
}

export function finalizeCloseMessage({ queryId }: Close): Cell {
  return operation(OPCODES.finalizeClose, queryId).endCell()
}
export function parseFinalizeClose(body: Cell): Close {
  return parse(body, OPCODES.finalizeClose, () => ({}))
}

export function collectedMessage({ queryId, taken, collected }: Collected): Cell {
  return operation(OPCODES.collected, queryId).storeCoins(taken).storeCoins(collected).endCell()
}
export function parseCollected(body: Cell): Collected {
  return parse(body, OPCODES.collected, (slice) => ({
    taken: slice.loadCoins(),
    collected: slice.loadCoins(),
  }))
}

export function refundedMessage({ queryId }: Close): Cell {
  return operation(OPCODES.refunded, queryId).endCell()
}
export function parseRefunded(body: Cell): Close {
  return parse(body, OPCODES.refunded, () => ({}))
}

/** What `escrow_state` answers, amounts in nano, times in Unix seconds. */
export type EscrowState = {
  /** Logical time of the deposit that opened it; 0 when there is none. */
  readonly term: bigint
  readonly collected: bigint
  /** From when FinalizeClose works; 0 while no close is requested. */
  readonly closeAtS: number
  readonly day: number
  readonly takenToday: bigint
  /** What can still be collected. */
  readonly available: bigint
}

/** Reads the numbers of `escrow_state`; undefined when they are not those of this version of the contract. */
export function parseState(numbers: readonly bigint[]): EscrowState | undefined {
  const [version, term, collected, closeAt, day, takenToday, available] = numbers
  if (version !== 1n || numbers.length !== 7) return undefined
  if (term === undefined || collected === undefined || closeAt === undefined) return undefined
  if (day === undefined || takenToday === undefined || available === undefined) return undefined
  return { term, collected, closeAtS: Number(closeAt), day: Number(day), takenToday, available }
}

/** Reads the numbers of `escrow_terms`; undefined when they are none. */
export function parseTermsNumbers(numbers: readonly bigint[]): EscrowTerms | undefined {
  const [ownerChain, owner, payeeChain, payee, sessionKey, closeDelay, dayCap, networkId, salt] = numbers
  if (numbers.length !== 9 || ownerChain === undefined || owner === undefined) return undefined
  if (payeeChain === undefined || payee === undefined || sessionKey === undefined) return undefined
  if (closeDelay === undefined || dayCap === undefined || networkId === undefined || salt === undefined) {
    return undefined
  }
  return {
    owner: new Address(Number(ownerChain), toBytes(owner)),
    payee: new Address(Number(payeeChain), toBytes(payee)),
    sessionKey: toBytes(sessionKey),
    closeDelayS: Number(closeDelay),
    dayCap,
    networkId: Number(networkId),
    salt: Number(salt),
  }
}

function operation(opcode: number, queryId: bigint) {
  return beginCell().storeUint(opcode, 32).storeUint(queryId, 64)
}

/** Throws when the body is of another operation, is cut short, or goes on after its end. */
function parse<Fields extends object>(
  body: Cell,
  opcode: number,
  load: (slice: Slice) => Fields,
): Fields & { readonly queryId: bigint } {
  const slice = body.beginParse()
  const found = slice.loadUint(32)
  if (found !== opcode) throw new RangeError(`operation ${found.toString(16)} is not ${opcode.toString(16)}`)
  const fields = { queryId: slice.loadUintBig(64), ...load(slice) }
  slice.endParse()
  return fields
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}
