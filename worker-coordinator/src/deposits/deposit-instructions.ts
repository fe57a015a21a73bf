import { type TonNetwork, toFriendlyAddress } from '../ton/address.ts'
import { depositComment, depositTag } from '../ton/deposit-body.ts'

/** How an account pays in. */
export type DepositInstructions = {
  /** The hot wallet, as people see addresses. */
  readonly address: string
  /** The body of a TON Connect transaction, a base64 BOC. */
  readonly payload: string
  /** The comment to write when sending by hand. */
  readonly comment: string
  /** Opens a wallet with the address and the comment filled in. */
  readonly link: string
}

/** Says how to pay in, so that the deposit is credited to this account whoever sends it. `hotAddress` is raw. */
export function depositInstructions(deposit: {
  readonly accountId: number
  readonly hotAddress: string
  readonly network: TonNetwork
}): DepositInstructions {
  const address = toFriendlyAddress(deposit.hotAddress, deposit.network)
  const comment = depositComment(deposit.accountId)
  return {
    address,
    payload: depositTag(deposit.accountId),
    comment,
    link: `ton://transfer/${address}?text=${encodeURIComponent(comment)}`,
  }
}
