import { LEDGER, type Transfer } from './ledger.ts'

// A second, independent ledger in memory, for tests: what the database must come to after each step.

export type Sums = { debits: bigint; credits: bigint; held: bigint }
type Account = Sums & { readonly code: string; readonly side: 'debit' | 'credit' }

/** Assets never go below what is in them. */
const ASSETS: readonly number[] = [LEDGER.hot, LEDGER.cold, LEDGER.stars]

export function createLedgerModel() {
  const accounts = new Map<number, Account>()
  const coins = new Map<number, { deposited: bigint; withdrawn: bigint }>()
  const keys = new Map<number, { readonly accountId: number; held: bigint }>()
  const posted = new Set<string>()

  const account = (id: number): Account => {
    const found = accounts.get(id)
    if (!found) throw new Error(`no account ${id}`)
    return found
  }
  const heldByKeys = (id: number) =>
    [...keys.values()].reduce((sum, key) => (key.accountId === id ? sum + key.held : sum), 0n)
  const available = (id: number) => {
    const { debits, credits, held } = account(id)
    return credits - debits - held - heldByKeys(id)
  }
  const isUser = (id: number) => account(id).code.startsWith('liab:user:')

  return {
    accounts,
    available,
    addAccount(id: number, code: string, side: 'debit' | 'credit' = 'credit') {
      accounts.set(id, { code, side, debits: 0n, credits: 0n, held: 0n })
    },
    addKey(id: number, accountId: number) {
      keys.set(id, { accountId, held: 0n })
    },
    withdrawable(id: number) {
      const { deposited, withdrawn } = coins.get(id) ?? { deposited: 0n, withdrawn: 0n }
      return deposited - withdrawn
    },
    /** Sets aside for a job. False when it is not covered. */
    hold(accountId: number, keyId: number | undefined, amount: bigint): boolean {
      if (amount > available(accountId)) return false
      const place = keyId === undefined ? account(accountId) : keys.get(keyId)
      if (place) place.held += amount
      return true
    },
    release(accountId: number, keyId: number | undefined, amount: bigint) {
      const place = keyId === undefined ? account(accountId) : keys.get(keyId)
      if (place) place.held -= amount
    },
    /** Posts a transfer by the rules. False when one of them is broken: then nothing moved. */
    post({ id, kind, debit, credit, amount, fee }: Transfer): boolean {
      const [from, to] = [account(debit), account(credit)]
      if (posted.has(id) || amount < 1n) return false
      if (from.side === 'credit' && amount > available(debit)) return false
      if (ASSETS.includes(credit) && to.credits + amount - fee > to.debits) return false
      if (kind === 'payout' && isUser(debit)) {
        const { deposited, withdrawn } = coins.get(debit) ?? { deposited: 0n, withdrawn: 0n }
        if (amount > deposited - withdrawn) return false
      }
      posted.add(id)
      from.debits += amount
      to.credits += amount - fee
      account(LEDGER.commission).credits += fee
      const kept = (of: number) => coins.get(of) ?? { deposited: 0n, withdrawn: 0n }
      if (kind === 'deposit' || kind === 'claim' || kind === 'earnings-use') {
        coins.set(credit, { ...kept(credit), deposited: kept(credit).deposited + amount - fee })
      }
      if (kind === 'payout' && coins.has(debit)) {
        coins.set(debit, { ...kept(debit), withdrawn: kept(debit).withdrawn + amount })
      }
      if (kind === 'payout-back' && coins.has(credit)) {
        coins.set(credit, { ...kept(credit), withdrawn: kept(credit).withdrawn - amount })
      }
      return true
    },
  }
}
