import type { TreasuryDeps } from '../worker-coordinator/src/treasury/treasury.ts'

/**
 * Ways to pay twice. Each changes one thing of the real algorithm, and the simulation must find doubles:
 *
 * `expire-by-clock`: a number has ended when our own clock says so, whatever the chain has shown. `error-is-failure`: what
 * could not be sent was not sent. `sign-again`: a highload number is signed again with a fresh `created_at`.
 * `send-before-commit`: the message goes out first, and is stored after.
 */
export const MUTANTS = ['expire-by-clock', 'error-is-failure', 'sign-again', 'send-before-commit'] as const
export type Mutant = (typeof MUTANTS)[number]

/** Changes what the treasury is made of. */
export function mutate(deps: TreasuryDeps, mutant: Mutant): TreasuryDeps {
  const { chain, store, wallet, nowMs } = deps
  switch (mutant) {
    case 'expire-by-clock': {
      let listedTo = '0'
      return {
        ...deps,
        chain: {
          ...chain,
          readHead: async () => ({ seqno: 0, atS: Math.floor(nowMs() / 1000) }),
          listTransactions: async (address, afterLt, limit) => {
            const listed = await chain.listTransactions(address, afterLt, limit)
            listedTo = listed.at(-1)?.lt ?? afterLt
            return listed
          },
          readAccount: async (address) => {
            const account = await chain.readAccount(address)
            const row = await store.readHotWallet()
            return { ...account, lastLt: listedTo, balance: row?.balance ?? account.balance }
          },
        },
      }
    }
    case 'error-is-failure':
      return {
        ...deps,
        chain: {
          ...chain,
          send: async (boc) => {
            try {
              await chain.send(boc)
            } catch (error) {
              const [row, open] = await Promise.all([store.readHotWallet(), store.readOpenBatch()])
              if (row && open && open.seqno === row.seqno) await store.closeBatch(row.epoch, open.seqno)
              throw error
            }
          },
        },
      }
    case 'sign-again':
      return { ...deps, wallet: { ...wallet, renewal: 'same-number' } }
    case 'send-before-commit':
      return {
        ...deps,
        store: {
          ...store,
          openBatch: async (epoch, batch) => {
            await chain.send(batch.variant.boc).catch(() => undefined)
            await store.openBatch(epoch, batch)
          },
        },
      }
    default:
      return mutant satisfies never
  }
}
