import { eq, sql } from 'drizzle-orm'
import type { Db } from '../ledger/ledger-store.ts'
import { findGroup, GROUP_MEMBERS_MAX, type Group, isThere, MEMBERSHIPS_MAX } from './group-store.ts'
import { groupMembers, groups } from './groups-schema.ts'

type Invited = { readonly accountId: number; readonly code: string }

/** What somebody is invited to. */
export type Invitation = {
  readonly groupId: string
  readonly groupName: string
  /** The owner included. */
  readonly members: number
  readonly isMember: boolean
}

/** Finds what an invitation is for; undefined where there is none, or no longer. */
export async function readInvitation(db: Db, { accountId, code }: Invited): Promise<Invitation | undefined> {
  const [row] = await db
    .select({
      groupId: groups.id,
      groupName: groups.name,
      members: sql<number>`1 + (select count(*) from group_members m where m.group_id = groups.id)`,
      isMember: sql<number>`${groups.accountId} = ${accountId} or exists (select 1 from group_members m
        where m.group_id = groups.id and m.account_id = ${accountId})`,
    })
    .from(groups)
    .where(eq(groups.invitation, code))
  return row && { ...row, isMember: row.isMember !== 0 }
}

export type JoinResult =
  | { readonly ok: true; readonly group: Group }
  | {
      readonly ok: false
      readonly reason: 'unknown-invitation' | 'group-full' | 'too-many-memberships' | 'account-gone'
    }

/** Joins the group of an invitation. Who is in it already stays in it. */
export async function joinGroup(
  db: Db,
  { accountId, code, nowMs }: Invited & { readonly nowMs: number },
): Promise<JoinResult> {
  try {
    await db
      .insert(groupMembers)
      .select(
        sql`select g.id, a.id, ${nowMs} from groups g join accounts a on a.id = ${accountId}
          where g.invitation = ${code} and g.account_id <> a.id and a.telegram_id is not null
          and (select count(*) from group_members where group_id = g.id) < ${GROUP_MEMBERS_MAX - 1}
          and (select count(*) from group_members where account_id = a.id) < ${MEMBERSHIPS_MAX}`,
      )
      .onConflictDoNothing()
  } catch (error) {
    const joined = await readJoined(db, { accountId, code })
    if (!joined.ok) throw error
    return joined
  }
  return readJoined(db, { accountId, code })
}

async function readJoined(db: Db, { accountId, code }: Invited): Promise<JoinResult> {
  const invitation = await readInvitation(db, { accountId, code })
  if (!invitation) return { ok: false, reason: 'unknown-invitation' }
  const { groupId } = invitation
  const group = invitation.isMember ? await findGroup(db, { accountId, groupId }) : undefined
  if (group) return { ok: true, group }
  if (invitation.members >= GROUP_MEMBERS_MAX) return { ok: false, reason: 'group-full' }
  return { ok: false, reason: (await isThere(db, accountId)) ? 'too-many-memberships' : 'account-gone' }
}
