import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import type { RegisterEscrowRequest } from '../../../protocol/src/escrow/escrows.ts'
import { verifyRegistration } from '../../../protocol/src/escrow/voucher.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { CLOSE_DELAY_MIN_S, type ReadEscrow, type ReadEscrowState } from './escrow.ts'
import type { AddEscrowResult, Escrow } from './escrow-store.ts'

export type RegisterEscrowDeps = {
  /** The address that a contract of our code has with these terms, our hot wallet as payee, on our network. */
  readonly deriveEscrowAddress: (terms: RegisterEscrowRequest['terms']) => string
  readonly readEscrowState: ReadEscrowState
  readonly addEscrow: (escrow: {
    readonly address: string
    readonly accountId: number
    readonly sessionKey: string
    readonly collected: Nano
  }) => Promise<AddEscrowResult>
}

export type RegisterEscrowResult =
  | { readonly ok: true; readonly escrow: Escrow }
  | {
      readonly ok: false
      readonly reason:
        | 'not-our-escrow'
        | 'delay-too-short'
        | 'bad-registration-signature'
        | Extract<ReadEscrow, { ok: false }>['reason']
        | Extract<AddEscrowResult, { ok: false }>['reason']
    }

/**
 * Takes an escrow into an account. That its code is ours needs no reading: an address is the hash of code and terms, and
 * the code has no way to change itself. The session key's signature over address and account keeps others from having
 * the coins credited to themselves.
 */
export async function registerEscrow(
  deps: RegisterEscrowDeps,
  accountId: number,
  { address, terms, signature }: RegisterEscrowRequest,
): Promise<RegisterEscrowResult> {
  if (deps.deriveEscrowAddress(terms) !== address) return { ok: false, reason: 'not-our-escrow' }
  if (terms.close_delay_seconds < CLOSE_DELAY_MIN_S) return { ok: false, reason: 'delay-too-short' }
  const bytes = fromBase64Url(signature)
  if (!bytes || !(await verifyRegistration(terms.session_key, bytes, { address, accountId }))) {
    return { ok: false, reason: 'bad-registration-signature' }
  }
  const read = await deps.readEscrowState(address)
  if (!read.ok) return read
  return deps.addEscrow({
    address,
    accountId,
    sessionKey: terms.session_key,
    collected: nano(read.state.collected),
  })
}
