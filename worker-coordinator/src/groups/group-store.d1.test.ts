import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from '../accounts/account-id.ts'
import { deleteAccount, findOrCreateAccount } from '../accounts/account-store.ts'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { listAudiences, listReachableRunners, setRunnerAudience } from '../runners/audience-store.ts'
import { makeGroupId, makeInvitation } from './group-codes.ts'
import {
  createGroup,
  endGroup,
  findGroup,
  GROUP_MEMBERS_MAX,
  leaveGroup,
  listGroupIds,
  listGroups,
  MEMBERSHIPS_MAX,
  OWNED_GROUPS_MAX,
  renameGroup,
  setInvitation,
} from './group-store.ts'
import { joinGroup, readInvitation } from './join-group-store.ts'

const db = drizzle(env.DB)
const nowMs = Date.UTC(2026, 10, 22, 12)
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
let telegramId = 8000

async function setupPerson() {
  telegramId += 1
  const newId = () => makeAccountId(random(ACCOUNT_ID_BYTES))
  return (await findOrCreateAccount(db, { telegramId, nowMs, welcome: nano(0n), newId })).id
}

async function setupGroup(accountId: number, name = 'family') {
  const input = { accountId, groupId: makeGroupId(random(16)), invitation: makeInvitation(random(20)) }
  const made = await createGroup(db, { ...input, name, nowMs })
  if (!made.ok) throw new Error(made.reason)
  return input
}

async function setupRunner(accountId: number, groupId?: string) {
  telegramId += 1
  const runnerId = `run_${telegramId}`
  const ledgerId = 9_000_000_000 + telegramId
  await env.DB.batch([
    env.DB.prepare("INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)").bind(
      ledgerId,
      `liab:runner:${runnerId}`,
    ),
    env.DB.prepare(
      `INSERT INTO runners (id, account_id, ledger_id, public_key, name, state, created_at, audience, group_id)
        VALUES (?, ?, ?, ?, 'tower', 'active', 0, ?, ?)`,
    ).bind(runnerId, accountId, ledgerId, runnerId, groupId ? 'group' : 'everyone', groupId ?? null),
  ])
  return runnerId
}

const audienceOf = async (runnerId: string) => (await listAudiences(db, [runnerId])).get(runnerId)

/** Members who never came by an invitation: quicker than 500 logins. */
async function fillGroup(groupId: string, count: number) {
  const rows = Array.from({ length: count }, (_, index) => {
    telegramId += 1
    return { account: 9_100_000_000 + telegramId, ledger: `liab:user:x${telegramId}`, index }
  })
  const each = JSON.stringify(rows.map(({ account, ledger }) => [account, ledger]))
  const values = 'FROM json_each(?)'
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO ledger_accounts SELECT value ->> 0, value ->> 1, 'credit', 0, 0, 0 ${values}`,
    ).bind(each),
    env.DB.prepare(`INSERT INTO accounts (id, created_at) SELECT value ->> 0, 0 ${values}`).bind(each),
    env.DB.prepare(`INSERT INTO group_members SELECT ?, value ->> 0, 0 ${values}`).bind(groupId, each),
  ])
}

test('who has the invitation joins, sees the group, and leaves again', async () => {
  const owner = await setupPerson()
  const member = await setupPerson()
  const { groupId, invitation: code } = await setupGroup(owner)
  expect(await readInvitation(db, { accountId: member, code })).toEqual({
    groupId,
    groupName: 'family',
    members: 1,
    isMember: false,
  })
  const joined = { groupId, name: 'family', isOwner: false, members: 2, runners: 0, invitation: null }
  expect(await joinGroup(db, { accountId: member, code, nowMs })).toEqual({ ok: true, group: joined })
  expect(await joinGroup(db, { accountId: member, code, nowMs })).toEqual({ ok: true, group: joined })
  expect(await listGroups(db, member)).toEqual([joined])
  expect(await listGroups(db, owner)).toEqual([{ ...joined, isOwner: true, invitation: code }])
  expect(await listGroupIds(db, member)).toEqual([groupId])
  expect(await listGroupIds(db, owner)).toEqual([groupId])
  expect(await leaveGroup(db, { accountId: member, groupId })).toEqual({ ok: true, runnerIds: [] })
  expect(await listGroupIds(db, member)).toEqual([])
  expect(await leaveGroup(db, { accountId: member, groupId })).toEqual({
    ok: false,
    reason: 'group-not-found',
  })
})
test('the owner is a member once, cannot join or leave, and is invited to what is there', async () => {
  const owner = await setupPerson()
  const { groupId, invitation: code } = await setupGroup(owner)
  expect(await joinGroup(db, { accountId: owner, code, nowMs })).toMatchObject({
    ok: true,
    group: { members: 1, isOwner: true },
  })
  expect(await readInvitation(db, { accountId: owner, code })).toMatchObject({ isMember: true, members: 1 })
  expect(await leaveGroup(db, { accountId: owner, groupId })).toEqual({
    ok: false,
    reason: 'owner-cannot-leave',
  })
})
test('a new invitation ends the old one, and a closed group takes nobody', async () => {
  const owner = await setupPerson()
  const stranger = await setupPerson()
  const { groupId, invitation: old } = await setupGroup(owner)
  const code = makeInvitation(random(20))
  expect(await setInvitation(db, { accountId: owner, groupId }, code)).toBe(true)
  const unknown = { ok: false, reason: 'unknown-invitation' }
  expect(await joinGroup(db, { accountId: stranger, code: old, nowMs })).toEqual(unknown)
  expect(await setInvitation(db, { accountId: owner, groupId }, null)).toBe(true)
  expect(await joinGroup(db, { accountId: stranger, code, nowMs })).toEqual(unknown)
  expect(await findGroup(db, { accountId: owner, groupId })).toMatchObject({ invitation: null, members: 1 })
})
test('nobody but its owner renames, invites to, or ends a group', async () => {
  const owner = await setupPerson()
  const member = await setupPerson()
  const { groupId, invitation: code } = await setupGroup(owner)
  await joinGroup(db, { accountId: member, code, nowMs })
  const runnerId = await setupRunner(owner, groupId)
  const own = { accountId: member, groupId }
  expect(await renameGroup(db, own, 'mine')).toBe(false)
  expect(await setInvitation(db, own, null)).toBe(false)
  expect(await endGroup(db, own)).toEqual({ ok: false, reason: 'group-not-found' })
  expect(await audienceOf(runnerId)).toEqual({ audience: 'group', groupId })
  expect(await findGroup(db, { accountId: owner, groupId })).toMatchObject({
    name: 'family',
    invitation: code,
    members: 2,
    runners: 1,
  })
  expect(await renameGroup(db, { accountId: owner, groupId }, 'home')).toBe(true)
  expect(await findGroup(db, own)).toMatchObject({ name: 'home' })
})
test('a group that ends leaves each runner to its owner alone, in the same moment', async () => {
  const owner = await setupPerson()
  const member = await setupPerson()
  const { groupId, invitation: code } = await setupGroup(owner)
  await joinGroup(db, { accountId: member, code, nowMs })
  const runnerIds = [await setupRunner(owner, groupId), await setupRunner(member, groupId)]
  const other = await setupRunner(owner)
  const ended = await endGroup(db, { accountId: owner, groupId })
  expect(ended.ok && ended.runnerIds.toSorted()).toEqual(runnerIds.toSorted())
  for (const runnerId of runnerIds) expect(await audienceOf(runnerId)).toEqual({ audience: 'own' })
  expect(await audienceOf(other)).toEqual({ audience: 'everyone' })
  expect(await listGroups(db, member)).toEqual([])
  expect(await endGroup(db, { accountId: owner, groupId })).toEqual({ ok: false, reason: 'group-not-found' })
})
test('who leaves takes the own runners along, and nobody else’s', async () => {
  const owner = await setupPerson()
  const member = await setupPerson()
  const { groupId, invitation: code } = await setupGroup(owner)
  await joinGroup(db, { accountId: member, code, nowMs })
  const owners = await setupRunner(owner, groupId)
  const members = await setupRunner(member, groupId)
  expect(await leaveGroup(db, { accountId: member, groupId })).toEqual({ ok: true, runnerIds: [members] })
  expect(await audienceOf(members)).toEqual({ audience: 'own' })
  expect(await audienceOf(owners)).toEqual({ audience: 'group', groupId })
})
test('an account owns 20 groups and no more', async () => {
  const owner = await setupPerson()
  for (let index = 0; index < OWNED_GROUPS_MAX; index++) await setupGroup(owner, `group ${index}`)
  const input = { accountId: owner, name: 'more', invitation: makeInvitation(random(20)), nowMs }
  expect(await createGroup(db, { ...input, groupId: makeGroupId(random(16)) })).toEqual({
    ok: false,
    reason: 'too-many-groups',
  })
  expect(await listGroups(db, owner)).toHaveLength(OWNED_GROUPS_MAX)
})
test('a group has 500 people and no more, its owner included', async () => {
  const owner = await setupPerson()
  const { groupId, invitation: code } = await setupGroup(owner)
  await fillGroup(groupId, GROUP_MEMBERS_MAX - 2)
  const last = await setupPerson()
  expect(await joinGroup(db, { accountId: last, code, nowMs })).toMatchObject({
    ok: true,
    group: { members: GROUP_MEMBERS_MAX },
  })
  expect(await joinGroup(db, { accountId: await setupPerson(), code, nowMs })).toEqual({
    ok: false,
    reason: 'group-full',
  })
  // Who is in stays in.
  expect(await joinGroup(db, { accountId: last, code, nowMs })).toMatchObject({ ok: true })
})
test('an account is in 50 groups of others and no more', async () => {
  const member = await setupPerson()
  let owner = await setupPerson()
  for (let index = 0; index < MEMBERSHIPS_MAX; index++) {
    if (index % OWNED_GROUPS_MAX === 0) owner = await setupPerson()
    const { invitation: code } = await setupGroup(owner)
    expect(await joinGroup(db, { accountId: member, code, nowMs })).toMatchObject({ ok: true })
  }
  const { invitation: code } = await setupGroup(await setupPerson())
  expect(await joinGroup(db, { accountId: member, code, nowMs })).toEqual({
    ok: false,
    reason: 'too-many-memberships',
  })
  // Groups of its own are counted apart.
  await setupGroup(member)
  expect(await listGroupIds(db, member)).toHaveLength(MEMBERSHIPS_MAX + 1)
})
test('a runner is shared with a group of its owner’s, and with no other', async () => {
  const owner = await setupPerson()
  const stranger = await setupPerson()
  const { groupId } = await setupGroup(owner)
  const runnerId = await setupRunner(owner)
  const strangers = await setupRunner(stranger)
  const share = { audience: 'group', groupId } as const
  expect(await setRunnerAudience(db, { accountId: owner, runnerId }, share)).toEqual({ ok: true })
  expect(await audienceOf(runnerId)).toEqual(share)
  expect(await setRunnerAudience(db, { accountId: stranger, runnerId: strangers }, share)).toEqual({
    ok: false,
    reason: 'group-not-found',
  })
  expect(await audienceOf(strangers)).toEqual({ audience: 'everyone' })
  expect(await setRunnerAudience(db, { accountId: stranger, runnerId }, { audience: 'own' })).toEqual({
    ok: false,
    reason: 'runner-not-found',
  })
  expect(await setRunnerAudience(db, { accountId: owner, runnerId }, { audience: 'everyone' })).toEqual({
    ok: true,
  })
  expect(await audienceOf(runnerId)).toEqual({ audience: 'everyone' })
})
test('a caller reaches the own runners and those that the groups share', async () => {
  const owner = await setupPerson()
  const member = await setupPerson()
  const { groupId, invitation: code } = await setupGroup(owner)
  await joinGroup(db, { accountId: member, code, nowMs })
  const shared = await setupRunner(owner, groupId)
  await setupRunner(owner)
  const mine = await setupRunner(member)
  const paused = await setupRunner(owner, groupId)
  await env.DB.prepare("UPDATE runners SET state = 'paused' WHERE id = ?").bind(paused).run()
  expect((await listReachableRunners(db, member, [groupId])).toSorted()).toEqual([shared, mine].toSorted())
  expect(await listReachableRunners(db, member, [])).toEqual([mine])
})
test('a person who is deleted leaves no group and no membership behind, and shared runners go home', async () => {
  const owner = await setupPerson()
  const member = await setupPerson()
  const mine = await setupGroup(owner)
  const theirs = await setupGroup(member)
  await joinGroup(db, { accountId: member, code: mine.invitation, nowMs })
  await joinGroup(db, { accountId: owner, code: theirs.invitation, nowMs })
  const ownRunner = await setupRunner(owner, theirs.groupId)
  const shared = await setupRunner(member, mine.groupId)
  const gone = await deleteAccount(db, owner, nowMs)
  expect(gone).toEqual({ removedRunnerIds: [ownRunner], unsharedRunnerIds: [shared] })
  expect(await audienceOf(shared)).toEqual({ audience: 'own' })
  expect(await listGroups(db, member)).toMatchObject([{ groupId: theirs.groupId, members: 1, runners: 0 }])
  expect(await listGroupIds(db, owner)).toEqual([])
  const left = await env.DB.prepare(
    'SELECT (SELECT COUNT(*) FROM groups WHERE account_id = ?1) + (SELECT COUNT(*) FROM group_members WHERE account_id = ?1) AS left',
  )
    .bind(owner)
    .first()
  expect(left).toEqual({ left: 0 })
  // A session that is still valid makes and joins nothing.
  const again = { accountId: owner, groupId: makeGroupId(random(16)), name: 'x', nowMs }
  expect(await createGroup(db, { ...again, invitation: makeInvitation(random(20)) })).toEqual({
    ok: false,
    reason: 'account-gone',
  })
  expect(await joinGroup(db, { accountId: owner, code: theirs.invitation, nowMs })).toEqual({
    ok: false,
    reason: 'account-gone',
  })
})
test('a group whose making lost its reply, and a joining, are there once', async () => {
  const lossy = drizzle(lostReplyD1(env.DB))
  const owner = await setupPerson()
  const member = await setupPerson()
  const input = { accountId: owner, groupId: makeGroupId(random(16)), name: 'x', nowMs }
  const code = makeInvitation(random(20))
  expect(await createGroup(lossy, { ...input, invitation: code })).toMatchObject({ ok: true })
  expect(await joinGroup(lossy, { accountId: member, code, nowMs })).toMatchObject({
    ok: true,
    group: { members: 2 },
  })
  expect(await listGroups(db, owner)).toHaveLength(1)
})
