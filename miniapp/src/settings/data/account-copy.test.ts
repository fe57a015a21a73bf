import { expect, test } from 'vitest'
import type { Reply } from '../../session/session.ts'
import { readAccountCopy } from './account-copy.ts'
import { copyConversations } from './device-copy.ts'

const CONVERSATION = { id: 'c1', title: 'Aqaba', isNamed: false, createdAtMs: 1, updatedAtMs: 2 }
const QUESTION = { conversation: 'c1', position: 0, from: 'person' as const, text: 'hello', atMs: 1 }
const given = (body: string): Reply<Response> => ({ ok: true, value: new Response(body) })
const deps = {
  open: async () => given('{"format":"sharnaqa-account"}'),
  readConversations: () =>
    copyConversations({
      readConversations: async () => [CONVERSATION],
      readMessages: async (id: string) => (id === 'c1' ? [QUESTION] : []),
    }),
  settings: { language: 'ar' },
}

test('one file has what the network knows and what this device keeps, with every word', async () => {
  const copy = await readAccountCopy(deps)
  expect(copy.ok && JSON.parse(copy.value)).toEqual({
    network: { format: 'sharnaqa-account' },
    this_device: {
      conversations: [{ ...CONVERSATION, messages: [QUESTION] }],
      settings: { language: 'ar' },
    },
  })
})

test('a device that does not give its conversations is named, and the rest comes all the same', async () => {
  const copy = await readAccountCopy({ ...deps, readConversations: () => Promise.reject(new Error('no')) })
  expect(copy.ok && JSON.parse(copy.value)).toMatchObject({
    network: { format: 'sharnaqa-account' },
    this_device: { conversations: 'this device did not let the page read them' },
  })
})

test.each([
  [
    'a refusal',
    { ok: false, reason: 'rate_limit_exceeded', sentence: undefined } as const,
    'rate_limit_exceeded',
  ],
  ['half an answer', given('{"format":'), 'unreachable'],
])('%s gives no file', async (_, answer, reason) => {
  expect(await readAccountCopy({ ...deps, open: async () => answer })).toMatchObject({ ok: false, reason })
})
