import type { DepositBody } from '../ton/deposit-body.ts'
import { DEPOSIT_MIN } from './deposit-terms.ts'

/** Whose coins are these, as far as we know: what `attributeDeposit` looks up. */
export type DepositBook = {
  /** Accounts that exist, of those that bodies named. */
  readonly accounts: ReadonlySet<number>
  /** Raw addresses that accounts have proven, and the account. */
  readonly senders: ReadonlyMap<string, number>
  /** The operator's own wallets. */
  readonly operators: ReadonlySet<string>
}

/** Coins that arrived: an internal message to the wallet that sent nothing on. */
export type Arrival = {
  readonly sender: string
  readonly amount: bigint
  readonly bounced: boolean
  readonly body: DepositBody
}

export type Attribution =
  | {
      readonly to: 'account'
      readonly accountId: number
      readonly via: 'tag' | 'comment' | 'sender'
    }
  | { readonly to: 'float' }
  | { readonly to: 'suspense'; readonly reason: 'dust' | 'bounced' | 'nobody' }

/**
 * Says whose coins arrived: the body's tag, then its comment, then the account that has proven the sender's wallet. Nobody else is credited; a tag or comment of an account that does not exist names nobody.
 */
export function attributeDeposit(arrival: Arrival, book: DepositBook): Attribution {
  const { sender, amount, bounced, body } = arrival
  if (bounced) return { to: 'suspense', reason: 'bounced' }
  if (book.operators.has(sender)) return { to: 'float' }
  if (amount < DEPOSIT_MIN) return { to: 'suspense', reason: 'dust' }
  if (body.tag !== undefined && book.accounts.has(body.tag))
    return { to: 'account', accountId: body.tag, via: 'tag' }
  if (body.code !== undefined && book.accounts.has(body.code))
    return { to: 'account', accountId: body.code, via: 'comment' }
  const proven = book.senders.get(sender)
  if (proven !== undefined) return { to: 'account', accountId: proven, via: 'sender' }
  return { to: 'suspense', reason: 'nobody' }
}
