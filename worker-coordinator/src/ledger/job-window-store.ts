import { eq, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { type FoundJobs, type JobWindow, WINDOW_JOBS_MAX } from './job-window.ts'
import { guards, ledgerCursors } from './ledger-schema.ts'
import type { Db } from './ledger-store.ts'

export type CursorName = (typeof ledgerCursors.$inferSelect)['name']

/** How far the jobs have been gone through. */
export async function readCursor(db: Db, name: CursorName): Promise<string> {
  const [row] = await db.select().from(ledgerCursors).where(eq(ledgerCursors.name, name))
  if (!row) throw new Error(`the cursor ${name} is gone. Action: restore it from a backup`)
  return row.upTo
}

/** Looks at the first jobs of a window; reads at most WINDOW_JOBS_MAX + 1 rows, by their key. */
export async function findJobs(db: Db, { from, to }: JobWindow): Promise<FoundJobs> {
  const row = await db.get<{ count: number; last: string | null; open: string | null }>(sql`
    select count(*) as count, max(id) as last,
      min(case when state in ('queued', 'running') then id end) as open
    from (select id, state from jobs where id >= ${from} and id < ${to} order by id limit ${WINDOW_JOBS_MAX + 1})`)
  return { count: row.count, lastId: row.last ?? undefined, openId: row.open ?? undefined }
}

/**
 * Cuts a window, from its new end, to as many jobs as may still be looked through. Gives the part and how many it has.
 * Reads ids by their key.
 */
export async function cutWindow(
  db: Db,
  { from, to }: JobWindow,
  scanMax: number,
): Promise<{ readonly window: JobWindow; readonly count: number }> {
  const seen = await db.get<{ count: number; last: string | null }>(sql`
    select count(*) as count, min(id) as last
    from (select id from jobs where id < ${to} and id >= ${from} order by id desc limit ${scanMax})`)
  const floor = seen.count === scanMax && seen.last !== null ? seen.last : from
  return { window: { from: floor, to }, count: seen.count }
}

/**
 * Takes a window: the statements, and the cursor's move, in one batch. The database refuses it when the cursor is
 * elsewhere or a job in the window is open. True when the window is taken, also when only the reply was lost and also when
 * another run took just this one.
 */
export async function takeWindow(
  db: Db,
  name: CursorName,
  { from, to }: JobWindow,
  statements: readonly BatchItem<'sqlite'>[],
): Promise<boolean> {
  try {
    await db.batch([
      db
        .insert(guards)
        .select(sql`select coalesce((select up_to = ${from} from ledger_cursors where name = ${name}), 0)`),
      ...statements,
      db.update(ledgerCursors).set({ upTo: to }).where(eq(ledgerCursors.name, name)),
      db.delete(guards),
    ])
    return true
  } catch (error) {
    const now = await readCursor(db, name)
    if (now !== from) return now === to
    const { openId } = await findJobs(db, { from, to })
    if (openId !== undefined) return false
    throw error
  }
}
