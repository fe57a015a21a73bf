import { type Context, Hono } from 'hono'
import {
  createGroupSchema,
  type GroupJson,
  type InvitationJson,
  joinGroupSchema,
} from '../../../protocol/src/miniapp/groups.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { readBody } from '../accounts/read-body.ts'
import type { GuessLimit } from '../runners/guess-limit.ts'
import { authenticateSession } from '../wallets/authenticate-session.ts'
import { parseInvitation } from './group-codes.ts'
import { refuseGroup } from './group-errors.ts'
import type { CreateGroupResult, Group, UnsharedResult } from './group-store.ts'
import type { Invitation, JoinResult } from './join-group-store.ts'

type OwnGroup = { readonly accountId: number; readonly groupId: string }
type Invited = { readonly accountId: number; readonly code: string }

export type GroupsRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  /** Counts wrong invitations. */
  readonly invitationGuesses: GuessLimit
  readonly listGroups: (accountId: number) => Promise<readonly Group[]>
  readonly findGroup: (own: OwnGroup) => Promise<Group | undefined>
  readonly createGroup: (input: { accountId: number; name: string }) => Promise<CreateGroupResult>
  readonly renameGroup: (own: OwnGroup, name: string) => Promise<boolean>
  /** Puts a new code in the place of the old one. */
  readonly renewInvitation: (own: OwnGroup) => Promise<boolean>
  readonly closeGroup: (own: OwnGroup) => Promise<boolean>
  /** Also tells the live side, where its runners stop serving the group at once. */
  readonly endGroup: (own: OwnGroup) => Promise<UnsharedResult>
  readonly leaveGroup: (own: OwnGroup) => Promise<UnsharedResult>
  readonly readInvitation: (invited: Invited) => Promise<Invitation | undefined>
  readonly joinGroup: (invited: Invited) => Promise<JoinResult>
}

const NO_STORE = { 'cache-control': 'no-store' }

/** Groups of people who share runners. Another's group answers as one that does not exist. */
export function groupsRoute(deps: GroupsRouteDeps): Hono {
  return new Hono()
    .get('/v1/groups', async (c) => {
      const who = await callerOf(c, deps)
      if (!who.ok) return who.refusal
      const groups = await deps.listGroups(who.accountId)
      return c.json({ data: groups.map(toGroupJson) }, 200, NO_STORE)
    })
    .post('/v1/groups', async (c) => {
      const who = await callerOf(c, deps)
      if (!who.ok) return who.refusal
      const body = await readBody(c.req.raw, createGroupSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const made = await deps.createGroup({ accountId: who.accountId, name: body.data.name })
      if (made.ok) return c.json(toGroupJson(made.group), 201, NO_STORE)
      return made.reason === 'account-gone' ? refuseAccount(made.reason) : refuseGroup(made.reason)
    })
    .get('/v1/groups/invitations/:code', async (c) => {
      const who = await callerOf(c, deps)
      if (!who.ok) return who.refusal
      return guessing(deps, who.accountId, async () => {
        const code = parseInvitation(c.req.param('code'))
        const invitation = code && (await deps.readInvitation({ accountId: who.accountId, code }))
        return invitation ? c.json(toInvitationJson(invitation), 200, NO_STORE) : undefined
      })
    })
    .post('/v1/groups/join', async (c) => {
      const who = await callerOf(c, deps)
      if (!who.ok) return who.refusal
      const body = await readBody(c.req.raw, joinGroupSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      return guessing(deps, who.accountId, async () => {
        const code = parseInvitation(body.data.code)
        const joined = code && (await deps.joinGroup({ accountId: who.accountId, code }))
        if (!joined) return undefined
        if (joined.ok) return c.json(toGroupJson(joined.group), 200, NO_STORE)
        if (joined.reason === 'unknown-invitation') return undefined
        return joined.reason === 'account-gone' ? refuseAccount(joined.reason) : refuseGroup(joined.reason)
      })
    })
    .patch('/v1/groups/:id', async (c) => {
      const who = await callerOf(c, deps)
      if (!who.ok) return who.refusal
      const body = await readBody(c.req.raw, createGroupSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const own = { accountId: who.accountId, groupId: c.req.param('id') }
      return showChanged(c, deps, own, await deps.renameGroup(own, body.data.name))
    })
    .delete('/v1/groups/:id', async (c) => {
      const who = await callerOf(c, deps)
      if (!who.ok) return who.refusal
      const groupId = c.req.param('id')
      const ended = await deps.endGroup({ accountId: who.accountId, groupId })
      return ended.ok ? c.json({ id: groupId, deleted: true }, 200, NO_STORE) : refuseGroup(ended.reason)
    })
    .post('/v1/groups/:id/invitation', async (c) => {
      const who = await callerOf(c, deps)
      if (!who.ok) return who.refusal
      const own = { accountId: who.accountId, groupId: c.req.param('id') }
      return showChanged(c, deps, own, await deps.renewInvitation(own))
    })
    .delete('/v1/groups/:id/invitation', async (c) => {
      const who = await callerOf(c, deps)
      if (!who.ok) return who.refusal
      const own = { accountId: who.accountId, groupId: c.req.param('id') }
      return showChanged(c, deps, own, await deps.closeGroup(own))
    })
    .delete('/v1/groups/:id/members/me', async (c) => {
      const who = await callerOf(c, deps)
      if (!who.ok) return who.refusal
      const groupId = c.req.param('id')
      const left = await deps.leaveGroup({ accountId: who.accountId, groupId })
      return left.ok ? c.json({ id: groupId, deleted: true }, 200, NO_STORE) : refuseGroup(left.reason)
    })
}

type Caller =
  | { readonly ok: true; readonly accountId: number }
  | { readonly ok: false; readonly refusal: Response }

/** Who calls. A key that leaked must neither show who shares what with whom nor change it. */
async function callerOf(c: Context, { authenticate }: GroupsRouteDeps): Promise<Caller> {
  const who = await authenticateSession(authenticate, c.req.header('authorization'))
  if (who.ok) return { ok: true, accountId: who.caller.accountId }
  const message =
    who.reason === 'session-needed'
      ? 'An API key cannot see or change groups. Use the Mini App, or a session.'
      : undefined
  return { ok: false, refusal: refuseAccount(who.reason, { message }) }
}

/** Looks an invitation up. `undefined` is a wrong guess: they are counted, and right ones are not. */
async function guessing(
  { invitationGuesses }: GroupsRouteDeps,
  accountId: number,
  look: () => Promise<Response | undefined>,
): Promise<Response> {
  const guesser = String(accountId)
  const guess = invitationGuesses.take(guesser)
  if (!guess.allowed) {
    const refusal = refuseGroup('too-many-guesses')
    refusal.headers.set('retry-after', String(guess.retryAfterSeconds))
    return refusal
  }
  const found = await look()
  if (!found) return refuseGroup('unknown-invitation', { param: 'code' })
  invitationGuesses.giveBack(guesser)
  return found
}

async function showChanged(
  c: Context,
  { findGroup }: GroupsRouteDeps,
  own: OwnGroup,
  changed: boolean,
): Promise<Response> {
  const group = changed ? await findGroup(own) : undefined
  return group ? c.json(toGroupJson(group), 200, NO_STORE) : refuseGroup('group-not-found')
}

function toGroupJson({ groupId, name, isOwner, members, runners, invitation }: Group): GroupJson {
  return { id: groupId, name, is_owner: isOwner, members, runners, invitation }
}

function toInvitationJson({ groupName, members, isMember }: Invitation): InvitationJson {
  return { group_name: groupName, members, is_member: isMember }
}
