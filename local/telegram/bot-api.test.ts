import type { Message } from 'grammy/types'
import { expect, test } from 'vitest'
import { setupTelegram, type TestTelegram, TOKEN } from './test-telegram.ts'

const YOU = 1001

async function setupChat(options: Parameters<typeof setupTelegram>[0] = {}): Promise<TestTelegram> {
  const telegram = await setupTelegram(options)
  telegram.say('hello')
  return telegram
}

test('a call is understood as JSON, as a form, as multipart and as a query', async () => {
  const { url, messages } = await setupChat()
  const form = new FormData()
  form.set('chat_id', '1001')
  form.set('text', 'multipart')
  const method = `${url}/bot${TOKEN}/sendMessage`
  await fetch(method, { method: 'POST', body: form })
  await fetch(method, { method: 'POST', body: new URLSearchParams({ chat_id: '1001', text: 'form' }) })
  await fetch(`${method}?chat_id=1001&text=query`)
  expect(messages().map(({ text }) => text)).toEqual(['hello', 'multipart', 'form', 'query'])
})

test('a wrong token and an unknown method are refused, and method names ignore case', async () => {
  const { url, call } = await setupTelegram()
  const wrong = await fetch(`${url}/bot1:wrong/getMe`)
  expect([wrong.status, await wrong.json()]).toEqual([
    401,
    { ok: false, error_code: 401, description: 'Unauthorized' },
  ])
  expect(await call('sendHologram')).toEqual({ ok: false, error_code: 404, description: 'Not Found' })
  expect(await call('constructor')).toMatchObject({ error_code: 404 })
  expect(await call('GETME')).toMatchObject({ ok: true, result: { id: 123456, is_bot: true } })
})

test('a body that is not JSON is refused', async () => {
  const { url } = await setupTelegram()
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/bot${TOKEN}/sendMessage`, { method: 'POST', headers, body: '{' })
  expect(response.status).toBe(400)
})

test.each([
  [{ chat_id: YOU }, 'message text is empty'],
  [{ chat_id: YOU, text: '  \n ' }, 'text must be non-empty'],
  [{ chat_id: YOU, text: 'x'.repeat(4097) }, 'message is too long'],
  [{ text: 'x' }, 'chat_id is empty'],
  [{ chat_id: 77, text: 'x' }, 'chat not found'],
  [{ chat_id: YOU, text: 'x', message_thread_id: 5 }, 'message thread not found'],
  [{ chat_id: YOU, text: 'x', reply_parameters: { message_id: 99 } }, 'message to be replied not found'],
])('sendMessage %# is refused', async (params, reason) => {
  const { call, messages } = await setupChat()
  const description = `Bad Request: ${reason}`
  expect(await call('sendMessage', params)).toEqual({ ok: false, error_code: 400, description })
  expect(messages()).toHaveLength(1)
})

test('4096 units after parsing are allowed, counted without the markup', async () => {
  const { call } = await setupChat()
  const text = `<b>${'x'.repeat(4096)}</b>`
  expect(await call('sendMessage', { chat_id: YOU, text, parse_mode: 'HTML' })).toMatchObject({ ok: true })
})

test('a bot may not write first', async () => {
  const { call } = await setupTelegram()
  expect(await call('sendMessage', { chat_id: YOU, text: 'x' })).toMatchObject({
    error_code: 403,
    description: "Forbidden: bot can't initiate conversation with a user",
  })
})

test('a blocked bot and a kicked bot get 403 until they are let in again', async () => {
  const { call, block, unblock, addGroup } = await setupChat()
  block()
  expect(await call('sendMessage', { chat_id: YOU, text: 'x' })).toEqual({
    ok: false,
    error_code: 403,
    description: 'Forbidden: bot was blocked by the user',
  })
  unblock()
  expect(await call('sendMessage', { chat_id: YOU, text: 'x' })).toMatchObject({ ok: true })
  const { id } = addGroup()
  block(id)
  expect(await call('sendMessage', { chat_id: id, text: 'x' })).toMatchObject({
    description: 'Forbidden: bot was kicked from the supergroup chat',
  })
})

test('a reply carries its target, and may go without a lost one when asked to', async () => {
  const { call } = await setupChat()
  const reply = await call('sendMessage', { chat_id: YOU, text: 'x', reply_parameters: { message_id: 1 } })
  expect(reply.result).toMatchObject({ reply_to_message: { message_id: 1, text: 'hello' } })
  const lost = { message_id: 99, allow_sending_without_reply: true }
  const without = await call('sendMessage', { chat_id: YOU, text: 'x', reply_parameters: lost })
  expect(without).toMatchObject({ ok: true })
})

const keyboard = (button: object) => ({ reply_markup: { inline_keyboard: [[button]] } })

test.each([
  [{ text: 'a', callback_data: 'я'.repeat(33) }, 'BUTTON_DATA_INVALID'],
  [{ text: 'a' }, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"],
  [{ callback_data: 'x' }, `can't parse inline keyboard button: Can't find field "text"`],
  [{ text: ' ', callback_data: 'x' }, 'inline keyboard button text must be non-empty'],
  [
    { text: 'a', url: 'javascript:alert(1)' },
    "inline keyboard button URL 'javascript:alert(1)' is invalid: Wrong HTTP URL",
  ],
  [
    { text: 'a', web_app: { url: 'http://a.example' } },
    "inline keyboard button Web App URL 'http://a.example' is invalid: Only HTTPS links are allowed",
  ],
])('button %j is refused', async (button, reason) => {
  const { call } = await setupChat()
  const answer = await call('sendMessage', { chat_id: YOU, text: 'x', ...keyboard(button) })
  expect(answer).toMatchObject({ error_code: 400, description: `Bad Request: ${reason}` })
})

test('64 bytes of callback data are allowed, and a web_app button in private chats only', async () => {
  const { call, addGroup } = await setupChat()
  const data = keyboard({ text: 'a', callback_data: 'я'.repeat(32) })
  expect(await call('sendMessage', { chat_id: YOU, text: 'x', ...data })).toMatchObject({ ok: true })
  const app = keyboard({ text: 'a', web_app: { url: 'https://a.example' } })
  expect(await call('sendMessage', { chat_id: YOU, text: 'x', ...app })).toMatchObject({ ok: true })
  const { id } = addGroup()
  const inGroup = await call('sendMessage', { chat_id: id, text: 'x', ...app })
  expect(inGroup).toMatchObject({ description: 'Bad Request: BUTTON_TYPE_INVALID' })
})

test('an edit changes text and buttons, and says so when nothing changes', async () => {
  const { call } = await setupChat()
  await call('sendMessage', { chat_id: YOU, text: 'x', ...keyboard({ text: 'a', callback_data: 'a' }) })
  const edit = { chat_id: YOU, message_id: 2, text: '<b>y</b>', parse_mode: 'HTML' }
  const edited = (await call('editMessageText', edit)).result as Message
  expect(edited).toMatchObject({ text: 'y', entities: [{ type: 'bold' }] })
  expect(edited.reply_markup).toBeUndefined()
  const again = await call('editMessageText', edit)
  expect(again.description).toMatch(/^Bad Request: message is not modified: specified new message content/)
  const markup = { chat_id: YOU, message_id: 2, ...keyboard({ text: 'b', callback_data: 'b' }) }
  expect(await call('editMessageReplyMarkup', markup)).toMatchObject({ result: { text: 'y' } })
  expect(await call('editMessageReplyMarkup', markup)).toMatchObject({ error_code: 400 })
})

test('only an own message that is there can be edited, and what is deleted is gone', async () => {
  const { call, messages } = await setupChat()
  const edit = (message_id: number) => call('editMessageText', { chat_id: YOU, message_id, text: 'y' })
  expect(await edit(99)).toMatchObject({ description: 'Bad Request: message to edit not found' })
  expect(await edit(1)).toMatchObject({ description: "Bad Request: message can't be edited" })
  await call('sendMessage', { chat_id: YOU, text: 'x' })
  expect(await call('deleteMessage', { chat_id: YOU, message_id: 2 })).toEqual({ ok: true, result: true })
  expect(messages().map(({ message_id }) => message_id)).toEqual([1])
  expect(await call('deleteMessage', { chat_id: YOU, message_id: 2 })).toMatchObject({
    description: 'Bad Request: message to delete not found',
  })
})

test("a plain member cannot delete another person's message in a group", async () => {
  const { call, addGroup, say } = await setupChat()
  const { id } = addGroup()
  const update = say({ chat: id, text: '@sharnaqa_bot hi' })
  const message_id = update?.message?.message_id
  expect(await call('deleteMessage', { chat_id: id, message_id })).toMatchObject({
    description: "Bad Request: message can't be deleted",
  })
})

test('a draft lives in a private chat, is replaced by a message, and vanishes by itself', async () => {
  const telegram = await setupChat({ draftLifeMs: 60 })
  const { call, drafts, messages, waitFor } = telegram
  const draft = { chat_id: YOU, draft_id: 7, text: 'wri' }
  expect(await call('sendMessageDraft', draft)).toEqual({ ok: true, result: true })
  expect(await call('sendMessageDraft', { ...draft, text: '' })).toMatchObject({ ok: true })
  await call('sendMessageDraft', { ...draft, text: 'writing' })
  expect(drafts()).toMatchObject([{ draftId: 7, text: 'writing', canStop: false }])
  await call('sendMessage', { chat_id: YOU, text: 'written' })
  expect([drafts(), messages().length]).toEqual([[], 2])
  await call('sendMessageDraft', draft)
  await waitFor('the draft to vanish', () => drafts().length === 0)
})

test.each([
  [{ chat_id: YOU, draft_id: 0, text: 'x' }, 'RANDOM_ID_INVALID'],
  [{ chat_id: YOU, draft_id: 1, text: 'x'.repeat(4097) }, 'message is too long'],
  [{ chat_id: -1_001_000_000_001, draft_id: 1, text: 'x' }, 'TEXTDRAFT_PEER_INVALID'],
])('draft %# is refused', async (params, reason) => {
  const { call, drafts } = await setupChat()
  expect(await call('sendMessageDraft', params)).toMatchObject({ description: `Bad Request: ${reason}` })
  expect(drafts()).toEqual([])
})

test('Stop reaches the bot, and only a draft that allows it can be stopped', async () => {
  const { call, stop, drafts, updates } = await setupChat()
  await call('sendMessageDraft', { chat_id: YOU, draft_id: 1, text: 'x' })
  expect(() => stop()).toThrow('no Stop button')
  await call('sendMessageDraft', { chat_id: YOU, draft_id: 1, text: 'x', can_stop: true, keep_on_stop: true })
  stop()
  expect(updates.at(-1)?.update.stopped_message_generation).toMatchObject({ chat: { id: YOU }, draft_id: 1 })
  expect(drafts()).toMatchObject([{ canStop: false }])
})

test('topics are separate, in a private chat and in a forum', async () => {
  const { call, addTopic, addGroup, say } = await setupChat()
  const topic = addTopic({ name: 'Aqaba' })
  expect(say({ text: 'here', threadId: topic })?.message).toMatchObject({
    message_thread_id: topic,
    is_topic_message: true,
  })
  const sent = await call('sendMessage', { chat_id: YOU, text: 'x', message_thread_id: topic })
  expect(sent.result).toMatchObject({ message_thread_id: topic })
  const forum = addGroup({ isForum: true })
  const thread = addTopic({ chat: forum.id, name: 'News' })
  const inForum = await call('sendMessage', { chat_id: forum.id, text: 'x', message_thread_id: thread })
  expect(inForum).toMatchObject({ ok: true })
  const plain = addGroup()
  const ignored = await call('sendMessage', { chat_id: plain.id, text: 'x', message_thread_id: 5 })
  expect(ignored.result).not.toHaveProperty('message_thread_id')
})

test('a plain member hears only what calls it, an administrator hears all', async () => {
  const { addGroup, say, bot, call } = await setupChat()
  const { id } = addGroup()
  expect(say({ chat: id, text: 'hello all' })).toBeUndefined()
  expect(say({ chat: id, text: `@${bot.username} hello` })).toBeDefined()
  expect(say({ chat: id, text: '/new' })).toBeDefined()
  expect(say({ chat: id, text: '/new@other_bot' })).toBeUndefined()
  const sent = (await call('sendMessage', { chat_id: id, text: 'x' })).result as Message
  expect(say({ chat: id, text: 'thanks', replyTo: sent.message_id })).toBeDefined()
  const { id: open } = addGroup({ botStatus: 'administrator' })
  expect(say({ chat: open, text: 'hello all' })).toBeDefined()
})

test('a callback query is answered in time or not at all', async () => {
  let nowMs = 1_795_000_000_000
  const { call, messages, press, pressData } = await setupChat({ nowMs: () => nowMs, callbackLifeMs: 1000 })
  await call('sendMessage', { chat_id: YOU, text: 'x', ...keyboard({ text: 'Go', callback_data: 'go' }) })
  const message = messages()[1] as Message
  const query = press(message, 'Go').callback_query
  expect(query).toMatchObject({ data: 'go', from: { id: YOU }, message: { message_id: 2 } })
  const answer = (id: string | undefined) =>
    call('answerCallbackQuery', { callback_query_id: id, text: 'ok' })
  expect(await answer(query?.id)).toMatchObject({ ok: true })
  const late = pressData(message, 'gone').callback_query
  nowMs += 1001
  const description = 'Bad Request: query is too old and response timeout expired or query ID is invalid'
  expect(await answer(late?.id)).toMatchObject({ description })
  expect(await answer('nobody')).toMatchObject({ description })
  expect(() => press(message, 'Stay')).toThrow('it has: Go')
})

test('commands are kept per scope and language', async () => {
  const { call } = await setupTelegram()
  const commands = [{ command: 'new', description: 'Start anew' }]
  const scope = { type: 'all_private_chats' }
  await call('setMyCommands', { commands, scope, language_code: 'ar' })
  const got = await call('getMyCommands', { scope, language_code: 'ar' })
  expect(got).toEqual({ ok: true, result: commands })
  expect(await call('getMyCommands', { scope })).toEqual({ ok: true, result: [] })
  await call('deleteMyCommands', { scope, language_code: 'ar' })
  expect(await call('getMyCommands', { scope, language_code: 'ar' })).toEqual({ ok: true, result: [] })
})

test.each([
  [{ commands: [{ command: 'New', description: 'x' }] }, 'BOT_COMMAND_INVALID'],
  [{ commands: [{ command: 'new', description: ' ' }] }, 'command description must be non-empty'],
  [{ commands: [{ command: 'x'.repeat(33), description: 'x' }] }, 'command length must not exceed 32'],
  [{ commands: [], scope: { type: 'moon' } }, "can't parse BotCommandScope: Unsupported type specified"],
  [{ commands: [], language_code: 'arabic' }, 'invalid language code specified'],
])('setMyCommands %j is refused', async (params, reason) => {
  const { call } = await setupTelegram()
  expect(await call('setMyCommands', params)).toMatchObject({ description: `Bad Request: ${reason}` })
})

test('names and descriptions fall back to the common language and have their limits', async () => {
  const { call } = await setupTelegram()
  await call('setMyDescription', { description: 'common' })
  await call('setMyDescription', { description: 'عربي', language_code: 'ar' })
  expect(await call('getMyDescription', { language_code: 'ar' })).toMatchObject({
    result: { description: 'عربي' },
  })
  expect(await call('getMyDescription', { language_code: 'ru' })).toMatchObject({
    result: { description: 'common' },
  })
  expect(await call('setMyShortDescription', { short_description: 'x'.repeat(121) })).toMatchObject({
    ok: false,
  })
  expect(await call('getMyName')).toMatchObject({ result: { name: 'Sharnaqa' } })
})

test('the menu button opens this machine or an HTTPS page, nothing else', async () => {
  const { call } = await setupTelegram()
  const button = (url: string) => ({ menu_button: { type: 'web_app', text: 'Open', web_app: { url } } })
  expect(await call('setChatMenuButton', button('http://127.0.0.1:8787/'))).toMatchObject({ ok: true })
  expect(await call('getChatMenuButton')).toMatchObject({ result: { type: 'web_app', text: 'Open' } })
  expect(await call('setChatMenuButton', button('http://a.example/'))).toMatchObject({ ok: false })
})

test('a photo that a person sent can be fetched', async () => {
  const { call, sendMedia, url } = await setupChat()
  const photo = sendMedia('photo', { caption: 'look' })?.message?.photo?.[0]
  const { result } = await call('getFile', { file_id: photo?.file_id })
  const { file_path } = result as { file_path: string }
  const file = await fetch(`${url}/file/bot${TOKEN}/${file_path}`)
  expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png'])
  expect(await call('getFile', { file_id: 'nope' })).toMatchObject({ error_code: 400 })
})

test('getChat, getChatMember and leaveChat tell and change what is', async () => {
  const { call, addGroup } = await setupChat()
  const { id } = addGroup({ title: 'Trip' })
  expect(await call('getChat', { chat_id: id })).toMatchObject({ result: { title: 'Trip' } })
  expect(await call('getChatMember', { chat_id: id, user_id: YOU })).toMatchObject({
    result: { status: 'creator' },
  })
  await call('leaveChat', { chat_id: id })
  expect(await call('sendMessage', { chat_id: id, text: 'x' })).toMatchObject({
    description: 'Forbidden: bot is not a member of the supergroup chat',
  })
})

test('chat actions are checked', async () => {
  const { call } = await setupChat()
  expect(await call('sendChatAction', { chat_id: YOU, action: 'typing' })).toMatchObject({ ok: true })
  expect(await call('sendChatAction', { chat_id: YOU, action: 'dancing' })).toMatchObject({
    description: 'Bad Request: wrong parameter action in request',
  })
})
