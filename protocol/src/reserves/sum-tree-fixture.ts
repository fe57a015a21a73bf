import { type Leaf, type LeafPath, makePath, makeTree, type SumTree } from './sum-tree.ts'

/** Random numbers from 0 to 1 that a seed repeats (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** As many accounts with random salts and amounts up to 1,000 TON, some of them 0. */
export function randomLeaves(count: number, random: () => number): Leaf[] {
  const hex = () => Math.floor(random() * 16).toString(16)
  return Array.from({ length: count }, (_, i) => ({
    account: `liab:user:${i + 100}`,
    salt: Array.from({ length: 32 }, hex).join(''),
    amount: random() < 0.1 ? 0n : BigInt(Math.floor(random() * 1e12)),
  }))
}

/** The tree of leaves that make one. */
export function treeOf(leaves: readonly Leaf[]): SumTree {
  const made = makeTree(leaves)
  if (!made.ok) throw new Error(`these leaves make no tree: ${made.reason} at ${made.place}`)
  return made.tree
}

/** What would be published of the tree, and the path of one leaf. */
export function claimAndPath(leaves: readonly Leaf[], place: number) {
  const tree = treeOf(leaves)
  const leaf = leaves[place]
  if (!leaf) throw new Error(`no leaf at ${place}`)
  const path: LeafPath = { ...leaf, place, steps: makePath(tree, place) }
  return { tree, claim: { root: tree.root, total: tree.total, leaves: leaves.length }, path }
}
