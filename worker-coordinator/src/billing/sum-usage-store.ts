import { sql } from 'drizzle-orm'
import { earningDays } from '../earnings/earnings-schema.ts'
import type { JobWindow } from '../ledger/job-window.ts'
import { takeWindow } from '../ledger/job-window-store.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { usageDays } from './billing-schema.ts'

/** Adds the jobs of a window, and what they paid, to the figures of their days. False when nothing was added. */
export function sumWindow(db: Db, window: JobWindow): Promise<boolean> {
  return takeWindow(db, 'summed', window, [
    db
      .insert(usageDays)
      .select(
        sql`select account_id, created_at / 86400000, model, coalesce(key_id, 0), count(*),
            sum(prompt_tokens), sum(completion_tokens), sum(charge)
          from jobs where id >= ${window.from} and id < ${window.to}
          group by 1, 2, 3, 4`,
      )
      .onConflictDoUpdate({
        target: [usageDays.accountId, usageDays.day, usageDays.model, usageDays.keyId],
        set: {
          jobs: sql`usage_days.jobs + excluded.jobs`,
          promptTokens: sql`usage_days.prompt_tokens + excluded.prompt_tokens`,
          completionTokens: sql`usage_days.completion_tokens + excluded.completion_tokens`,
          charge: sql`usage_days.charge + excluded.charge`,
        },
      }),
    db
      .insert(earningDays)
      .select(
        sql`select credit, at / 86400000, count(*), sum(amount - fee)
          from ledger_transfers where id >= ${window.from} and id < ${window.to} and kind = 'usage'
          group by 1, 2`,
      )
      .onConflictDoUpdate({
        target: [earningDays.ledgerId, earningDays.day],
        set: {
          jobs: sql`earning_days.jobs + excluded.jobs`,
          amount: sql`earning_days.amount + excluded.amount`,
        },
      }),
  ])
}
