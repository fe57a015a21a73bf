import { expect, test } from 'vitest'
import { RateLimits } from './rate-limits.ts'
import { setupTelegram, TOKEN } from './test-telegram.ts'

const YOU = 1001
const message = { chat_id: YOU, text: 'x' }

async function setupChat() {
  const telegram = await setupTelegram()
  telegram.say('hello')
  return telegram
}

test('a lost reply leaves the message there and the caller without an answer', async () => {
  const { call, addFault, messages, calls } = await setupChat()
  addFault({ type: 'lose-reply', method: 'sendMessage' })
  await expect(call('sendMessage', message)).rejects.toThrow('fetch failed')
  expect(messages()).toHaveLength(2)
  expect(calls.at(-1)?.outcome).toMatchObject({ type: 'lost', result: { message_id: 2 } })
  expect(await call('sendMessage', message)).toMatchObject({ ok: true })
})

test('a call held back and reset leaves nothing there', async () => {
  const { call, addFault, messages } = await setupChat()
  addFault({ type: 'hold-back', delayMs: 1 })
  await expect(call('sendMessage', message)).rejects.toThrow('fetch failed')
  expect(messages()).toHaveLength(1)
})

test('a 500 comes as JSON, before any effect, as often as planned', async () => {
  const { call, addFault, messages } = await setupChat()
  addFault({ type: 'server-error', times: 2 })
  const refused = { ok: false, error_code: 500, description: 'Internal Server Error' }
  expect(await call('sendMessage', message)).toEqual(refused)
  expect(await call('sendMessage', message)).toEqual(refused)
  expect(messages()).toHaveLength(1)
  expect(await call('sendMessage', message)).toMatchObject({ ok: true })
})

test('a planned 429 strikes one method in one chat', async () => {
  const { call, addFault, faults, clearFaults } = await setupChat()
  addFault({ type: 'too-many', method: 'sendMessage', chatId: YOU, retryAfterS: 7, times: 5 })
  expect(await call('sendChatAction', { chat_id: YOU, action: 'typing' })).toMatchObject({ ok: true })
  expect(await call('sendMessage', message)).toEqual({
    ok: false,
    error_code: 429,
    description: 'Too Many Requests: retry after 7',
    parameters: { retry_after: 7 },
  })
  expect(faults()).toMatchObject([{ times: 4 }])
  clearFaults()
  expect(await call('sendMessage', message)).toMatchObject({ ok: true })
})

test('refused markup strikes only a call that carries markup', async () => {
  const { call, addFault } = await setupChat()
  addFault({ type: 'refuse-markup' })
  expect(await call('sendMessage', { ...message, entities: [] })).toMatchObject({ ok: true })
  const marked = { ...message, entities: [{ type: 'bold', offset: 0, length: 1 }] }
  expect((await call('sendMessage', marked)).description).toMatch(/^Bad Request: can't parse entities/)
  expect(await call('sendMessage', marked)).toMatchObject({ ok: true })
})

test('a slow answer comes after its effect', async () => {
  const { call, addFault, messages, waitFor, calls } = await setupChat()
  addFault({ type: 'delay', delayMs: 100 })
  const answer = call('sendMessage', message)
  await waitFor('the message', () => messages().length === 2)
  expect(calls.at(-1)?.endedAtMs).toBeUndefined()
  expect(await answer).toMatchObject({ ok: true })
})

test('everything can be done over HTTP too', async () => {
  const { url, messages, call } = await setupTelegram()
  const post = async (action: string, body: object) =>
    (await fetch(`${url}/control/${action}`, { method: 'POST', body: JSON.stringify(body) })).json()
  expect(await post('say', { text: 'hello' })).toMatchObject({
    ok: true,
    result: { message: { text: 'hello' } },
  })
  await post('fault', { type: 'server-error' })
  await call('sendMessage', message)
  const calls = await (await fetch(`${url}/control/calls`)).json()
  expect(calls).toMatchObject([{ method: 'sendMessage', outcome: { type: 'error', code: 500 } }])
  expect(await (await fetch(`${url}/control/messages`)).json()).toEqual(messages())
  expect(await post('fly', {})).toEqual({ ok: false, reason: 'unknown-action' })
  expect(await post('press', { messageId: 9, button: 'x' })).toMatchObject({ ok: false })
})

test('another site in the same browser can neither control nor write', async () => {
  const { url, messages } = await setupTelegram()
  const post = (path: string, headers: Record<string, string>) =>
    fetch(`${url}${path}`, { method: 'POST', headers, body: '{"person":1001,"chat":1001,"text":"x"}' })
  expect((await post('/control/say', { origin: 'https://a.example' })).status).toBe(403)
  expect((await post('/page/say', { origin: 'https://a.example' })).status).toBe(403)
  expect((await post('/page/say', { origin: url })).status).toBe(200)
  expect(messages()).toHaveLength(1)
})

test('calls beyond the pace are refused until the wait is over', () => {
  const limits = new RateLimits('real')
  const take = (atMs: number) => {
    try {
      limits.take('message', YOU, atMs)
      return 'ok'
    } catch (error) {
      return (error as Error).message
    }
  }
  expect([take(0), take(0), take(0), take(0)]).toEqual(['ok', 'ok', 'ok', 'ok'])
  expect([take(0), take(999), take(1000)]).toEqual([
    'Too Many Requests: retry after 1',
    'Too Many Requests: retry after 1',
    'ok',
  ])
})

test('kinds and chats do not slow each other down', () => {
  const limits = new RateLimits('strict')
  limits.take('message', YOU, 0)
  limits.take('draft', YOU, 0)
  limits.take('edit', YOU, 0)
  limits.take('message', 1002, 0)
  expect(() => limits.take('message', YOU, 0)).toThrow('retry after 1')
})

test('a strict server makes an impatient caller wait longer', () => {
  const limits = new RateLimits('strict')
  limits.take('edit', YOU, 0)
  expect(() => limits.take('edit', YOU, 10)).toThrow('retry after 1')
  expect(() => limits.take('edit', YOU, 20)).toThrow('retry after 2')
  expect(() => limits.take('edit', YOU, 1500)).toThrow('retry after 2')
})

test('a group gets twenty messages a minute and no more', () => {
  const limits = new RateLimits('real')
  for (let second = 0; second < 20; second += 1) limits.take('message', -1, second * 1000)
  expect(() => limits.take('message', -1, 20_000)).toThrow('retry after 40')
  limits.take('message', -1, 60_000)
})

test('no limits when they are switched off', () => {
  const limits = new RateLimits('off')
  for (let count = 0; count < 100; count += 1) limits.take('message', YOU, 0)
})

test('a wrong token has no say over the log', async () => {
  const { url, calls } = await setupChat()
  await fetch(`${url}/bot9:wrong/sendMessage`, { method: 'POST', body: new URLSearchParams(TOKEN) })
  expect(calls).toHaveLength(0)
})
