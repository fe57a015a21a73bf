import { toBase64Url } from '../canonical-json.ts'
import { type ReserveDocument, type ReservePaths, signReserveDocument } from './reserve-document.ts'
import type { Leaf } from './sum-tree.ts'
import { makePath } from './sum-tree.ts'
import { treeOf } from './sum-tree-fixture.ts'

/** A signed document over these leaves, with the paths of some of their places, and the key that signed it. */
export async function setupProof(
  leaves: readonly Leaf[],
  places: readonly number[],
  change: Partial<Omit<ReserveDocument, 'signature'>> = {},
) {
  const keys = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const tree = treeOf(leaves)
  const claim = { day: '2026-11-22', root: tree.root, total: tree.total.toString(), leaves: leaves.length }
  const document = await signReserveDocument(keys.privateKey, {
    version: 1,
    network: '-239',
    ...claim,
    hotWallet: `0:${'ab'.repeat(32)}`,
    hot: tree.total.toString(),
    cold: '0',
    scannedLt: '47000000000001',
    scannedHash: 'cd'.repeat(32),
    createdAtMs: Date.UTC(2026, 10, 22, 0, 1),
    publicKey: toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey))),
    ...change,
  })
  const paths: ReservePaths = {
    ...claim,
    paths: leaves
      .map(({ account, amount, salt }, place) => ({
        account,
        amount: amount.toString(),
        salt,
        place,
        steps: [],
      }))
      .filter(({ place }) => places.includes(place))
      .map((path) => ({ ...path, steps: [...makePath(tree, path.place)] })),
  }
  return { document, paths, keys, tree }
}
