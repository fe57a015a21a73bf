import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { verifyVoucher } from '../../../protocol/src/escrow/voucher.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import {
  COLLECT_AGE_MS,
  COLLECT_MIN,
  COLLECT_WORTH_MIN,
  type EscrowState,
  type ReadEscrowState,
} from './escrow.ts'
import type { OpenEscrow } from './escrow-store.ts'

/** A voucher that is to be brought to its contract. */
export type CollectOrder = {
  readonly address: string
  readonly cumulative: Nano
  /** Base64url. */
  readonly signature: string
}

/**
 * Whether it is time to collect: at once when enough is due or the owner is leaving, later when little is. What is due is
 * the voucher's sum less what was collected, at most what the contract holds.
 */
export function isTimeToCollect(
  due: { readonly allowed: bigint; readonly lastCollectedAtMs: number; readonly state: EscrowState },
  nowMs: number,
): boolean {
  const { collected, available, closeAtS } = due.state
  const owed = due.allowed - collected
  const takeable = owed < available ? owed : available
  if (takeable < COLLECT_WORTH_MIN) return false
  return closeAtS !== 0 || takeable >= COLLECT_MIN || nowMs - due.lastCollectedAtMs >= COLLECT_AGE_MS
}

export type FindCollectsDeps = {
  readonly listOpenEscrows: () => Promise<readonly OpenEscrow[]>
  readonly readEscrowState: ReadEscrowState
  readonly noteCollected: (address: string, collected: Nano) => Promise<void>
}

/**
 * Finds what is to be collected now, by what the contracts say now: a voucher of a term that is over would only cost gas.
 * Escrows whose state cannot be read wait for the next time.
 */
export async function findCollects(deps: FindCollectsDeps, nowMs: number): Promise<readonly CollectOrder[]> {
  const orders: CollectOrder[] = []
  for (const escrow of await deps.listOpenEscrows()) {
    const { address, allowed, signature, sessionKey, lastCollectedAtMs } = escrow
    const read = await deps.readEscrowState(address)
    if (!read.ok) continue
    const { state } = read
    await deps.noteCollected(address, nano(state.collected))
    if (state.term === 0n || !isTimeToCollect({ allowed, lastCollectedAtMs, state }, nowMs)) continue
    const bytes = fromBase64Url(signature)
    const holds =
      bytes && (await verifyVoucher(sessionKey, bytes, { address, term: state.term, cumulative: allowed }))
    if (holds) orders.push({ address, cumulative: allowed, signature })
  }
  return orders
}
