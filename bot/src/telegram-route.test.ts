import type { Update } from 'grammy/types'
import { expect, test } from 'vitest'
import { type TelegramRouteDeps, telegramRoute } from './telegram-route.ts'

const CHAT = { id: 5, type: 'private', first_name: 'You' }
const MESSAGE = { update_id: 1, message: { message_id: 1, date: 1, chat: CHAT, text: 'hi' } }

function setup(overrides: Partial<TelegramRouteDeps> = {}) {
  const received: [string, Update][] = []
  const route = telegramRoute({
    webhookSecret: 'secret',
    receive: async (key, update) => {
      received.push([key, update])
    },
    log: () => undefined,
    ...overrides,
  })
  const post = (body: unknown, secret: string | undefined = 'secret') =>
    route.request('/telegram/webhook', {
      method: 'POST',
      headers: secret === undefined ? {} : { 'X-Telegram-Bot-Api-Secret-Token': secret },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { received, post, route }
}

test('an update goes to its conversation and is answered 200', async () => {
  const { post, received } = setup()
  expect((await post(MESSAGE)).status).toBe(200)
  expect(received).toEqual([['5/0', MESSAGE]])
})

test.each([['wrong'], ['secret2'], ['SECRET'], ['']])('the secret %j is refused', async (secret) => {
  const { post, received } = setup()
  expect((await post(MESSAGE, secret)).status).toBe(401)
  expect(received).toEqual([])
})

test('without a secret on either side everything is refused', async () => {
  const { route } = setup()
  const bare = await route.request('/telegram/webhook', { method: 'POST', body: JSON.stringify(MESSAGE) })
  expect(bare.status).toBe(401)
  const { post } = setup({ webhookSecret: undefined })
  expect((await post(MESSAGE, 'undefined')).status).toBe(401)
  const empty = setup({ webhookSecret: '' })
  expect((await empty.post(MESSAGE, '')).status).toBe(401)
})

test('what is not an update is a 400, what is too large a 413', async () => {
  const { post, received } = setup()
  expect((await post('not json')).status).toBe(400)
  expect((await post({ message: {} })).status).toBe(400)
  expect((await post({ ...MESSAGE, filler: 'x'.repeat(1024 * 1024) })).status).toBe(413)
  expect(received).toEqual([])
})

test('unknown and misshapen kinds are taken and ignored', async () => {
  const { post, received } = setup()
  for (const update of [
    { update_id: 2 },
    { update_id: 3, from_the_future: { x: 1 } },
    { update_id: 4, message: 'text' },
    { update_id: 5, message: { chat: { id: 'x', type: 'private' } } },
    { update_id: 6, inline_query: { id: '1' } },
  ]) {
    expect((await post(update)).status).toBe(200)
  }
  expect(received).toEqual([])
})

test('an update that could not be kept is not acknowledged, so that Telegram brings it again', async () => {
  const { post } = setup({ receive: async () => Promise.reject(new Error('storage')) })
  expect((await post(MESSAGE)).status).toBe(503)
})
