import { Cell, loadTransaction, type Transaction } from '@ton/core'

/** One transaction as the chain keeps it. `account` is raw `0:<64 hex>`, `hash` lower-case hex. */
export type LoggedTransaction = {
  readonly account: string
  readonly lt: bigint
  readonly hash: string
  readonly seqno: number // of the masterchain block that holds it
  readonly transaction: Transaction
}

/** A transaction as it is written down: the account, the block's seqno and the transaction's BOC in base64. */
export type SavedTransaction = readonly [account: string, seqno: number, boc: string]

export type ChainLog = {
  readonly add: (account: string, seqno: number, transaction: Transaction) => LoggedTransaction
  /** Of one account, oldest first. */
  readonly of: (account: string) => readonly LoggedTransaction[]
  /** Of all accounts, in the order in which they happened. */
  readonly all: () => readonly LoggedTransaction[]
  readonly accounts: () => Iterable<string>
  readonly save: () => readonly SavedTransaction[]
  readonly load: (saved: readonly SavedTransaction[]) => void
}

/**
 * The chain's own record of what happened.
 *
 * The sandbox's `getTransactions` reverses its list in place and cannot page by lt and hash.
 */
export function createChainLog(): ChainLog {
  const all: LoggedTransaction[] = []
  const byAccount = new Map<string, LoggedTransaction[]>()
  const saved: SavedTransaction[] = []
  const push = (account: string, seqno: number, transaction: Transaction) => {
    const entry = {
      account,
      lt: transaction.lt,
      hash: transaction.hash().toString('hex'),
      seqno,
      transaction,
    }
    all.push(entry)
    const own = byAccount.get(account)
    if (own) own.push(entry)
    else byAccount.set(account, [entry])
    return entry
  }
  return {
    add: push,
    of: (account) => byAccount.get(account) ?? [],
    all: () => all,
    accounts: () => byAccount.keys(),
    save: () => {
      for (const { account, seqno, transaction } of all.slice(saved.length)) {
        saved.push([account, seqno, transaction.raw.toBoc().toString('base64')])
      }
      return [...saved]
    },
    load: (written) => {
      all.length = 0
      saved.length = 0
      byAccount.clear()
      for (const [account, seqno, boc] of written) {
        push(account, seqno, loadTransaction(Cell.fromBase64(boc).beginParse()))
        saved.push([account, seqno, boc])
      }
    },
  }
}
