import type { ReservePaths } from '../../../protocol/src/reserves/reserve-document.ts'
import { toDayText } from './reserve-day.ts'
import { drawSalt, type ReserveKeys } from './reserve-keys.ts'
import type { ProofForPaths, StoredLeaf } from './reserve-store.ts'
import { branchPlaces, createPathMaker, findBranch, treeCrownSchema } from './tree-crown.ts'

export type OwnPathsDeps = {
  readonly findProofForPaths: (day: number) => Promise<ProofForPaths | undefined>
  readonly listOwnLedgerIds: (accountId: number) => Promise<readonly number[]>
  readonly readLeaves: (
    day: number,
    ranges: readonly { from: number; to: number }[],
  ) => Promise<readonly StoredLeaf[]>
  readonly reserveKeys: () => Promise<Pick<ReserveKeys, 'saltSecret' | 'saltKeyId'>>
}
export type OwnPathsResult =
  | { readonly ok: true; readonly paths: ReservePaths }
  /** `paths-gone`: the day's leaves were deleted, or the secret of their salts has changed. */
  | { readonly ok: false; readonly reason: 'unknown-day' | 'paths-gone' }

/** The paths of all of an account's places in the ledger in the tree of a day. Those that came later have none. */
export async function readOwnPaths(
  deps: OwnPathsDeps,
  { day, accountId }: { readonly day: number; readonly accountId: number },
): Promise<OwnPathsResult> {
  const proof = await deps.findProofForPaths(day)
  if (!proof) return { ok: false, reason: 'unknown-day' }
  const { saltSecret, saltKeyId } = await deps.reserveKeys()
  const crown = proof.crown === null ? undefined : treeCrownSchema.parse(JSON.parse(proof.crown))
  if (crown?.saltKeyId !== saltKeyId) return { ok: false, reason: 'paths-gone' }

  const ledgerIds = await deps.listOwnLedgerIds(accountId)
  const branchOf = (ledgerId: number) => findBranch(crown, drawSalt(saltSecret, day, ledgerId))
  const branches = [...new Set(ledgerIds.map(branchOf))].filter((branch) => branch !== undefined)
  const leaves = await deps.readLeaves(
    day,
    branches.map((branch) => branchPlaces(crown, branch)),
  )
  const makePaths = createPathMaker(crown)
  const wanted = new Set(ledgerIds)
  const paths = branches.flatMap((branch) => {
    const { from, to } = branchPlaces(crown, branch)
    const below = leaves.filter(({ place }) => place >= from && place < to)
    const stepsOf = makePaths(branch, below)
    return below
      .filter(({ ledgerId }) => wanted.has(ledgerId))
      .map(({ account, amount, salt, place }) => ({
        account,
        amount: amount.toString(),
        salt,
        place,
        steps: [...stepsOf(place)],
      }))
  })
  return {
    ok: true,
    paths: {
      day: toDayText(day),
      root: proof.root,
      total: proof.total.toString(),
      leaves: proof.leaves,
      paths: paths.toSorted((a, b) => (a.account > b.account ? -1 : 1)),
    },
  }
}
