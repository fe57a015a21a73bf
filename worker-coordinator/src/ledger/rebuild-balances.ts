/**
 * What each account's sums must be: `id, debits, credits, held`, from the transfers and the open jobs and nothing else.
 * Reads all of both.
 */
export const REBUILT_SUMS = `
  SELECT id, SUM(debits) AS debits, SUM(credits) AS credits, SUM(held) AS held FROM (
    SELECT debit AS id, amount AS debits, 0 AS credits, 0 AS held FROM ledger_transfers
    UNION ALL SELECT credit, 0, amount - fee, 0 FROM ledger_transfers
    UNION ALL SELECT 1, 0, fee, 0 FROM ledger_transfers WHERE fee > 0
    UNION ALL SELECT account_id, 0, 0, hold FROM jobs WHERE state IN ('queued', 'running') AND key_id IS NULL
    UNION ALL SELECT id, 0, 0, 0 FROM ledger_accounts)
  GROUP BY id`

/** What each account's coins must be: `id, deposited, withdrawn`. */
export const REBUILT_COINS = `
  SELECT id, SUM(deposited) AS deposited, SUM(withdrawn) AS withdrawn FROM (
    SELECT credit AS id, amount - fee AS deposited, 0 AS withdrawn FROM ledger_transfers
      WHERE kind IN ('deposit', 'claim', 'earnings-use')
    UNION ALL SELECT debit, 0, amount FROM ledger_transfers WHERE kind = 'payout'
    UNION ALL SELECT credit, 0, -amount FROM ledger_transfers WHERE kind = 'payout-back')
  WHERE id IN (SELECT id FROM ledger_accounts WHERE code GLOB 'liab:user:*')
  GROUP BY id`

/**
 * The statements that set every sum from the transfers and the open jobs, for a database whose sums were lost: one
 * batch, with the coordinator stopped. Transfers and jobs are not touched. A sum that breaks a rule aborts all of it:
 * then transfers are missing, and a backup is needed.
 */
export function rebuildStatements(): readonly string[] {
  return [
    `UPDATE ledger_accounts SET debits = sums.debits, credits = sums.credits, held = sums.held
      FROM (${REBUILT_SUMS}) AS sums WHERE sums.id = ledger_accounts.id`,
    `UPDATE api_keys SET held = COALESCE((
      SELECT SUM(hold) FROM jobs WHERE state IN ('queued', 'running') AND key_id = api_keys.id), 0)
      WHERE held <> 0 OR id IN (SELECT key_id FROM jobs WHERE state IN ('queued', 'running'))`,
    `DELETE FROM ledger_coins`,
    `INSERT INTO ledger_coins (id, deposited, withdrawn) ${REBUILT_COINS}`,
  ]
}

if (import.meta.main) console.log(`${rebuildStatements().join(';\n\n')};`)
