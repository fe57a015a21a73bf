import { and, eq, sql } from 'drizzle-orm'
import { accounts } from '../accounts/accounts-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { runners } from '../runners/runners-schema.ts'
import { groupMembers, groups } from './groups-schema.ts'

/** How many groups an account can own. */
export const OWNED_GROUPS_MAX = 20
/** How many people a group can have, its owner included. */
export const GROUP_MEMBERS_MAX = 500
/** How many groups of others an account can be in. */
export const MEMBERSHIPS_MAX = 50

/** A group as one of its people sees it. */
export type Group = {
  readonly groupId: string
  readonly name: string
  readonly isOwner: boolean
  /** The owner included. */
  readonly members: number
  /** Shared ones that were not removed. */
  readonly runners: number
  /** For its owner alone; null: nobody can join. */
  readonly invitation: string | null
}

type OwnGroup = { readonly accountId: number; readonly groupId: string }

/** Groups that an account owns or is in: a select of their ids. */
function idsOf(accountId: number) {
  return sql`select id from groups where account_id = ${accountId}
    union select group_id from group_members where account_id = ${accountId}`
}

/** The ids of the groups that an account owns or is in. */
export async function listGroupIds(db: Db, accountId: number): Promise<readonly string[]> {
  const rows = await db.all<{ id: string }>(idsOf(accountId))
  return rows.map(({ id }) => id)
}

/** The groups that an account owns or is in, the oldest first. */
export async function listGroups(db: Db, accountId: number): Promise<readonly Group[]> {
  return selectGroups(db, accountId)
}

/** One of an account's groups. */
export async function findGroup(db: Db, { accountId, groupId }: OwnGroup): Promise<Group | undefined> {
  const [group] = await selectGroups(db, accountId, groupId)
  return group
}

async function selectGroups(db: Db, accountId: number, groupId?: string): Promise<readonly Group[]> {
  const rows = await db
    .select({
      groupId: groups.id,
      ownerId: groups.accountId,
      name: groups.name,
      invitation: groups.invitation,
      members: sql<number>`1 + (select count(*) from group_members m where m.group_id = groups.id)`,
      runners: sql<number>`(select count(*) from runners r where r.group_id = groups.id and r.state <> 'removed')`,
    })
    .from(groups)
    .where(
      and(
        sql`${groups.id} in (${idsOf(accountId)})`,
        groupId === undefined ? undefined : eq(groups.id, groupId),
      ),
    )
    .orderBy(groups.createdAt, groups.id)
    .limit(OWNED_GROUPS_MAX + MEMBERSHIPS_MAX)
  return rows.map(({ ownerId, invitation, ...group }) => {
    const isOwner = ownerId === accountId
    return { ...group, isOwner, invitation: isOwner ? invitation : null }
  })
}

export type CreateGroupResult =
  | { readonly ok: true; readonly group: Group }
  | { readonly ok: false; readonly reason: 'too-many-groups' | 'account-gone' }

/** Makes a group with an invitation. Repeating it with the same id changes nothing. */
export async function createGroup(
  db: Db,
  input: OwnGroup & { readonly name: string; readonly invitation: string; readonly nowMs: number },
): Promise<CreateGroupResult> {
  const { accountId, groupId, name, invitation, nowMs } = input
  try {
    await db
      .insert(groups)
      .select(
        sql`select ${groupId}, id, ${name}, ${invitation}, ${nowMs} from accounts
          where id = ${accountId} and telegram_id is not null
          and (select count(*) from groups where account_id = ${accountId}) < ${OWNED_GROUPS_MAX}`,
      )
      .onConflictDoNothing({ target: groups.id })
  } catch (error) {
    const group = await findGroup(db, input)
    if (!group) throw error
    return { ok: true, group }
  }
  const group = await findGroup(db, input)
  if (group) return { ok: true, group }
  return { ok: false, reason: (await isThere(db, accountId)) ? 'too-many-groups' : 'account-gone' }
}

/** Renames a group. False when the account owns no such group. */
export async function renameGroup(db: Db, own: OwnGroup, name: string): Promise<boolean> {
  return updateGroup(db, own, { name })
}

/** Puts another invitation in the place of the old one; null: nobody can join. False without such a group. */
export async function setInvitation(db: Db, own: OwnGroup, invitation: string | null): Promise<boolean> {
  return updateGroup(db, own, { invitation })
}

async function updateGroup(
  db: Db,
  { accountId, groupId }: OwnGroup,
  change: { readonly name: string } | { readonly invitation: string | null },
): Promise<boolean> {
  const rows = await db
    .update(groups)
    .set(change)
    .where(and(eq(groups.id, groupId), eq(groups.accountId, accountId)))
    .returning({ id: groups.id })
  return rows.length > 0
}

export type UnsharedResult =
  /** `runnerIds`: those that are their owners' alone from now on. */
  | { readonly ok: true; readonly runnerIds: readonly string[] }
  | { readonly ok: false; readonly reason: 'group-not-found' | 'owner-cannot-leave' }

const UNSHARED = { audience: 'own', groupId: null } as const

/** Ends a group: its members are gone, and whatever is shared with it is its owners' alone. All of it or nothing. */
export async function endGroup(db: Db, { accountId, groupId }: OwnGroup): Promise<UnsharedResult> {
  const isOwners = sql`exists (select 1 from groups where id = ${groupId} and account_id = ${accountId})`
  const [unshared, , ended] = await db.batch([
    db
      .update(runners)
      .set(UNSHARED)
      .where(and(eq(runners.groupId, groupId), isOwners))
      .returning({ id: runners.id }),
    db.delete(groupMembers).where(and(eq(groupMembers.groupId, groupId), isOwners)),
    db
      .delete(groups)
      .where(and(eq(groups.id, groupId), eq(groups.accountId, accountId)))
      .returning({ id: groups.id }),
  ])
  if (ended.length === 0) return { ok: false, reason: 'group-not-found' }
  return { ok: true, runnerIds: unshared.map(({ id }) => id) }
}

/** Leaves a group. What the account shared with it is its own alone. */
export async function leaveGroup(db: Db, { accountId, groupId }: OwnGroup): Promise<UnsharedResult> {
  const isMembers = sql`exists (select 1 from group_members
    where group_id = ${groupId} and account_id = ${accountId})`
  const [unshared, left, owned] = await db.batch([
    db
      .update(runners)
      .set(UNSHARED)
      .where(and(eq(runners.groupId, groupId), eq(runners.accountId, accountId), isMembers))
      .returning({ id: runners.id }),
    db
      .delete(groupMembers)
      .where(and(eq(groupMembers.groupId, groupId), eq(groupMembers.accountId, accountId)))
      .returning({ groupId: groupMembers.groupId }),
    db
      .select({ id: groups.id })
      .from(groups)
      .where(and(eq(groups.id, groupId), eq(groups.accountId, accountId))),
  ])
  if (owned.length > 0) return { ok: false, reason: 'owner-cannot-leave' }
  if (left.length === 0) return { ok: false, reason: 'group-not-found' }
  return { ok: true, runnerIds: unshared.map(({ id }) => id) }
}

/** False for an account that was deleted. */
export async function isThere(db: Db, accountId: number): Promise<boolean> {
  const rows = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), sql`${accounts.telegramId} is not null`))
  return rows.length > 0
}
