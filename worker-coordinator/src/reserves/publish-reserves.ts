import { canonicalJson } from '../../../protocol/src/canonical-json.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { type ReserveDocument, signReserveDocument } from '../../../protocol/src/reserves/reserve-document.ts'
import { makeTree } from '../../../protocol/src/reserves/sum-tree.ts'
import type { Log } from '../platform/log.ts'
import { dayOf, toDayText } from './reserve-day.ts'
import { drawSalt, type ReserveKeys } from './reserve-keys.ts'
import type { LedgerMoment, NewProof } from './reserve-store.ts'
import { makeCrown } from './tree-crown.ts'

/** For how many days paths can be asked for. */
export const LEAVES_KEPT_DAYS = 31
/** How many old leaves go in one run. Runs come every minute. */
const DELETED_PER_RUN = 10_000

export type PublishReservesDeps = {
  readonly nowMs: () => number
  readonly log: Log
  /** The network of TON, as wallets say it. */
  readonly network: ReserveDocument['network']
  readonly findDocument: (day: number) => Promise<string | undefined>
  readonly readLedgerMoment: () => Promise<LedgerMoment>
  readonly reserveKeys: () => Promise<ReserveKeys>
  /** Gives the document that stands after it. */
  readonly insertProof: (proof: NewProof) => Promise<string>
  readonly deleteLeavesBefore: (old: { beforeDay: number; limit: number }) => Promise<number>
}
export type PublishReservesResult =
  | { readonly ok: true; readonly day: number; readonly published: boolean }
  /** The hot wallet was never read: there is nothing to point at. */
  | { readonly ok: false; readonly reason: 'no-wallet' }

/**
 * Publishes today's proof of reserves (UTC) unless it stands already, then forgets some leaves that are too old. Made to
 * be called every minute, by any number of callers at once: the database takes one proof a day.
 */
export async function publishReserves(deps: PublishReservesDeps): Promise<PublishReservesResult> {
  const nowMs = deps.nowMs()
  const day = dayOf(nowMs)
  let published = false
  if ((await deps.findDocument(day)) === undefined) {
    const moment = await deps.readLedgerMoment()
    if (!moment.wallet) return { ok: false, reason: 'no-wallet' }
    const proof = await makeProof(await deps.reserveKeys(), {
      nowMs,
      network: deps.network,
      moment: { ...moment, wallet: moment.wallet },
    })
    published = (await deps.insertProof(proof)) === proof.document
    if (published) {
      deps.log('reserves-published', { day: toDayText(day), root: proof.root, leaves: proof.leaves.length })
    }
  }
  await deps.deleteLeavesBefore({ beforeDay: day - LEAVES_KEPT_DAYS + 1, limit: DELETED_PER_RUN })
  return { ok: true, day, published }
}

type Moment = LedgerMoment & { readonly wallet: NonNullable<LedgerMoment['wallet']> }

/** Makes the tree of a moment and signs what is published of it. */
export async function makeProof(
  keys: ReserveKeys,
  input: { readonly nowMs: number; readonly network: ReserveDocument['network']; readonly moment: Moment },
): Promise<NewProof> {
  const { nowMs, network, moment } = input
  const day = dayOf(nowMs)
  // In the order of the salts everybody has other neighbours every day, so nobody can follow a neighbour's balance.
  const leaves = moment.owed
    .map((owed) => ({ ...owed, salt: drawSalt(keys.saltSecret, day, owed.ledgerId) }))
    .toSorted((a, b) => (a.salt < b.salt ? -1 : 1))
  const made = makeTree(leaves)
  if (!made.ok) {
    throw new Error(`the ledger makes no tree: ${made.reason}, ${leaves[made.place]?.account}`)
  }
  const { root } = made.tree
  const total: Nano = nano(made.tree.total)
  const document = await signReserveDocument(keys.signingKey, {
    version: 1,
    network,
    day: toDayText(day),
    root,
    total: total.toString(),
    leaves: leaves.length,
    hotWallet: moment.wallet.address,
    hot: moment.hot.toString(),
    cold: moment.cold.toString(),
    scannedLt: moment.wallet.lastLt,
    scannedHash: moment.wallet.lastHash,
    createdAtMs: nowMs,
    publicKey: keys.publicKey,
  })
  const crown = JSON.stringify(makeCrown(made.tree, leaves, keys.saltKeyId))
  return { day, root, total, document: canonicalJson(document), crown, createdAt: nowMs, leaves }
}
