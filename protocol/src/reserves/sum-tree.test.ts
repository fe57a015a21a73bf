import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  checkPath,
  growTree,
  hashLeaf,
  heightOf,
  type Leaf,
  makePath,
  makeTree,
  NODE_BYTES,
  SUM_LIMIT,
} from './sum-tree.ts'
import { claimAndPath, createRandom, randomLeaves, treeOf } from './sum-tree-fixture.ts'

const leafOf = (n: number, amount: bigint): Leaf => ({
  account: `liab:user:${n}`,
  salt: n.toString(16).padStart(32, '0'),
  amount,
})
const FIVE = [3n, 0n, 5_000_000_000n, 7n, 11n].map((amount, i) => leafOf(100 + i, amount))
const sha = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')
const u128 = (value: bigint) => value.toString(16).padStart(32, '0')

test('a tree of three is what its definition says, hash by hash', () => {
  const [a, b, c] = [leafOf(1, 10n), leafOf(2, 20n), leafOf(3, 30n)]
  const leafHash = ({ account, salt, amount }: Leaf) =>
    sha(`00${salt}${createHash('sha256').update(account).digest('hex')}${u128(amount)}`)
  const left = sha(`01${leafHash(a)}${u128(10n)}${leafHash(b)}${u128(20n)}`)
  const right = sha(`01${leafHash(c)}${u128(30n)}${'00'.repeat(48)}`)
  expect(treeOf([a, b, c])).toMatchObject({
    root: sha(`01${left}${u128(30n)}${right}${u128(30n)}`),
    total: 60n,
  })
})
test('a tree of one leaf is that leaf, and needs no step', () => {
  const { claim, path } = claimAndPath([leafOf(1, 5n)], 0)
  expect(path.steps).toEqual([])
  expect(claim).toMatchObject({ total: 5n })
  expect(checkPath(claim, path)).toEqual({ ok: true })
})
test('an empty tree owes nothing and counts nobody', () => {
  const tree = treeOf([])
  expect(tree).toMatchObject({ root: '0'.repeat(64), total: 0n })
  expect(() => makePath(tree, 0)).toThrow(RangeError)
  expect(
    checkPath({ root: tree.root, total: 0n, leaves: 0 }, { ...leafOf(1, 0n), place: 0, steps: [] }),
  ).toEqual({
    ok: false,
    reason: 'bad-place',
  })
})
test('the height is that of the smallest full tree', () => {
  expect([0, 1, 2, 3, 4, 5, 8, 9, 1024, 1025, 100_000].map(heightOf)).toEqual([
    0, 0, 1, 2, 2, 3, 3, 4, 10, 11, 17,
  ])
})

test.each<[string, Leaf[], string, number]>([
  ['a negative amount', [leafOf(1, 1n), leafOf(2, -1n)], 'negative-amount', 1],
  ['an amount of 2^128', [leafOf(1, SUM_LIMIT)], 'amount-overflow', 0],
  ['a total of 2^128', [leafOf(1, SUM_LIMIT - 1n), leafOf(2, 1n)], 'sum-overflow', 1],
  ['an account twice', [leafOf(1, 1n), leafOf(2, 1n), leafOf(1, 2n)], 'duplicate-account', 2],
  ['an account without a name', [{ ...leafOf(1, 1n), account: '' }], 'bad-account', 0],
  [
    'an account with letters that look alike',
    [{ ...leafOf(1, 1n), account: 'liab:usеr:1' }],
    'bad-account',
    0,
  ],
  ['a short salt', [{ ...leafOf(1, 1n), salt: 'ab' }], 'bad-salt', 0],
  ['a salt in capitals', [{ ...leafOf(1, 1n), salt: 'AB'.repeat(16) }], 'bad-salt', 0],
])('a tree with %s is refused, with its place', (_, leaves, reason, place) => {
  expect(makeTree(leaves)).toEqual({ ok: false, reason, place })
})
test('the largest total that fits is kept exactly', () => {
  const { claim, path } = claimAndPath([leafOf(1, SUM_LIMIT - 2n), leafOf(2, 1n)], 1)
  expect(claim.total).toBe(SUM_LIMIT - 1n)
  expect(checkPath(claim, path)).toEqual({ ok: true })
})

test('every account of five is counted', () => {
  for (const place of FIVE.keys()) {
    const { claim, path } = claimAndPath(FIVE, place)
    expect(claim.total).toBe(5_000_000_021n)
    expect(checkPath(claim, path)).toEqual({ ok: true })
  }
})
test('a leaf that was left out is not found in the tree', () => {
  const { path } = claimAndPath(FIVE, 2)
  const { claim } = claimAndPath([...FIVE.slice(0, 2), leafOf(999, 5_000_000_000n), ...FIVE.slice(3)], 2)
  expect(checkPath(claim, path)).toEqual({ ok: false, reason: 'wrong-root' })
})
test('a leaf that was lowered in the tree is found out by its person', () => {
  const honest = claimAndPath(FIVE, 2)
  const lowered = claimAndPath(
    FIVE.map((leaf, i) => (i === 2 ? { ...leaf, amount: 1n } : leaf)),
    2,
  )
  expect(lowered.claim.total).toBeLessThan(honest.claim.total)
  const told = { ...lowered.path, amount: 5_000_000_000n }
  expect(checkPath(lowered.claim, told)).toEqual({ ok: false, reason: 'wrong-root' })
})
test('a sum that was lowered beside the leaf changes the root, even when the other sum is raised by as much', () => {
  const { claim, path } = claimAndPath(FIVE, 0)
  const beside = path.steps[1] ?? ''
  const lowered = beside.slice(0, 64) + u128(BigInt(`0x${beside.slice(64)}`) - 1n)
  const steps = path.steps.map((step, i) => (i === 1 ? lowered : step))
  expect(checkPath(claim, { ...path, steps })).toEqual({ ok: false, reason: 'wrong-root' })
  expect(checkPath(claim, { ...path, amount: path.amount + 1n, steps })).toEqual({
    ok: false,
    reason: 'wrong-root',
  })
})
test('a published total that is not the sum of the tree is found out', () => {
  const { claim, path } = claimAndPath(FIVE, 3)
  for (const total of [claim.total - 1n, claim.total + 1n, 0n]) {
    expect(checkPath({ ...claim, total }, path)).toEqual({ ok: false, reason: 'wrong-total' })
  }
})
test('sums that would wrap around 2^128 are refused, so nothing negative hides in them', () => {
  const { claim, path } = claimAndPath(FIVE, 0)
  const minusOne = `${(path.steps[0] ?? '').slice(0, 64)}${'f'.repeat(32)}`
  expect(checkPath(claim, { ...path, steps: [minusOne, ...path.steps.slice(1)] })).toEqual({
    ok: false,
    reason: 'sum-overflow',
  })
})
test('children that were swapped are another tree', () => {
  const { claim, path } = claimAndPath(FIVE.slice(0, 4), 0)
  expect(checkPath(claim, { ...path, place: 1 })).toEqual({ ok: false, reason: 'wrong-root' })
  const swapped = claimAndPath(
    [FIVE[1], FIVE[0], FIVE[2], FIVE[3]].filter((leaf) => leaf !== undefined),
    1,
  )
  expect(swapped.claim.root).not.toBe(claim.root)
  expect(checkPath(claim, swapped.path).ok).toBe(false)
})
test.each<[string, (path: ReturnType<typeof claimAndPath>['path']) => object, string]>([
  ['another salt', () => ({ salt: 'f'.repeat(32) }), 'wrong-root'],
  ['another account', () => ({ account: 'liab:user:7' }), 'wrong-root'],
  ['a raised amount', ({ amount }) => ({ amount: amount + 1n }), 'wrong-root'],
  ['a negative amount', () => ({ amount: -1n }), 'negative-amount'],
  ['an amount of 2^128', () => ({ amount: SUM_LIMIT }), 'amount-overflow'],
  ['its last step cut off', ({ steps }) => ({ steps: steps.slice(0, -1) }), 'wrong-length'],
  ['its first step cut off', ({ steps }) => ({ steps: steps.slice(1) }), 'wrong-length'],
  ['no steps', () => ({ steps: [] }), 'wrong-length'],
  ['a step too many', ({ steps }) => ({ steps: [...steps, '0'.repeat(96)] }), 'wrong-length'],
  ['a step cut short', ({ steps }) => ({ steps: [steps[0]?.slice(2), ...steps.slice(1)] }), 'bad-step'],
  ['a step that is no hex', ({ steps }) => ({ steps: ['z'.repeat(96), ...steps.slice(1)] }), 'bad-step'],
  ['steps in another order', ({ steps }) => ({ steps: steps.toReversed() }), 'wrong-root'],
  ['another place', () => ({ place: 2 }), 'wrong-root'],
  ['a place past the end', () => ({ place: 5 }), 'bad-place'],
  ['a negative place', () => ({ place: -1 }), 'bad-place'],
  ['a place between two', () => ({ place: 0.5 }), 'bad-place'],
])('a path with %s does not hold', (_, change, reason) => {
  const { claim, path } = claimAndPath(FIVE, 1)
  expect(checkPath(claim, { ...path, ...change(path) })).toEqual({ ok: false, reason })
})
test('a path of another tree does not hold', () => {
  const yesterday = claimAndPath(
    FIVE.map((leaf) => ({ ...leaf, salt: leaf.salt.replace('0', '1') })),
    1,
  )
  expect(checkPath(claimAndPath(FIVE, 1).claim, yesterday.path)).toEqual({ ok: false, reason: 'wrong-root' })
})
test('nothing can stand past the end of a level, where only padding is', () => {
  const hidden = growTree(
    Uint8Array.from([...FIVE, leafOf(999, 1n)].flatMap((leaf) => [...hashLeaf(leaf)])),
    3,
  )
  const claim = { root: hidden.root, total: hidden.total, leaves: 5 }
  const path = { ...(FIVE[4] ?? leafOf(0, 0n)), place: 4, steps: makePath(hidden, 4) }
  expect(checkPath(claim, path)).toEqual({ ok: false, reason: 'wrong-padding' })
  expect(checkPath({ ...claim, leaves: 6 }, path)).toEqual({ ok: true })
})
test('a node cannot be passed off as a leaf', () => {
  const four = claimAndPath(FIVE.slice(0, 4), 0)
  const upper = growTree(four.tree.levels[1] ?? new Uint8Array(), 1)
  expect(upper.root).toBe(four.claim.root)
  for (const leaf of FIVE) {
    const path = { ...leaf, place: 0, steps: makePath(upper, 0) }
    expect(checkPath({ ...four.claim, leaves: 2 }, path).ok).toBe(false)
  }
})

test('in random trees every leaf holds, and no leaf holds after any one change', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`SEED=${seed}`)
  const random = createRandom(seed)
  const pick = (count: number) => Math.floor(random() * count)
  for (let round = 0; round < 60; round++) {
    const leaves = randomLeaves(1 + pick(70), random)
    const place = pick(leaves.length)
    const { claim, path } = claimAndPath(leaves, place)
    const where = `seed ${seed}, round ${round}, ${leaves.length} leaves, place ${place}`
    expect(claim.total, where).toBe(leaves.reduce((sum, { amount }) => sum + amount, 0n))
    expect(checkPath(claim, path), where).toEqual({ ok: true })

    const flip = (text: string) => {
      const at = pick(text.length)
      const changed = (Number.parseInt(text.charAt(at), 16) ^ (1 + pick(15))).toString(16)
      return text.slice(0, at) + changed + text.slice(at + 1)
    }
    const stepAt = pick(path.steps.length)
    const changes = [
      { ...path, amount: path.amount + 1n + BigInt(pick(1e9)) },
      { ...path, amount: path.amount === 0n ? 1n : path.amount - 1n },
      { ...path, salt: flip(path.salt) },
      { ...path, account: `${path.account}0` },
      { ...path, steps: path.steps.slice(0, -1), place: path.steps.length === 0 ? -1 : place },
      ...(path.steps.length === 0
        ? []
        : [{ ...path, steps: path.steps.map((step, i) => (i === stepAt ? flip(step) : step)) }]),
      ...(leaves.length === 1
        ? []
        : [{ ...path, place: (place + 1 + pick(leaves.length - 1)) % leaves.length }]),
    ]
    for (const [n, changed] of changes.entries()) {
      expect(checkPath(claim, changed).ok, `${where}, change ${n}`).toBe(false)
    }
    expect(checkPath({ ...claim, root: flip(claim.root) }, path).ok, where).toBe(false)
    expect(checkPath({ ...claim, total: claim.total + 1n }, path).ok, where).toBe(false)
  }
})

test('a tree of 100,000 accounts stands, and a proof in it takes at most 900 bytes', () => {
  const leaves = Array.from({ length: 100_000 }, (_, i) => leafOf(i + 100, BigInt(i) * 1_000n))
  const startedMs = performance.now()
  const { claim, path } = claimAndPath(leaves, 77_777)
  console.log(`100,000 accounts in ${Math.round(performance.now() - startedMs)} ms`)
  expect(checkPath(claim, path)).toEqual({ ok: true })
  const bytes = path.steps.length * NODE_BYTES + 16 + 16 + 4 // with salt, amount and place
  expect(path.steps.every((step) => step.length === NODE_BYTES * 2)).toBe(true)
  expect(bytes).toBeLessThanOrEqual(900)
})
