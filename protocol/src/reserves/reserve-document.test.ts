import { expect, test } from 'vitest'
import { parseReserveComment, reserveComment } from './reserve-comment.ts'
import {
  isSignedReserveDocument,
  type ReserveDocument,
  reserveDocumentSchema,
  reservePathsSchema,
} from './reserve-document.ts'
import { setupProof } from './reserve-document-fixture.ts'
import { createRandom, randomLeaves } from './sum-tree-fixture.ts'

const LEAVES = randomLeaves(5, createRandom(5))

test('a document that was signed holds, also after it went through JSON', async () => {
  const { document, paths } = await setupProof(LEAVES, [1])
  const read = reserveDocumentSchema.parse(JSON.parse(JSON.stringify(document)))
  expect(await isSignedReserveDocument(read)).toBe(true)
  expect(reservePathsSchema.parse(JSON.parse(JSON.stringify(paths)))).toEqual(paths)
})
test.each<[string, Partial<ReserveDocument>]>([
  ['another root', { root: '1'.repeat(64) }],
  ['a lower total', { total: '1' }],
  ['fewer leaves', { leaves: 4 }],
  ['another day', { day: '2026-11-23' }],
  ['another network', { network: '-3' }],
  ['another wallet', { hotWallet: `0:${'ef'.repeat(32)}` }],
  ['more coins', { hot: '9007199254740991' }],
  ['more cold coins', { cold: '1' }],
  ['another place on the chain', { scannedLt: '48' }],
  ['another transaction', { scannedHash: '' }],
  ['another time', { createdAtMs: 1 }],
  ['no signature', { signature: '' }],
  ['a signature that is no base64url', { signature: '!' }],
])('a document with %s is not signed', async (_, change) => {
  const { document } = await setupProof(LEAVES, [])
  expect(await isSignedReserveDocument({ ...document, ...change })).toBe(false)
})
test("a document with another's key is not signed", async () => {
  const [one, other] = await Promise.all([setupProof(LEAVES, []), setupProof(LEAVES, [])])
  expect(await isSignedReserveDocument({ ...one.document, publicKey: other.document.publicKey })).toBe(false)
})
test.each<[string, object]>([
  ['an amount below zero', { total: '-1' }],
  ['an amount with a point', { hot: '1.5' }],
  ['an amount above what the ledger keeps', { cold: '9007199254740992' }],
  ['a field more', { note: 'trust us' }],
  ['a day that does not exist', { day: '2026-02-30' }],
  ['another version', { version: 2 }],
])('a document with %s is refused', async (_, change) => {
  const { document } = await setupProof(LEAVES, [])
  expect(reserveDocumentSchema.safeParse({ ...document, ...change }).success).toBe(false)
})
test('the comment on the chain is read back as it was written', () => {
  const published = { day: '2026-11-22', root: 'ab'.repeat(32) }
  expect(reserveComment(published)).toBe(`sharnaqa reserves 2026-11-22 ${'ab'.repeat(32)}`)
  expect(parseReserveComment(reserveComment(published))).toEqual(published)
  for (const text of [
    '',
    'hello',
    `sharnaqa reserves 2026-11-22 ${'AB'.repeat(32)}`,
    `${reserveComment(published)} `,
  ]) {
    expect(parseReserveComment(text)).toBeUndefined()
  }
})
