import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import { SUMMED_BEHIND_MS } from '../billing/sum-usage.ts'
import { jobTimeMs } from '../ledger/job-window.ts'
import { readCursor } from '../ledger/job-window-store.ts'
import type { Db } from '../ledger/ledger-store.ts'
import type { Span } from './presence.ts'
import { runnerPresence, runners } from './runners-schema.ts'

/** Rows that an object left open when it died, of one runner and model: there is one, or there was a bad day. */
const LEFT_OPEN_MAX = 10
/** A runner whose row was left open this shortly ago came back at once: nobody saw it go. */
const CAME_BACK_MS = 2 * 60_000

/** One link's row. */
export type PresenceRow = { readonly runnerId: string; readonly model: string; readonly fromMs: number }

/**
 * Writes that a link stands, and what its runner said of its machine. Rows of the same runner and model that were left open
 * end here.
 */
export async function openPresence(
  db: Db,
  link: PresenceRow & { readonly device: string; readonly region: string | null },
): Promise<void> {
  const { runnerId, model, fromMs, device, region } = link
  const isLeft = and(
    eq(runnerPresence.runnerId, runnerId),
    eq(runnerPresence.model, model),
    isNull(runnerPresence.toAt),
    lt(runnerPresence.fromAt, fromMs),
  )
  const [, , left] = await db.batch([
    db.update(runners).set({ device, region, lastSeenAt: fromMs }).where(eq(runners.id, runnerId)),
    db.insert(runnerPresence).values({ runnerId, model, fromAt: fromMs, toAt: null }).onConflictDoNothing(),
    db.select({ fromMs: runnerPresence.fromAt }).from(runnerPresence).where(isLeft).limit(LEFT_OPEN_MAX),
  ])
  if (left.length === 0) return
  const seenMs = await readLastMinute(db)
  const toMs = fromMs - seenMs <= CAME_BACK_MS ? fromMs : seenMs
  await db
    .update(runnerPresence)
    .set({ toAt: sql`max(${runnerPresence.fromAt}, ${toMs})` })
    .where(isLeft)
}

/** Writes that a link ended. Where its beginning could not be written, that is written too. */
export async function closePresence(db: Db, link: PresenceRow & { readonly toMs: number }): Promise<void> {
  const { runnerId, model, fromMs } = link
  const toMs = Math.max(fromMs, link.toMs)
  await db.batch([
    db
      .insert(runnerPresence)
      .values({ runnerId, model, fromAt: fromMs, toAt: toMs })
      .onConflictDoUpdate({
        target: [runnerPresence.runnerId, runnerPresence.model, runnerPresence.fromAt],
        set: { toAt: toMs },
      }),
    db
      .update(runners)
      .set({ lastSeenAt: sql`max(coalesce(${runners.lastSeenAt}, 0), ${toMs})` })
      .where(eq(runners.id, runnerId)),
  ])
}

/**
 * The last minute in which the coordinator's clock ran, as the figures of days show: they move with it, and stop with it.
 * Read it before that minute's figures are summed. Jobs that are still open can make it up to 15 minutes too early.
 */
export async function readLastMinute(db: Db): Promise<number> {
  const summedMs = jobTimeMs(await readCursor(db, 'summed'))
  return summedMs === 0 ? 0 : summedMs + SUMMED_BEHIND_MS
}

/** Rows that are open. The first ones from a place in the order of runners on, then those before it. */
export function listOpenPresence(
  db: Db,
  { from, limit }: { readonly from: string; readonly limit: number },
): Promise<readonly PresenceRow[]> {
  return db
    .select({
      runnerId: runnerPresence.runnerId,
      model: runnerPresence.model,
      fromMs: runnerPresence.fromAt,
    })
    .from(runnerPresence)
    .where(isNull(runnerPresence.toAt))
    .orderBy(sql`${runnerPresence.runnerId} < ${from}`, runnerPresence.runnerId)
    .limit(limit)
}

/** Closes rows that are still open, at a moment, but none before its own beginning. */
export async function repairPresence(db: Db, rows: readonly PresenceRow[], toMs: number): Promise<void> {
  const keys = JSON.stringify(rows.map(({ runnerId, model, fromMs }) => [runnerId, model, fromMs]))
  await db.batch([
    db
      .update(runnerPresence)
      .set({ toAt: sql`max(${runnerPresence.fromAt}, ${toMs})` })
      .where(
        and(
          isNull(runnerPresence.toAt),
          sql`(${runnerPresence.runnerId}, ${runnerPresence.model}, ${runnerPresence.fromAt}) in (
            select value ->> 0, value ->> 1, value ->> 2 from json_each(${keys}))`,
        ),
      ),
    db
      .update(runners)
      .set({ lastSeenAt: sql`max(coalesce(${runners.lastSeenAt}, 0), ${toMs})` })
      .where(sql`${runners.id} in (select value ->> 0 from json_each(${keys}))`),
  ])
}

/** Deletes rows that ended before a moment, at most so many. */
export async function deletePresence(
  db: Db,
  { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
): Promise<void> {
  await db.run(sql`
    delete from runner_presence where (runner_id, model, from_at) in (
      select runner_id, model, from_at from runner_presence where to_at < ${beforeMs} limit ${limit})`)
}

/** When a runner's links stood, the newest first; those that reach behind a moment, at most so many. */
export async function listPresence(
  db: Db,
  {
    runnerId,
    sinceMs,
    limit,
  }: { readonly runnerId: string; readonly sinceMs: number; readonly limit: number },
): Promise<readonly Span[]> {
  const rows = await db
    .select({ fromMs: runnerPresence.fromAt, toMs: runnerPresence.toAt })
    .from(runnerPresence)
    .where(
      and(
        eq(runnerPresence.runnerId, runnerId),
        or(isNull(runnerPresence.toAt), gt(runnerPresence.toAt, sinceMs)),
      ),
    )
    .orderBy(sql`${runnerPresence.fromAt} desc`)
    .limit(limit)
  return rows.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? undefined }))
}
