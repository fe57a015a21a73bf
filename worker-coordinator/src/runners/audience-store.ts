import { and, eq, inArray, ne, or, sql } from 'drizzle-orm'
import { audienceOf, type RunnerAudience } from '../dispatch/audience.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { runners } from './runners-schema.ts'

/** How many runners a caller's own jobs look for: more than anybody has. */
const REACHABLE_RUNNERS_MAX = 10_000

export type SetAudienceResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'runner-not-found' | 'group-not-found' }

/** Writes whose jobs a runner takes. A group must be one that its owner owns or is in. */
export async function setRunnerAudience(
  db: Db,
  { accountId, runnerId }: { readonly accountId: number; readonly runnerId: string },
  { audience, groupId }: RunnerAudience,
): Promise<SetAudienceResult> {
  const isMine = and(eq(runners.id, runnerId), eq(runners.accountId, accountId), ne(runners.state, 'removed'))
  const isInGroup =
    groupId === undefined
      ? undefined
      : sql`(exists (select 1 from groups where id = ${groupId} and account_id = ${accountId})
          or exists (select 1 from group_members where group_id = ${groupId} and account_id = ${accountId}))`
  const [found, set] = await db.batch([
    db.select({ id: runners.id }).from(runners).where(isMine),
    db
      .update(runners)
      .set({ audience, groupId: groupId ?? null })
      .where(and(isMine, isInGroup))
      .returning({ id: runners.id }),
  ])
  if (found.length === 0) return { ok: false, reason: 'runner-not-found' }
  return set.length > 0 ? { ok: true } : { ok: false, reason: 'group-not-found' }
}

/** Runners that take an account's own jobs: its own, and those that these groups share. */
export async function listReachableRunners(
  db: Db,
  accountId: number,
  groupIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await db
    .select({ id: runners.id })
    .from(runners)
    .where(
      and(
        eq(runners.state, 'active'),
        groupIds.length === 0
          ? eq(runners.accountId, accountId)
          : or(eq(runners.accountId, accountId), inArray(runners.groupId, [...groupIds])),
      ),
    )
    .limit(REACHABLE_RUNNERS_MAX)
  return rows.map(({ id }) => id)
}

/** Whose jobs these runners take; one that does not exist is left out. */
export async function listAudiences(
  db: Db,
  runnerIds: readonly string[],
): Promise<ReadonlyMap<string, RunnerAudience>> {
  const rows = await db
    .select({ id: runners.id, audience: runners.audience, groupId: runners.groupId })
    .from(runners)
    .where(sql`${runners.id} in (select value from json_each(${JSON.stringify(runnerIds)}))`)
  return new Map(rows.map(({ id, ...row }) => [id, audienceOf(row)]))
}
