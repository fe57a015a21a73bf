import type { SandboxChain } from '../local/ton/sandbox-chain.ts'
import { toChainTransaction } from '../local/ton/to-chain-transaction.ts'
import { nextBalance } from '../worker-coordinator/src/ton/balance-math.ts'
import type { ChainTransaction } from '../worker-coordinator/src/ton/chain.ts'
import { readPayoutId } from '../worker-coordinator/src/ton/payout-body.ts'
import type { TrueChain } from './faults.ts'

export type Watched = TrueChain & {
  /** The balance after the transaction with this lt, by the fees that it says it took. */
  readonly balanceAt: (lt: string) => bigint
  /** How often each payout reached its destination. */
  readonly deliveries: () => ReadonlyMap<string, number>
  /** What of the books of this simulation is wrong with the chain itself; none. */
  readonly check: () => Promise<void>
}

/** Follows one wallet of the sandbox from now on. */
export function watchWallet(chain: SandboxChain, address: string): Watched {
  const transactions: ChainTransaction[] = []
  const balances: bigint[] = []
  const delivered = new Map<string, number>()
  let read = chain.allTransactions().length
  const catchUp = () => {
    const all = chain.allTransactions()
    for (; read < all.length; read++) {
      const entry = all[read]
      if (!entry) continue
      if (entry.account === address) {
        const transaction = toChainTransaction(entry.transaction)
        balances.push(nextBalance(balances.at(-1) ?? 0n, transaction))
        transactions.push(transaction)
      } else countDelivery(entry.transaction)
    }
  }
  const countDelivery = ({ inMessage }: Parameters<typeof toChainTransaction>[0]) => {
    if (inMessage?.info.type !== 'internal' || inMessage.info.src.toRawString() !== address) return
    const id = readPayoutId(inMessage.body.toBoc().toString('base64'))
    if (id !== undefined) delivered.set(id, (delivered.get(id) ?? 0) + 1)
  }
  return {
    address,
    transactions: () => {
      catchUp()
      return transactions
    },
    stateAt: async (count) => {
      catchUp()
      const seen = transactions.slice(0, count)
      const last = seen.at(-1)
      const externals = seen.filter((one) => one.in?.kind === 'external').length
      return {
        balance: balances[seen.length - 1] ?? 0n,
        isActive: externals > 0,
        lastLt: last?.lt ?? '0',
        lastHash: last?.hash ?? '0'.repeat(64),
        seqno: externals,
      }
    },
    nowS: chain.nowS,
    deliver: async (boc) => {
      await chain.deliverExternal(boc)
    },
    balanceAt: (lt) => {
      catchUp()
      return lt === '' ? 0n : (balances[transactions.findIndex((one) => one.lt === lt)] ?? -1n)
    },
    deliveries: () => {
      catchUp()
      return delivered
    },
    check: async () => {
      catchUp()
      const actual = await chain.balance(address)
      if (actual !== (balances.at(-1) ?? 0n))
        throw new Error(`the chain holds ${actual}, its transactions add up to ${balances.at(-1)}`)
    },
  }
}
