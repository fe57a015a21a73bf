const PEOPLE = 6

export type Person = { readonly accountId: number; readonly address: string }

/** Accounts with a proven wallet each, earnings, and coins that came from outside. */
export async function setUpPeople(d1: D1Database, seed: number): Promise<readonly Person[]> {
  const people = Array.from({ length: PEOPLE }, (_, index) => ({
    accountId: 5_000_000_000 + index,
    address: `0:${(seed * 100 + index + 1).toString(16).padStart(64, 'a')}`,
  }))
  const run = (sql: string, ...values: (string | number)[]) => d1.prepare(sql).bind(...values)
  await d1.batch(
    people.flatMap(({ accountId, address }, index) => [
      run(
        "INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)",
        accountId,
        `liab:user:${accountId}`,
      ),
      run(
        "INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)",
        accountId + 1000,
        `liab:owner:${accountId}`,
      ),
      run('INSERT INTO accounts (id, telegram_id, created_at) VALUES (?, ?, 0)', accountId, index + 1),
      run('INSERT INTO wallets (account_id, address, proven_at) VALUES (?, ?, 0)', accountId, address),
      run(
        "INSERT INTO ledger_transfers VALUES (?, 'grant', 3, ?, 20000000000, 0, 0)",
        `earned/${accountId}`,
        accountId + 1000,
      ),
    ]),
  )
  return people
}
