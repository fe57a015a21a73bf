import { beforeAll, expect, test } from 'vitest'
import { reserveComment } from './reserve-comment.ts'
import {
  isSignedReserveDocument,
  type ReserveDocument,
  type ReservePath,
  type ReservePaths,
  reserveDocumentSchema,
} from './reserve-document.ts'
import { setupProof } from './reserve-document-fixture.ts'
import { checkPath, growTree, hashLeaf, makePath, SUM_LIMIT } from './sum-tree.ts'
import { createRandom, randomLeaves } from './sum-tree-fixture.ts'

// What the page at /reserves checks with, against the code that makes the trees: two programs, one answer.

type PathsResult = {
  readonly fault: string | undefined
  readonly counted: bigint
  readonly leaves: readonly { readonly account: string; readonly amount: bigint; readonly reason?: string }[]
}
type ReservesCheck = {
  readonly readProofFile: (text: string) => {
    readonly kind: string
    readonly reason?: string
    readonly field?: string
  }
  readonly checkDocument: (document: ReserveDocument) => Promise<{
    readonly signature: string
    readonly total: bigint
    readonly held: bigint
    readonly missing: bigint
  }>
  readonly checkPaths: (document: ReserveDocument, paths: ReservePaths) => Promise<PathsResult>
  readonly commentOf: (document: ReserveDocument) => string
}

let page: ReservesCheck
beforeAll(async () => {
  await import(new URL('../../../miniapp/public/reserves-check.js', import.meta.url).href)
  page = (globalThis as unknown as { reservesCheck: ReservesCheck }).reservesCheck
})

const LEAVES = randomLeaves(21, createRandom(21))

/** What both programs say of one path; throws where they differ. */
async function verdictOf(document: ReserveDocument, path: ReservePath): Promise<string | undefined> {
  const claim = { root: document.root, total: BigInt(document.total), leaves: document.leaves }
  const ours = checkPath(claim, { ...path, amount: BigInt(path.amount) })
  const { root, total, leaves, day } = document
  const theirs = await page.checkPaths(document, { day, root, total, leaves, paths: [path] })
  const reason = ours.ok ? undefined : ours.reason
  expect(theirs.leaves[0]?.reason, JSON.stringify(path)).toBe(reason)
  expect(theirs.counted).toBe(ours.ok ? BigInt(path.amount) : 0n)
  return reason
}

test('an honest proof holds: signature, every place, and their sum', async () => {
  const { document, paths } = await setupProof(LEAVES, [0, 7, 20])
  expect(await page.checkDocument(document)).toMatchObject({ signature: 'valid', missing: 0n })
  const result = await page.checkPaths(document, paths)
  expect(result.fault).toBeUndefined()
  expect(result.leaves.every(({ reason }) => reason === undefined)).toBe(true)
  expect(result.counted).toBe(paths.paths.reduce((sum, { amount }) => sum + BigInt(amount), 0n))
  expect(page.commentOf(document)).toBe(reserveComment(document))
})

test.each<[string, (path: ReservePath) => Partial<ReservePath>, string]>([
  ['a raised amount', ({ amount }) => ({ amount: String(BigInt(amount) + 1n) }), 'wrong-root'],
  ['a negative amount', () => ({ amount: '-1' }), 'negative-amount'],
  ['an amount of 2^128', () => ({ amount: SUM_LIMIT.toString() }), 'amount-overflow'],
  ['another salt', () => ({ salt: '0'.repeat(32) }), 'wrong-root'],
  ['no salt', () => ({ salt: '' }), 'bad-salt'],
  ['another account', () => ({ account: 'liab:user:7' }), 'wrong-root'],
  ['an account with a space', () => ({ account: 'liab:user: 7' }), 'bad-account'],
  ['another place', ({ place }) => ({ place: place ^ 1 }), 'wrong-root'],
  ['a place past the end', () => ({ place: 21 }), 'bad-place'],
  ['half a place', () => ({ place: 0.5 }), 'bad-place'],
  ['a step less', ({ steps }) => ({ steps: steps.slice(1) }), 'wrong-length'],
  ['a step more', ({ steps }) => ({ steps: [...steps, '0'.repeat(96)] }), 'wrong-length'],
  ['a step in capitals', ({ steps }) => ({ steps: steps.map((step) => step.toUpperCase()) }), 'bad-step'],
  ['steps turned around', ({ steps }) => ({ steps: steps.toReversed() }), 'wrong-root'],
  [
    'a sum that would wrap around',
    ({ steps }) => ({ steps: steps.map((step, i) => (i === 0 ? step.slice(0, 64) + 'f'.repeat(32) : step)) }),
    'sum-overflow',
  ],
])('a path with %s is refused by both programs for the same reason', async (_, change, reason) => {
  const { document, paths } = await setupProof(LEAVES, [6])
  const [path] = paths.paths
  if (!path) throw new Error('no path')
  expect(await verdictOf(document, { ...path, ...change(path) })).toBe(reason)
})
test('both programs find a total that is not the sum, and a leaf behind the end', async () => {
  const { document, paths } = await setupProof(LEAVES, [20])
  const [path] = paths.paths
  if (!path) throw new Error('no path')
  expect(await verdictOf({ ...document, total: '1' }, path)).toBe('wrong-total')
  const [hidden] = randomLeaves(1, createRandom(99))
  const nodes = [...LEAVES, hidden].flatMap((leaf) => (leaf ? [...hashLeaf(leaf)] : []))
  const tree = growTree(Uint8Array.from(nodes), 5)
  const claim = { ...document, root: tree.root, total: tree.total.toString() }
  expect(await verdictOf(claim, { ...path, steps: [...makePath(tree, 20)] })).toBe('wrong-padding')
})
test('in random trees, with random changes, both programs say the same', async () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`SEED=${seed}`)
  const random = createRandom(seed)
  const pick = (count: number) => Math.floor(random() * count)
  const flip = (text: string) => {
    const at = pick(text.length)
    const changed = (Number.parseInt(text.charAt(at), 16) ^ (1 + pick(15))).toString(16)
    return text.slice(0, at) + changed + text.slice(at + 1)
  }
  let refused = 0
  for (let round = 0; round < 40; round++) {
    const leaves = randomLeaves(2 + pick(40), random)
    const { document, paths } = await setupProof(leaves, [pick(leaves.length)])
    const [path] = paths.paths
    if (!path) throw new Error('no path')
    expect(await verdictOf(document, path), `seed ${seed}`).toBeUndefined()
    const at = pick(path.steps.length)
    const verdicts = [
      await verdictOf(document, {
        ...path,
        steps: path.steps.map((step, i) => (i === at ? flip(step) : step)),
      }),
      await verdictOf(document, { ...path, salt: flip(path.salt) }),
      await verdictOf({ ...document, root: flip(document.root) }, path),
    ]
    refused += verdicts.filter((verdict) => verdict !== undefined).length
  }
  expect(refused, `seed ${seed}`).toBe(120)
})

test.each<[string, Partial<ReserveDocument>]>([
  ['a lower total', { total: '1' }],
  ['another root', { root: '0'.repeat(64) }],
  ['more coins', { hot: '9007199254740991' }],
  ['another wallet', { hotWallet: `0:${'00'.repeat(32)}` }],
  ['another time', { createdAtMs: 5 }],
  ['no signature', { signature: '' }],
  ['a key of zeros', { publicKey: 'A'.repeat(43) }],
])('the signature of a statement with %s does not hold', async (_, change) => {
  const { document } = await setupProof(LEAVES, [])
  const changed = { ...document, ...change }
  expect(await isSignedReserveDocument(changed)).toBe(false)
  expect((await page.checkDocument(changed)).signature).toBe('invalid')
})
test('a browser without Ed25519 says so instead of calling the statement forged', async () => {
  const { document } = await setupProof(LEAVES, [])
  const real = crypto.subtle.importKey
  crypto.subtle.importKey = () => Promise.reject(new DOMException('no Ed25519', 'NotSupportedError'))
  try {
    expect((await page.checkDocument(document)).signature).toBe('unsupported')
  } finally {
    crypto.subtle.importKey = real
  }
})
test('a statement that owes more than it has says by how much', async () => {
  const { document } = await setupProof(LEAVES, [], { hot: '1', cold: '2' })
  const { total, held, missing } = await page.checkDocument(document)
  expect(held).toBe(3n)
  expect(missing).toBe(total - 3n)
})

test.each<[string, (paths: ReservePaths) => Partial<ReservePaths>, string]>([
  ['of another day', () => ({ day: '2026-11-21' }), 'other-day'],
  ['of another root', () => ({ root: '0'.repeat(64) }), 'other-tree'],
  ['of another total', () => ({ total: '1' }), 'other-tree'],
  ['of a tree of another size', () => ({ leaves: 22 }), 'other-tree'],
  ['without any', () => ({ paths: [] }), 'no-paths'],
  ['with one twice', ({ paths }) => ({ paths: [...paths, ...paths] }), 'repeated'],
])('paths %s count nothing', async (_, change, fault) => {
  const { document, paths } = await setupProof(LEAVES, [3, 4])
  expect(await page.checkPaths(document, { ...paths, ...change(paths) })).toMatchObject({
    fault,
    counted: 0n,
  })
})
test('of two places, one of them changed, only the other is counted', async () => {
  const { document, paths } = await setupProof(LEAVES, [3, 4])
  const changed = paths.paths.map((path, i) => (i === 0 ? { ...path, amount: '123' } : path))
  const result = await page.checkPaths(document, { ...paths, paths: changed })
  expect(result.leaves.map(({ reason }) => reason)).toEqual(['wrong-root', undefined])
  expect(result.counted).toBe(BigInt(paths.paths[1]?.amount ?? -1))
})

test('files are told apart, and the answer of /v1/reserves is a statement too', async () => {
  const { document, paths } = await setupProof(LEAVES, [3])
  expect(page.readProofFile(JSON.stringify(document))).toEqual({ kind: 'document', document })
  expect(page.readProofFile(JSON.stringify({ latest: document, days: [] }))).toEqual({
    kind: 'document',
    document,
  })
  expect(page.readProofFile(JSON.stringify(paths))).toEqual({ kind: 'paths', paths })
})
test.each<[string, (proof: { document: ReserveDocument; paths: ReservePaths }) => unknown, object]>([
  ['a list', () => [], { reason: 'not-ours' }],
  ['nothing', () => null, { reason: 'not-ours' }],
  ['an error of the network', () => ({ error: { code: 'unknown_day' } }), { reason: 'not-ours' }],
  [
    'an amount as a number',
    ({ document }) => ({ ...document, total: 5 }),
    { reason: 'bad-field', field: 'total' },
  ],
  [
    'a negative total',
    ({ document }) => ({ ...document, total: '-5' }),
    { reason: 'bad-field', field: 'total' },
  ],
  ['a field more', ({ document }) => ({ ...document, note: '' }), { reason: 'bad-field', field: 'note' }],
  [
    'too many leaves',
    ({ document }) => ({ ...document, leaves: 2 ** 31 }),
    { reason: 'bad-field', field: 'leaves' },
  ],
  [
    'steps that are none',
    ({ paths }) => ({ ...paths, paths: [{ ...paths.paths[0], steps: [1] }] }),
    { field: 'steps' },
  ],
  [
    'an amount of 1e9',
    ({ paths }) => ({ ...paths, paths: [{ ...paths.paths[0], amount: '1e9' }] }),
    { field: 'amount' },
  ],
  ['a place that is none', ({ paths }) => ({ ...paths, paths: [null] }), { field: 'paths' }],
])('%s is no proof', async (_, change, expected) => {
  const proof = await setupProof(LEAVES, [3])
  const value = change(proof)
  expect(page.readProofFile(JSON.stringify(value))).toMatchObject({ kind: 'neither', ...expected })
  expect(reserveDocumentSchema.safeParse(value).success).toBe(false)
})
test('what is no JSON is said to be none', () => {
  expect(page.readProofFile('{"day":')).toEqual({ kind: 'neither', reason: 'not-json' })
})
