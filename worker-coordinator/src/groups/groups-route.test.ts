import { expect, test } from 'vitest'
import { groupListSchema, groupSchema, invitationSchema } from '../../../protocol/src/miniapp/groups.ts'
import { createGuessLimit } from '../runners/guess-limit.ts'
import type { Group } from './group-store.ts'
import { type GroupsRouteDeps, groupsRoute } from './groups-route.ts'

const CODE = '0123456789abcdefghjk'
const FAMILY: Group = {
  groupId: 'grp_1',
  name: 'family',
  isOwner: true,
  members: 3,
  runners: 1,
  invitation: CODE,
}

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

function setup(overrides: Partial<GroupsRouteDeps> = {}) {
  const route = groupsRoute({
    authenticate: async (authorization) =>
      authorization === 'session' || authorization === 'key'
        ? { ok: true, caller: { accountId: 7, keyId: authorization === 'key' ? 1 : undefined } }
        : { ok: false, reason: 'missing' },
    invitationGuesses: createGuessLimit({ nowMs: () => 0 }),
    listGroups: fakeless('listGroups'),
    findGroup: fakeless('findGroup'),
    createGroup: fakeless('createGroup'),
    renameGroup: fakeless('renameGroup'),
    renewInvitation: fakeless('renewInvitation'),
    closeGroup: fakeless('closeGroup'),
    endGroup: fakeless('endGroup'),
    leaveGroup: fakeless('leaveGroup'),
    readInvitation: fakeless('readInvitation'),
    joinGroup: fakeless('joinGroup'),
    ...overrides,
  })
  return async (method: string, path: string, body?: unknown, authorization: string | null = 'session') => {
    const response = await route.request(path, {
      method,
      headers: authorization === null ? {} : { authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, json: await response.json() }
  }
}
const FAMILY_JSON = {
  id: 'grp_1',
  name: 'family',
  is_owner: true,
  members: 3,
  runners: 1,
  invitation: CODE,
}

test.each([
  ['GET', '/v1/groups'],
  ['POST', '/v1/groups'],
  ['PATCH', '/v1/groups/grp_1'],
  ['DELETE', '/v1/groups/grp_1'],
  ['POST', '/v1/groups/grp_1/invitation'],
  ['DELETE', '/v1/groups/grp_1/invitation'],
  ['GET', `/v1/groups/invitations/${CODE}`],
  ['POST', '/v1/groups/join'],
  ['DELETE', '/v1/groups/grp_1/members/me'],
])('%s %s is for sessions: neither a key nor nobody gets in', async (method, path) => {
  const call = setup()
  expect(await call(method, path, undefined, 'key')).toMatchObject({
    status: 403,
    json: { error: { code: 'session_needed', message: expect.stringContaining('groups') } },
  })
  expect((await call(method, path, undefined, null)).status).toBe(401)
})
test('groups are shown as their schema says', async () => {
  const { status, json, headers } = await setup({
    listGroups: async () => [FAMILY, { ...FAMILY, isOwner: false, invitation: null }],
  })('GET', '/v1/groups')
  expect(status).toBe(200)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(groupListSchema.parse(json).data).toEqual([
    FAMILY_JSON,
    { ...FAMILY_JSON, is_owner: false, invitation: null },
  ])
})
test('a group is made with a trimmed name, and refused with its reason', async () => {
  const made: unknown[] = []
  const call = setup({
    createGroup: async (input) => {
      made.push(input)
      return made.length === 1 ? { ok: true, group: FAMILY } : { ok: false, reason: 'too-many-groups' }
    },
  })
  const { status, json } = await call('POST', '/v1/groups', { name: ' family ' })
  expect(status).toBe(201)
  expect(groupSchema.parse(json)).toEqual(FAMILY_JSON)
  expect(made).toEqual([{ accountId: 7, name: 'family' }])
  expect(await call('POST', '/v1/groups', { name: 'x' })).toMatchObject({
    status: 409,
    json: { error: { code: 'too_many_groups' } },
  })
  const gone = setup({ createGroup: async () => ({ ok: false, reason: 'account-gone' }) })
  expect((await gone('POST', '/v1/groups', { name: 'x' })).status).toBe(401)
})
test.each([
  [{ name: '  ' }, 'invalid_value', 'name'],
  [{ name: 'x'.repeat(65) }, 'invalid_value', 'name'],
  [{}, 'invalid_value', 'name'],
  [{ name: 'x', owner: 1 }, 'unknown_parameter', 'owner'],
])('a group %j is refused and names the field', async (body, code, param) => {
  expect(await setup()('POST', '/v1/groups', body)).toMatchObject({
    status: 400,
    json: { error: { code, param } },
  })
})
test('renaming, a new invitation and closing show the group, or that there is none', async () => {
  const seen: unknown[] = []
  const change = async (own: unknown) => {
    seen.push(own)
    return seen.length <= 3
  }
  const call = setup({
    findGroup: async () => FAMILY,
    renameGroup: (own, name) => change({ ...own, name }),
    renewInvitation: change,
    closeGroup: change,
  })
  const changes = [
    ['PATCH', '/v1/groups/grp_1', { name: 'home' }],
    ['POST', '/v1/groups/grp_1/invitation', undefined],
    ['DELETE', '/v1/groups/grp_1/invitation', undefined],
  ] as const
  for (const [method, path, body] of changes) {
    expect(await call(method, path, body)).toMatchObject({ status: 200, json: FAMILY_JSON })
  }
  expect(seen[0]).toEqual({ accountId: 7, groupId: 'grp_1', name: 'home' })
  for (const [method, path, body] of changes) {
    expect(await call(method, path, body)).toMatchObject({
      status: 404,
      json: { error: { code: 'group_not_found' } },
    })
  }
})
test('ending and leaving answer with the id, or with why not', async () => {
  const call = setup({
    endGroup: async ({ groupId }) =>
      groupId === 'grp_1' ? { ok: true, runnerIds: ['run_1'] } : { ok: false, reason: 'group-not-found' },
    leaveGroup: async ({ groupId }) =>
      groupId === 'grp_1' ? { ok: true, runnerIds: [] } : { ok: false, reason: 'owner-cannot-leave' },
  })
  const gone = { status: 200, json: { id: 'grp_1', deleted: true } }
  expect(await call('DELETE', '/v1/groups/grp_1')).toMatchObject(gone)
  expect(await call('DELETE', '/v1/groups/grp_1/members/me')).toMatchObject(gone)
  expect((await call('DELETE', '/v1/groups/grp_2')).status).toBe(404)
  expect(await call('DELETE', '/v1/groups/grp_2/members/me')).toMatchObject({
    status: 409,
    json: { error: { code: 'owner_cannot_leave' } },
  })
})
test('an invitation is shown and joined, however it was typed', async () => {
  const codes: string[] = []
  const call = setup({
    readInvitation: async ({ code }) => {
      codes.push(code)
      return { groupId: 'grp_1', groupName: 'family', members: 3, isMember: false }
    },
    joinGroup: async ({ code }) => {
      codes.push(code)
      return { ok: true, group: FAMILY }
    },
  })
  const shown = await call('GET', `/v1/groups/invitations/${CODE.toUpperCase()}`)
  expect(invitationSchema.parse(shown.json)).toEqual({ group_name: 'family', members: 3, is_member: false })
  expect(await call('POST', '/v1/groups/join', { code: ` ${CODE} ` })).toMatchObject({
    status: 200,
    json: FAMILY_JSON,
  })
  expect(codes).toEqual([CODE, CODE])
})
test.each([
  ['group-full', 409],
  ['too-many-memberships', 409],
  ['account-gone', 401],
] as const)('a joining refused as %s says so', async (reason, status) => {
  const call = setup({ joinGroup: async () => ({ ok: false, reason }) })
  expect(await call('POST', '/v1/groups/join', { code: CODE })).toMatchObject({
    status,
    json: { error: { code: reason.replaceAll('-', '_') } },
  })
})
test('the eleventh wrong invitation of an account in a minute reaches no database, and right ones do not count', async () => {
  let asked = 0
  const call = setup({
    readInvitation: async ({ code }) => {
      asked += 1
      return code === CODE
        ? { groupId: 'grp_1', groupName: 'family', members: 1, isMember: false }
        : undefined
    },
    joinGroup: async () => {
      asked += 1
      return { ok: false, reason: 'unknown-invitation' }
    },
  })
  for (let index = 0; index < 20; index++) {
    expect((await call('GET', `/v1/groups/invitations/${CODE}`)).status).toBe(200)
  }
  const wrong = '1'.repeat(20)
  for (let index = 0; index < 5; index++) {
    expect((await call('GET', `/v1/groups/invitations/${wrong}`)).status).toBe(404)
    expect(await call('POST', '/v1/groups/join', { code: wrong })).toMatchObject({
      status: 404,
      json: { error: { code: 'unknown_invitation', param: 'code' } },
    })
  }
  const refused = await call('POST', '/v1/groups/join', { code: wrong })
  expect(refused).toMatchObject({ status: 429, json: { error: { code: 'too_many_guesses' } } })
  expect(refused.headers.get('retry-after')).toBe('6')
  expect(asked).toBe(30)
})
test('what cannot be an invitation is a wrong guess that asks nobody', async () => {
  expect((await setup()('GET', '/v1/groups/invitations/short')).status).toBe(404)
  expect((await setup()('POST', '/v1/groups/join', { code: 'x'.repeat(64) })).status).toBe(404)
})
