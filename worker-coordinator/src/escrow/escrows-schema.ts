import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { accounts } from '../accounts/accounts-schema.ts'
import { nanoColumn } from '../ledger/nano-schema.ts'

/** Escrow contracts that accounts pay from. Vouchers are cumulative: only the highest is kept. */
export const escrows = sqliteTable('escrows', {
  /** Raw address. */
  address: text().primaryKey(),
  accountId: integer('account_id')
    .notNull()
    .references(() => accounts.id),
  /** Ed25519 key that signs vouchers, hex. */
  sessionKey: text('session_key').notNull(),
  /** Highest amount that a voucher allows to be collected, all together. */
  allowed: nanoColumn().notNull(),
  /** The signature over it, base64; null before the first voucher. */
  signature: text(),
  /** What the chain said was collected, when last seen. */
  collected: nanoColumn().notNull(),
  createdAt: integer('created_at').notNull(),
})
