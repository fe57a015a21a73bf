import { z } from 'zod'
import { toHex } from '../../../protocol/src/canonical-json.ts'
import {
  growTree,
  hashLeaf,
  heightOf,
  type Leaf,
  makePath,
  NODE_BYTES,
  type SumTree,
} from '../../../protocol/src/reserves/sum-tree.ts'

/** How wide the level is, at most, that a crown keeps. */
export const CROWN_WIDTH = 1024

/**
 * The upper part of a tree whose leaves stand in the order of their salts. A path is made from the crown and the 2^height
 * leaves (of 100,000: 128) below one of its nodes, instead of from all leaves.
 */
export const treeCrownSchema = z.object({
  /** Which secret the salts are drawn from. */
  saltKeyId: z.string(),
  leaves: z.int().min(0),
  /** How many levels lie below it. */
  height: z.int().min(0),
  /** The salt of the first leaf below each node. */
  firstSalts: z.string().array(),
  /** The nodes of its lowest level, hex. */
  nodes: z.string().array(),
})
export type TreeCrown = z.infer<typeof treeCrownSchema>

/** The crown of a tree. */
export function makeCrown(tree: SumTree, leaves: readonly Leaf[], saltKeyId: string): TreeCrown {
  const height = Math.max(0, heightOf(leaves.length) - heightOf(CROWN_WIDTH))
  const level = tree.levels[height] ?? new Uint8Array()
  const nodes = Array.from({ length: level.length / NODE_BYTES }, (_, i) =>
    toHex(level.subarray(i * NODE_BYTES, (i + 1) * NODE_BYTES)),
  )
  const firstSalts = nodes.map((_, i) => leaves[i * 2 ** height]?.salt ?? '')
  return { saltKeyId, leaves: leaves.length, height, firstSalts, nodes }
}

/** Below which of the crown's nodes a leaf with this salt stands, if there is one. */
export function findBranch({ firstSalts }: TreeCrown, salt: string): number | undefined {
  const after = firstSalts.findIndex((first) => first > salt)
  const branch = after === -1 ? firstSalts.length - 1 : after - 1
  return branch < 0 ? undefined : branch
}

/** The places of the leaves below a node: from `from` up to, and without, `to`. */
export function branchPlaces({ height, leaves }: TreeCrown, branch: number) {
  return { from: branch * 2 ** height, to: Math.min((branch + 1) * 2 ** height, leaves) }
}

/** Makes paths from a crown: `branch` says which of its nodes, `leaves` are all that stand below that node, in their order. */
export function createPathMaker(crown: TreeCrown) {
  const upper = growTree(fromHex(crown.nodes.join('')), heightOf(crown.nodes.length))
  return (branch: number, leaves: readonly Leaf[]): ((place: number) => readonly string[]) => {
    const nodes = new Uint8Array(leaves.length * NODE_BYTES)
    for (const [i, leaf] of leaves.entries()) nodes.set(hashLeaf(leaf), i * NODE_BYTES)
    const lower = growTree(nodes, crown.height)
    const above = makePath(upper, branch)
    const { from } = branchPlaces(crown, branch)
    return (place) => [...makePath(lower, place - from), ...above]
  }
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}
