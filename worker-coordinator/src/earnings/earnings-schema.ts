import { integer, primaryKey, sqliteTable } from 'drizzle-orm/sqlite-core'
import { ledgerAccounts } from '../ledger/ledger-schema.ts'
import { nanoColumn } from '../ledger/nano-schema.ts'

/** What a runner earned on a day, UTC, by when its jobs ended; of the jobs below the cursor `summed`. */
export const earningDays = sqliteTable(
  'earning_days',
  {
    /** The runner's place in the ledger. */
    ledgerId: integer('ledger_id')
      .notNull()
      .references(() => ledgerAccounts.id),
    /** Days since 1970. */
    day: integer().notNull(),
    jobs: integer().notNull(),
    /** After commission. */
    amount: nanoColumn().notNull(),
  },
  (table) => [primaryKey({ columns: [table.ledgerId, table.day] })],
)
