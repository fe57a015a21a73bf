import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Bytes } from '../bytes.ts'
import { toHex } from '../canonical-json.ts'
import {
  checkReceiptPath,
  makeReceiptPath,
  makeReceiptTree,
  receiptLeaf,
  TREE_LEAVES_MAX,
} from './receipt-tree.ts'

const SIZES = Array.from({ length: 71 }, (_, size) => size)
const leavesOf = (size: number) => Array.from({ length: size }, (_, place) => receiptLeaf({ place }))

/** RFC 6962 §2.1 as it is written there: from the top, with Node's own SHA-256. */
function rootFromTheTop(leaves: readonly Bytes[]): string {
  const hash = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  const head = (part: readonly Bytes[]): Uint8Array => {
    const [only] = part
    if (part.length <= 1) return only ?? hash()
    let half = 1
    while (half * 2 < part.length) half *= 2
    return hash(Uint8Array.of(1), head(part.slice(0, half)), head(part.slice(half)))
  }
  return toHex(head(leaves))
}

test('a leaf is SHA-256 of a zero byte and the canonical JSON, whatever order its members came in', () => {
  const expected = createHash('sha256').update(Buffer.from('\0{"a":1,"b":"x"}')).digest('hex')
  expect(toHex(receiptLeaf({ b: 'x', a: 1 }))).toBe(expected)
})

test.each(SIZES)('the root of %i leaves is that of RFC 6962', (size) => {
  const leaves = leavesOf(size)
  expect(makeReceiptTree(leaves).root).toBe(rootFromTheTop(leaves))
})

test.each(SIZES)('of %i leaves each holds at its own place, and at no other', (size) => {
  const leaves = leavesOf(size)
  const tree = makeReceiptTree(leaves)
  const claim = { root: tree.root, leaves: size }
  for (const [place, leaf] of leaves.entries()) {
    const steps = makeReceiptPath(tree, place)
    expect(checkReceiptPath(claim, leaf, { place, steps })).toEqual({ ok: true })
    for (const other of leaves.keys()) {
      if (other !== place) expect(checkReceiptPath(claim, leaf, { place: other, steps }).ok).toBe(false)
    }
  }
})

test.each(SIZES.filter((size) => size > 0))('of %i leaves no altered leaf, path or size holds', (size) => {
  const leaves = leavesOf(size)
  const tree = makeReceiptTree(leaves)
  const claim = { root: tree.root, leaves: size }
  const place = Math.floor(size / 2)
  const leaf = leaves[place] ?? new Uint8Array()
  const steps = makeReceiptPath(tree, place)
  const check = (changed: Partial<{ leaf: Bytes; steps: readonly string[]; root: string }>) =>
    checkReceiptPath({ ...claim, root: changed.root ?? claim.root }, changed.leaf ?? leaf, {
      place,
      steps: changed.steps ?? steps,
    })
  const flipped = (text: string) => (text.startsWith('0') ? '1' : '0') + text.slice(1)

  expect(check({ leaf: receiptLeaf({ place: -1 }) })).toEqual({ ok: false, reason: 'wrong-root' })
  expect(check({ root: flipped(claim.root) })).toEqual({ ok: false, reason: 'wrong-root' })
  expect(check({ steps: [...steps, claim.root] })).toEqual({ ok: false, reason: 'wrong-length' })
  for (const index of steps.keys()) {
    expect(check({ steps: steps.with(index, flipped(steps[index] ?? '')) }).ok).toBe(false)
    expect(check({ steps: steps.toSpliced(index, 1) })).toEqual({ ok: false, reason: 'wrong-length' })
  }
  // Another size with the same sides gives the same root: a size is only as good as the signature under it.
  const last = size - 1
  const lastLeaf = leaves[last] ?? new Uint8Array()
  const shorter = { root: tree.root, leaves: last }
  expect(checkReceiptPath(shorter, lastLeaf, { place: last, steps: makeReceiptPath(tree, last) })).toEqual({
    ok: false,
    reason: 'bad-place',
  })
})

test('a node cannot be passed off as a receipt', () => {
  const tree = makeReceiptTree(leavesOf(4))
  const [node] = tree.levels[1] ?? []
  const steps = makeReceiptPath(tree, 0).slice(1)
  // Whoever could choose a leaf's bytes could choose them to be two nodes: the first byte keeps them apart.
  const { root } = makeReceiptTree(tree.levels[1] ?? [])
  expect(checkReceiptPath({ root, leaves: 4 }, node ?? new Uint8Array(), { place: 0, steps }).ok).toBe(false)
  const [left, right] = tree.levels[0] ?? []
  const forged = createHash('sha256').update(
    Buffer.concat([Buffer.of(0), left ?? '', right ?? ''] as Buffer[]),
  )
  expect(toHex(forged.digest())).not.toBe(toHex(node ?? new Uint8Array()))
})

test.each([1, 2, 3, 7, 8, 9, 16, 17, 63, 64, 65, 70])(
  'the roots of parts of 8 give the root of all %i leaves',
  (size) => {
    const leaves = leavesOf(size)
    const parts = Array.from({ length: Math.ceil(size / 8) }, (_, n) => leaves.slice(n * 8, n * 8 + 8))
    const lower = parts.map((part) => makeReceiptTree(part))
    const upper = makeReceiptTree(lower.map(({ levels }) => levels.at(-1)?.[0] ?? new Uint8Array()))
    expect(upper.root).toBe(makeReceiptTree(leaves).root)
    for (const [place, leaf] of leaves.entries()) {
      const part = lower[Math.floor(place / 8)]
      const below = part ? makeReceiptPath(part, place % 8) : []
      const path = { place, steps: [...below, ...makeReceiptPath(upper, Math.floor(place / 8))] }
      expect(checkReceiptPath({ root: upper.root, leaves: size }, leaf, path)).toEqual({ ok: true })
    }
  },
)

const [LEAF = new Uint8Array()] = leavesOf(1)
const { root: ROOT } = makeReceiptTree([LEAF])

test.each([
  ['bad-claim', { root: '', leaves: 1 }, { place: 0, steps: [] }],
  ['bad-claim', { root: ROOT.toUpperCase(), leaves: 1 }, { place: 0, steps: [] }],
  ['bad-claim', { root: ROOT, leaves: Number.NaN }, { place: 0, steps: [] }],
  ['bad-claim', { root: ROOT, leaves: TREE_LEAVES_MAX + 1 }, { place: 0, steps: [] }],
  ['bad-place', { root: ROOT, leaves: 0 }, { place: 0, steps: [] }],
  ['bad-place', { root: ROOT, leaves: 1 }, { place: 1, steps: [] }],
  ['bad-place', { root: ROOT, leaves: 2 }, { place: -1, steps: [ROOT] }],
  ['bad-place', { root: ROOT, leaves: 2 }, { place: 0.5, steps: [ROOT] }],
  ['bad-place', { root: ROOT, leaves: 2 }, { place: Number.NaN, steps: [ROOT] }],
  ['bad-step', { root: ROOT, leaves: 2 }, { place: 0, steps: ['xy'] }],
  ['bad-step', { root: ROOT, leaves: 2 }, { place: 0, steps: [`${ROOT}00`] }],
  ['wrong-length', { root: ROOT, leaves: TREE_LEAVES_MAX }, { place: 5, steps: [] }],
] as const)('%s: what is no proof is refused and never thrown at', (reason, claim, path) => {
  expect(checkReceiptPath(claim, LEAF, path)).toEqual({ ok: false, reason })
})

test('places that the tree does not have are a mistake of the caller', () => {
  const tree = makeReceiptTree([LEAF])
  expect(() => makeReceiptPath(tree, 1)).toThrow(RangeError)
  expect(() => makeReceiptPath(tree, -1)).toThrow(RangeError)
})
