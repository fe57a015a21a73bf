import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bot, webhookCallback } from 'grammy'
import type { Update } from 'grammy/types'
import { expect, onTestFinished, test } from 'vitest'
import { startTelegram } from './start-telegram.ts'
import { setupTelegram, type TestTelegram, TOKEN } from './test-telegram.ts'

const YOU = 1001

type Delivery = { readonly update: Update; readonly secret: string | undefined }
type Hook = { readonly url: string; readonly deliveries: Delivery[] }

/** A webhook whose answers the test decides: a status, or a body with status 200. */
async function setupHook(
  answer: (delivery: Delivery, count: number) => Promise<number | string>,
): Promise<Hook> {
  const deliveries: Delivery[] = []
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const secret = request.headers['x-telegram-bot-api-secret-token']
    const update = JSON.parse(Buffer.concat(chunks).toString()) as Update
    const delivery = { update, secret: typeof secret === 'string' ? secret : undefined }
    deliveries.push(delivery)
    const answered = await answer(delivery, deliveries.length)
    response.statusCode = typeof answered === 'number' ? answered : 200
    response.end(typeof answered === 'string' ? answered : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, deliveries }
}

const ok = async () => 200
const texts = (hook: Hook) => hook.deliveries.map(({ update }) => update.message?.text)

test('a poll gives updates until an offset confirms them', async () => {
  const { call, say } = await setupTelegram()
  const first = say('one')
  say('two')
  const ids = async (params: object) =>
    ((await call('getUpdates', params)).result as Update[]).map(({ message }) => message?.text)
  expect(await ids({})).toEqual(['one', 'two'])
  expect(await ids({ limit: 1 })).toEqual(['one'])
  expect(await ids({ offset: (first?.update_id ?? 0) + 1 })).toEqual(['two'])
  expect(await ids({ offset: -1 })).toEqual(['two'])
  expect(await ids({ offset: (first?.update_id ?? 0) + 2 })).toEqual([])
})

test('a waiting poll wakes when somebody writes', async () => {
  const { call, say, waitFor, calls } = await setupTelegram()
  const waiting = call('getUpdates', { timeout: 30 })
  await waitFor('the poll', () => calls.length === 1)
  say('now')
  expect((await waiting).result).toMatchObject([{ message: { text: 'now' } }])
})

test('a second poller ends the first with 409', async () => {
  const { call, waitFor, calls, say } = await setupTelegram()
  const first = call('getUpdates', { timeout: 30 })
  await waitFor('the first poll', () => calls.length === 1)
  const second = call('getUpdates', { timeout: 30 })
  expect(await first).toMatchObject({
    error_code: 409,
    description: expect.stringMatching(/^Conflict: terminated by other getUpdates request/),
  })
  say('hi')
  expect(await second).toMatchObject({ ok: true })
})

test('polling while a webhook is set is refused', async () => {
  const { call } = await setupTelegram()
  const { url } = await setupHook(ok)
  await call('setWebhook', { url })
  expect(await call('getUpdates')).toMatchObject({
    error_code: 409,
    description: expect.stringMatching(/^Conflict: can't use getUpdates method while webhook is active/),
  })
  await call('deleteWebhook')
  expect(await call('getUpdates')).toMatchObject({ ok: true })
})

test.each([
  [{ url: 'nonsense' }, 'invalid webhook URL specified'],
  [{ url: 'http://a.example/' }, 'bad webhook: An HTTPS URL must be provided for webhook'],
  [{ url: 'https://a.example/', secret_token: 'with space' }, 'secret token contains unallowed characters'],
  [{ url: 'https://a.example/', secret_token: 'x'.repeat(257) }, 'secret token is too long'],
])('setWebhook %# is refused', async (params, reason) => {
  const { call } = await setupTelegram()
  expect(await call('setWebhook', params)).toMatchObject({ description: `Bad Request: ${reason}` })
})

test('a webhook hears each update with the secret header', async () => {
  const { call, say, waitFor } = await setupTelegram()
  const hook = await setupHook(ok)
  say('before')
  await call('setWebhook', { url: hook.url, secret_token: 'sesame' })
  say('after')
  await waitFor('both', () => hook.deliveries.length === 2)
  expect(texts(hook)).toEqual(['before', 'after'])
  expect(hook.deliveries.map(({ secret }) => secret)).toEqual(['sesame', 'sesame'])
})

test('one chat waits for its own answer and not for that of another', async () => {
  const { call, say, waitFor } = await setupTelegram()
  const gate = Promise.withResolvers<number>()
  const hook = await setupHook(({ update }) => (update.message?.text === 'slow' ? gate.promise : ok()))
  await call('setWebhook', { url: hook.url })
  say('slow')
  say('after slow')
  say({ from: 1002, text: 'other chat' })
  await waitFor('the other chat', () => texts(hook).includes('other chat'))
  expect(texts(hook)).not.toContain('after slow')
  gate.resolve(200)
  await waitFor('the rest', () => texts(hook).includes('after slow'))
})

test('an update refused by the webhook comes again, and the fault is told', async () => {
  const { call, say, waitFor, updates } = await setupTelegram()
  const hook = await setupHook(async (_delivery, count) => (count < 3 ? 500 : 200))
  await call('setWebhook', { url: hook.url })
  say('again')
  await waitFor('the delivery', () => updates[0]?.state === 'delivered')
  expect(updates[0]?.attempts.map(({ status }) => status)).toEqual([500, 500, 200])
  expect(await call('getWebhookInfo')).toMatchObject({
    result: {
      url: hook.url,
      pending_update_count: 0,
      last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
    },
  })
})

test('an update that is never accepted is dropped in the end', async () => {
  const { call, say, waitFor, updates } = await setupTelegram({ webhookRetryMs: 0 })
  const hook = await setupHook(async () => 500)
  await call('setWebhook', { url: hook.url })
  say('never')
  await waitFor('the end of patience', () => updates[0]?.state === 'dropped')
  expect(hook.deliveries).toHaveLength(12)
})

test('an update can be doubled and delivered again on demand', async () => {
  const { call, say, waitFor, duplicateUpdates, deliverAgain } = await setupTelegram()
  const hook = await setupHook(ok)
  await call('setWebhook', { url: hook.url })
  duplicateUpdates(1)
  const update = say('twice')
  await waitFor('both', () => hook.deliveries.length === 2)
  deliverAgain(update?.update_id ?? 0)
  await waitFor('the third', () => hook.deliveries.length === 3)
  expect(texts(hook)).toEqual(['twice', 'twice', 'twice'])
})

test('kinds that were not asked for stay away, and an empty list asks for the usual ones', async () => {
  const { call, say, updates } = await setupTelegram()
  await call('getUpdates', { allowed_updates: ['callback_query'] })
  say('unheard')
  expect(updates[0]?.state).toBe('filtered')
  await call('getUpdates', { allowed_updates: [] })
  say('heard')
  expect(updates[1]?.state).toBe('pending')
})

test('a webhook may answer with a method call', async () => {
  const { call, say, waitFor, messages } = await setupTelegram()
  const hook = await setupHook(async () =>
    JSON.stringify({ method: 'sendMessage', chat_id: YOU, text: 'from the answer' }),
  )
  await call('setWebhook', { url: hook.url })
  say('hello')
  await waitFor('the message', () => messages()[1]?.text === 'from the answer')
})

function echoBot({ url }: TestTelegram): Bot {
  const bot = new Bot(TOKEN, { client: { apiRoot: url } })
  bot.command('start', (ctx) =>
    ctx.reply('welcome', { reply_parameters: { message_id: ctx.msg.message_id } }),
  )
  bot.on('message:text', (ctx) => ctx.reply(`echo ${ctx.msg.text}`))
  bot.on('callback_query', (ctx) => ctx.answerCallbackQuery())
  return bot
}

test('a grammY bot works by long polling', async () => {
  const telegram = await setupTelegram()
  const bot = echoBot(telegram)
  const running = bot.start()
  telegram.say('/start')
  telegram.say('hi')
  await telegram.waitFor('both answers', () => telegram.messages().length === 4)
  expect(telegram.messages().map(({ text }) => text)).toEqual(['/start', 'hi', 'welcome', 'echo hi'])
  await bot.stop()
  await running
})

test('a grammY bot works by webhook', async () => {
  const telegram = await setupTelegram()
  const bot = echoBot(telegram)
  const handle = webhookCallback(bot, 'std/http', { secretToken: 'sesame' })
  const hook = await setupHook(async ({ update, secret }) => {
    const headers = { 'x-telegram-bot-api-secret-token': secret ?? '' }
    const request = new Request('http://bot.local/', {
      method: 'POST',
      headers,
      body: JSON.stringify(update),
    })
    return (await handle(request)).status
  })
  await bot.api.setWebhook(hook.url, { secret_token: 'sesame' })
  telegram.say('hi')
  await telegram.waitFor('the answer', () => telegram.messages()[1]?.text === 'echo hi')
})

test('chats, commands, webhook and waiting updates outlive a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'telegram-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const stateFile = join(folder, 'state.json')
  const first = await setupTelegram({ stateFile })
  await first.call('setMyCommands', { commands: [{ command: 'new', description: 'Start anew' }] })
  first.say('remember me')
  await first.call('sendMessage', { chat_id: YOU, text: 'I do' })
  await first.close()

  const second = await setupTelegram({ stateFile })
  expect(second.messages().map(({ text }) => text)).toEqual(['remember me', 'I do'])
  expect(await second.call('getMyCommands')).toMatchObject({ result: [{ command: 'new' }] })
  expect(await second.call('getUpdates')).toMatchObject({ result: [{ message: { text: 'remember me' } }] })
  expect(second.say('next')?.message?.message_id).toBe(3)
})

test('a state file of another version is refused, not overwritten', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'telegram-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const stateFile = join(folder, 'state.json')
  await writeFile(stateFile, '{"version":0}')
  await expect(startTelegram({ token: TOKEN, stateFile })).rejects.toThrow('another version')
})

test('a port that is taken is an error, not a silence', async () => {
  const { url } = await setupTelegram()
  await expect(startTelegram({ token: TOKEN, port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE')
})
