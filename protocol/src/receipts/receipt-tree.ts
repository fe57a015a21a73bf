import { type Bytes, concatBytes, fromHex, utf8 } from '../bytes.ts'
import { canonicalJson, type Json, toHex } from '../canonical-json.ts'
import { sha256 } from '../reserves/sha256.ts'

/*
 * The tree of a day's receipts: a Merkle tree as in RFC 6962 §2.1. Its leaves and its nodes are hashed apart, so that a
 * node cannot be passed off as a receipt. A node without a neighbour rises as it is.
 *
 *   leaf  SHA-256(0x00 ‖ canonical JSON of the receipt, UTF-8)
 *   node  SHA-256(0x01 ‖ left (32) ‖ right (32))
 *   empty SHA-256("")
 */

/** Bytes of a hash. */
const HASH_BYTES = 32
/** How many receipts a tree holds at most: places stay whole numbers of 31 bits. */
export const TREE_LEAVES_MAX = 2 ** 31 - 1
const LEAF_LABEL = Uint8Array.of(0)
const NODE_LABEL = Uint8Array.of(1)

/** A tree, its levels one above the other: the leaves first, the root last. Hashes are raw. */
export type ReceiptTree = {
  /** Hex. */
  readonly root: string
  readonly levels: readonly (readonly Bytes[])[]
}

/** What was published of a tree. `root` is hex. */
export type ReceiptTreeClaim = { readonly root: string; readonly leaves: number }
/** Where a leaf stands, and the hashes beside its way to the root, from below, hex. */
export type ReceiptPath = { readonly place: number; readonly steps: readonly string[] }
/** Why a path proves nothing. */
export type ReceiptPathFault =
  /** The claim is none: no root, or no number of leaves. */
  | 'bad-claim'
  /** The tree has no such place. */
  | 'bad-place'
  /** Too few or too many steps for this place in so many leaves. */
  | 'wrong-length'
  /** A step is not 64 hex characters. */
  | 'bad-step'
  /** The leaf, or a step, is not of this tree. */
  | 'wrong-root'
export type CheckReceiptPathResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: ReceiptPathFault }

/** The leaf of a receipt, raw. */
export function receiptLeaf(receipt: Json): Bytes {
  return sha256(concatBytes(LEAF_LABEL, utf8(canonicalJson(receipt))))
}

/**
 * Makes the tree of these hashes, in their order: of leaves, or of the roots of parts that are all full, but for the
 * last, and of one same power of two of leaves. Both give the same root.
 */
export function makeReceiptTree(hashes: readonly Bytes[]): ReceiptTree {
  if (hashes.length > TREE_LEAVES_MAX)
    throw new RangeError(`a tree holds at most ${TREE_LEAVES_MAX} receipts, got ${hashes.length}`)
  const levels = [hashes]
  let level = hashes
  while (level.length > 1) {
    level = growLevel(level)
    levels.push(level)
  }
  return { root: toHex(level[0] ?? sha256(new Uint8Array())), levels }
}

/** The hashes beside a leaf's way to the root, from below, hex. Throws a RangeError for a place that the tree does not have. */
export function makeReceiptPath({ levels }: ReceiptTree, place: number): readonly string[] {
  const width = levels[0]?.length ?? 0
  if (!Number.isInteger(place) || place < 0 || place >= width)
    throw new RangeError(`a tree of ${width} receipts has no place ${place}`)
  return levels.flatMap((level, height) => {
    const beside = level[(place >>> height) ^ 1]
    return beside ? [toHex(beside)] : []
  })
}

/** Checks that a leaf is in a published tree, at this very place (RFC 9162 §2.1.3.2). Whatever it cannot read, it refuses. */
export function checkReceiptPath(
  claim: ReceiptTreeClaim,
  leaf: Bytes,
  path: ReceiptPath,
): CheckReceiptPathResult {
  const { place, steps } = path
  if (!isCount(claim.leaves) || fromHex(claim.root)?.length !== HASH_BYTES) return refuse('bad-claim')
  if (!isCount(place) || place >= claim.leaves) return refuse('bad-place')
  const sides = sidesOf(place, claim.leaves)
  if (steps.length !== sides.length) return refuse('wrong-length')
  let node = leaf
  for (const [index, side] of sides.entries()) {
    const beside = fromHex(steps[index] ?? '')
    if (beside?.length !== HASH_BYTES) return refuse('bad-step')
    node = side === 'left' ? joinNodes(beside, node) : joinNodes(node, beside)
  }
  return toHex(node) === claim.root ? { ok: true } : refuse('wrong-root')
}

/** On which side each neighbour stands, from below. Levels on which the node has none are left out. */
function sidesOf(place: number, leaves: number): readonly ('left' | 'right')[] {
  const sides: ('left' | 'right')[] = []
  for (let at = place, last = leaves - 1; last > 0; at >>>= 1, last >>>= 1) {
    if (at % 2 === 1) sides.push('left')
    else if (at < last) sides.push('right')
  }
  return sides
}

function growLevel(level: readonly Bytes[]): readonly Bytes[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, pair) => {
    const left = level[pair * 2] ?? new Uint8Array()
    const right = level[pair * 2 + 1]
    return right ? joinNodes(left, right) : left
  })
}

function joinNodes(left: Bytes, right: Bytes): Bytes {
  return sha256(concatBytes(NODE_LABEL, left, right))
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= TREE_LEAVES_MAX
}

function refuse(reason: ReceiptPathFault): CheckReceiptPathResult {
  return { ok: false, reason }
}
