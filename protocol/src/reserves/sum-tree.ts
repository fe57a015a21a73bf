import { toHex } from '../canonical-json.ts'
import { sha256 } from './sha256.ts'

/*
 * A tree that adds up what is owed (a Merkle sum tree). A node is 48 bytes: its hash (32) and its sum (u128, big-endian).
 *
 *   leaf    hash = SHA-256(0x00 ‖ salt (16) ‖ SHA-256(account code) ‖ amount (u128)), sum = amount
 *   node    hash = SHA-256(0x01 ‖ left node (48) ‖ right node (48)),                  sum = left sum + right sum
 *   padding hash = 32 zero bytes, sum = 0
 *
 * A node hashes both sums below it, not just their total: else one could be lowered and the other raised. A level with
 * an odd number of nodes, other than the root's, is filled up with one padding node at its end. A tree of one leaf is
 * that leaf, an empty tree is one padding node. Sums of 2^128 or more are refused, so that nothing wraps around.
 */

export const NODE_BYTES = 48
const HASH_BYTES = 32
/** What a sum stays below. */
export const SUM_LIMIT = 1n << 128n
const PADDING = new Uint8Array(NODE_BYTES)
const encoder = new TextEncoder()

/** What one account is owed. */
export type Leaf = {
  /** The ledger's code: `liab:user:<id>`. ASCII without spaces, at most 128 characters. */
  readonly account: string
  /** 16 bytes, hex. Known to the account's person alone, so that a neighbour in the tree cannot guess whose sum it sees. */
  readonly salt: string
  /** Nano. */
  readonly amount: bigint
}
export type LeafFault = 'bad-account' | 'bad-salt' | 'negative-amount' | 'amount-overflow'

export type SumTree = {
  /** Hash of the root, hex. */
  readonly root: string
  readonly total: bigint
  /** The nodes of each level one after the other, the leaves first, the root last. No padding is kept. */
  readonly levels: readonly Uint8Array<ArrayBuffer>[]
}
export type MakeTreeResult =
  | { readonly ok: true; readonly tree: SumTree }
  | {
      readonly ok: false
      readonly reason: LeafFault | 'duplicate-account' | 'sum-overflow'
      /** The first leaf that is at fault. */
      readonly place: number
    }

/** Makes the tree of these leaves, in their order. */
export function makeTree(leaves: readonly Leaf[]): MakeTreeResult {
  const accounts = new Set<string>()
  const nodes = new Uint8Array(leaves.length * NODE_BYTES)
  let total = 0n
  for (const [place, leaf] of leaves.entries()) {
    const fault = findLeafFault(leaf)
    if (fault) return { ok: false, reason: fault, place }
    if (accounts.has(leaf.account)) return { ok: false, reason: 'duplicate-account', place }
    accounts.add(leaf.account)
    total += leaf.amount
    if (total >= SUM_LIMIT) return { ok: false, reason: 'sum-overflow', place }
    nodes.set(hashLeaf(leaf), place * NODE_BYTES)
  }
  return { ok: true, tree: growTree(nodes, heightOf(leaves.length)) }
}

/** How many levels stand above this many leaves. */
export function heightOf(leaves: number): number {
  return leaves <= 1 ? 0 : 32 - Math.clz32(leaves - 1)
}

/**
 * Grows a tree of `height` levels from nodes that are there already: a part of a larger tree. Throws a RangeError where
 * sums overflow.
 */
export function growTree(nodes: Uint8Array<ArrayBuffer>, height: number): SumTree {
  const levels = [nodes]
  let level = nodes
  for (let i = 0; i < height; i++) {
    level = growLevel(level)
    levels.push(level)
  }
  const top = level.length === 0 ? PADDING : level.subarray(0, NODE_BYTES)
  return { root: toHex(top.subarray(0, HASH_BYTES)), total: readSum(top), levels }
}

/**
 * The way from a leaf to the root: the node beside it at each level, from below, as 96 hex characters (hash ‖ sum).
 * Throws a RangeError for a place that the tree does not have.
 */
export function makePath(tree: SumTree, place: number): readonly string[] {
  const width = (tree.levels[0]?.length ?? 0) / NODE_BYTES
  if (!Number.isInteger(place) || place < 0 || place >= width) {
    throw new RangeError(`a tree of ${width} leaves has no place ${place}`)
  }
  return tree.levels.slice(0, -1).map((level, height) => {
    const at = ((place >> height) ^ 1) * NODE_BYTES
    return toHex(at < level.length ? level.subarray(at, at + NODE_BYTES) : PADDING)
  })
}

/** What was published of a tree. */
export type TreeClaim = { readonly root: string; readonly total: bigint; readonly leaves: number }
/** A leaf, where it stands, and its way to the root. */
export type LeafPath = Leaf & { readonly place: number; readonly steps: readonly string[] }
export type PathFault =
  | LeafFault
  /** The tree has no such place. */
  | 'bad-place'
  /** A step is not 96 hex characters. */
  | 'bad-step'
  /** Too few or too many steps for so many leaves. */
  | 'wrong-length'
  /** Something stands where the tree has ended. */
  | 'wrong-padding'
  | 'sum-overflow'
  /** The leaf, or a step, is not of this tree. */
  | 'wrong-root'
  /** The leaf is of this tree, and the total that was published is not the tree's. */
  | 'wrong-total'
export type CheckPathResult = { readonly ok: true } | { readonly ok: false; readonly reason: PathFault }

/** Checks that a leaf with this very amount is counted in a published tree. */
export function checkPath(claim: TreeClaim, path: LeafPath): CheckPathResult {
  const fault = findLeafFault(path)
  if (fault) return { ok: false, reason: fault }
  const { place, steps } = path
  if (!Number.isSafeInteger(place) || place < 0 || place >= claim.leaves)
    return { ok: false, reason: 'bad-place' }
  if (steps.length !== heightOf(claim.leaves)) return { ok: false, reason: 'wrong-length' }
  let node = hashLeaf(path)
  let width = claim.leaves
  for (const [height, step] of steps.entries()) {
    const beside = fromHex(step, NODE_BYTES)
    if (!beside) return { ok: false, reason: 'bad-step' }
    const at = place >> height
    if ((at ^ 1) >= width && beside.some((byte) => byte !== 0)) return { ok: false, reason: 'wrong-padding' }
    if (readSum(node) + readSum(beside) >= SUM_LIMIT) return { ok: false, reason: 'sum-overflow' }
    node = at % 2 === 0 ? joinNodes(node, beside) : joinNodes(beside, node)
    width = Math.ceil(width / 2)
  }
  if (toHex(node.subarray(0, HASH_BYTES)) !== claim.root) return { ok: false, reason: 'wrong-root' }
  return readSum(node) === claim.total ? { ok: true } : { ok: false, reason: 'wrong-total' }
}

/** The node of a leaf. */
export function hashLeaf({ account, salt, amount }: Leaf): Uint8Array<ArrayBuffer> {
  const saltBytes = fromHex(salt, 16)
  if (!saltBytes) throw new RangeError('a salt must be 32 hex characters')
  const input = new Uint8Array(1 + 16 + HASH_BYTES + 16)
  input.set(saltBytes, 1)
  input.set(sha256(encoder.encode(account)), 17)
  writeSum(input, 49, amount)
  const node = new Uint8Array(NODE_BYTES)
  node.set(sha256(input))
  node.set(input.subarray(49), HASH_BYTES)
  return node
}

function findLeafFault({ account, salt, amount }: Leaf): LeafFault | undefined {
  if (!/^[\x21-\x7e]{1,128}$/.test(account)) return 'bad-account'
  if (!/^[0-9a-f]{32}$/.test(salt)) return 'bad-salt'
  if (amount < 0n) return 'negative-amount'
  return amount < SUM_LIMIT ? undefined : 'amount-overflow'
}

function growLevel(level: Uint8Array): Uint8Array<ArrayBuffer> {
  const pairs = Math.ceil(level.length / NODE_BYTES / 2)
  const above = new Uint8Array(pairs * NODE_BYTES)
  for (let pair = 0; pair < pairs; pair++) {
    const at = pair * 2 * NODE_BYTES
    const left = level.subarray(at, at + NODE_BYTES)
    const right =
      at + NODE_BYTES < level.length ? level.subarray(at + NODE_BYTES, at + 2 * NODE_BYTES) : PADDING
    above.set(joinNodes(left, right), pair * NODE_BYTES)
  }
  return above
}

function joinNodes(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const input = new Uint8Array(1 + 2 * NODE_BYTES)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 1 + NODE_BYTES)
  const node = new Uint8Array(NODE_BYTES)
  node.set(sha256(input))
  writeSum(node, HASH_BYTES, readSum(left) + readSum(right))
  return node
}

function readSum(node: Uint8Array): bigint {
  const view = new DataView(node.buffer, node.byteOffset + HASH_BYTES, 16)
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8)
}

function writeSum(bytes: Uint8Array, at: number, sum: bigint): void {
  if (sum < 0n || sum >= SUM_LIMIT) throw new RangeError(`a sum must be from 0 to 2^128 − 1, got ${sum}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 16)
  view.setBigUint64(0, sum >> 64n)
  view.setBigUint64(8, sum & 0xffff_ffff_ffff_ffffn)
}

function fromHex(text: string, length: number): Uint8Array<ArrayBuffer> | undefined {
  if (text.length !== length * 2 || !/^[0-9a-f]*$/.test(text)) return undefined
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16))
}
