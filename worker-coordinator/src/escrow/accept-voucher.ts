import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { verifyVoucher } from '../../../protocol/src/escrow/voucher.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import type { ReadEscrow, ReadEscrowState } from './escrow.ts'
import type { Escrow } from './escrow-store.ts'

export type AcceptVoucherDeps = {
  readonly findEscrow: (address: string) => Promise<Escrow | undefined>
  readonly readEscrowState: ReadEscrowState
  /** Keeps the voucher if it is higher than what is kept, or takes the place of a dead one. Gives what is kept then. */
  readonly keepVoucher: (voucher: {
    readonly address: string
    readonly allowed: Nano
    readonly signature: string
    readonly dead: string | undefined
  }) => Promise<Escrow | undefined>
}

export type AcceptVoucherResult =
  | { readonly ok: true; readonly escrow: Escrow }
  | {
      readonly ok: false
      readonly reason:
        | 'escrow-not-found'
        | 'escrow-empty'
        | 'escrow-closing'
        | 'bad-voucher-signature'
        | 'voucher-not-higher'
        | 'voucher-over-balance'
        | Extract<ReadEscrow, { ok: false }>['reason']
    }

/**
 * Keeps a voucher that the contract would honour now: signed by its session key for its present term, higher than the one
 * before, and covered by what it holds. The same voucher again changes nothing, since a reply may have been lost.
 */
export async function acceptVoucher(
  deps: AcceptVoucherDeps,
  voucher: {
    readonly accountId: number
    readonly address: string
    readonly cumulative: Nano
    readonly signature: string
  },
): Promise<AcceptVoucherResult> {
  const { accountId, address, cumulative, signature } = voucher
  const escrow = await deps.findEscrow(address)
  if (!escrow || escrow.accountId !== accountId) return { ok: false, reason: 'escrow-not-found' }
  const read = await deps.readEscrowState(address)
  if (!read.ok) return read
  const { term, collected, available, closeAtS } = read.state
  if (term === 0n) return { ok: false, reason: 'escrow-empty' }
  if (closeAtS !== 0) return { ok: false, reason: 'escrow-closing' }

  const holds = async (sum: Nano, text: string) => {
    const bytes = fromBase64Url(text)
    return bytes !== undefined && verifyVoucher(escrow.sessionKey, bytes, { address, term, cumulative: sum })
  }
  if (!(await holds(cumulative, signature))) return { ok: false, reason: 'bad-voucher-signature' }
  const { allowed, signature: kept } = escrow
  const keptHolds = kept !== null && (await holds(allowed, kept))
  if (keptHolds && cumulative === allowed) return { ok: true, escrow }
  if (cumulative <= collected || (keptHolds && cumulative <= allowed)) {
    return { ok: false, reason: 'voucher-not-higher' }
  }
  if (cumulative > collected + available) return { ok: false, reason: 'voucher-over-balance' }

  const dead = kept !== null && !keptHolds ? kept : undefined
  const now = await deps.keepVoucher({ address, allowed: cumulative, signature, dead })
  return now?.signature === signature && now.allowed === cumulative
    ? { ok: true, escrow: now }
    : { ok: false, reason: 'voucher-not-higher' }
}
