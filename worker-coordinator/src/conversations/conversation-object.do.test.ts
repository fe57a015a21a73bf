import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Update } from 'grammy/types'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Notice } from '../../../bot/src/money/notice.ts'
import { ar } from '../../../bot/src/words/ar.ts'
import { wordsFor } from '../../../bot/src/words/words.ts'
import { nano } from '../../../protocol/src/money.ts'

type Call = { readonly method: string; readonly params: Record<string, unknown> }

const BOT = { id: 123456, is_bot: true, first_name: 'Sharnaqa', username: 'sharnaqa_bot' }

const WAIT = { timeout: 10_000 }

let calls: Call[] = []

beforeEach(() => {
  calls = []
  vi.stubGlobal('fetch', answerAsTelegram)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

async function answerAsTelegram(url: string, init: RequestInit): Promise<Response> {
  const method = url.split('/').at(-1) ?? ''
  const params = JSON.parse(String(init.body)) as Record<string, unknown>
  calls.push({ method, params })
  const message = { message_id: 1000 + calls.length, date: 1, chat: { id: params.chat_id, type: 'private' } }
  return Response.json({ ok: true, result: method === 'getMe' ? BOT : message })
}

function messageOf(updateId: number, chatId: number, text: string, language = 'en'): Update {
  const from = { id: chatId, is_bot: false, first_name: 'You', language_code: language }
  const chat = { id: chatId, type: 'private' as const, first_name: 'You' }
  const command = { type: 'bot_command' as const, offset: 0, length: text.length }
  const entities = text.startsWith('/') ? { entities: [command] } : {}
  return { update_id: updateId, message: { message_id: updateId, date: 1, chat, from, text, ...entities } }
}

function pressOf(updateId: number, chatId: number, data: string): Update {
  const { message } = messageOf(updateId, chatId, 'x')
  const from = { id: chatId, is_bot: false, first_name: 'You', language_code: 'en' }
  return {
    update_id: updateId,
    callback_query: { id: String(updateId), from, chat_instance: '1', data, message },
  } as unknown as Update
}

function sent(): unknown[] {
  return calls.filter(({ method }) => method === 'sendMessage').map(({ params }) => params.text)
}

async function untilSent(count: number): Promise<void> {
  await vi.waitFor(() => expect(sent().length).toBe(count), WAIT)
}

test('an update is acknowledged, then answered, in the chat it came from', async () => {
  const conversation = env.CONVERSATION.getByName('2001/0')
  await conversation.receive(messageOf(1, 2001, 'hello'))
  await untilSent(1)
  expect(sent()[0]).toContain('No GPU serves this model right now.')
  expect(calls.find(({ method }) => method === 'sendMessageDraft')?.params).toMatchObject({
    chat_id: 2001,
    can_stop: true,
    text: '',
  })
})

test('an update that comes again is not answered again, nor is the bot asked for its name twice', async () => {
  const conversation = env.CONVERSATION.getByName('2002/0')
  await conversation.receive(messageOf(7, 2002, '/help'))
  await untilSent(1)
  await conversation.receive(messageOf(7, 2002, '/help'))
  await conversation.receive(messageOf(8, 2002, '/privacy'))
  await untilSent(2)
  expect(sent()[1]).toContain('Telegram carries this chat')
  expect(calls.filter(({ method }) => method === 'getMe').length).toBe(1)
})

test('an alarm finds what a dead object left: the answer ends with what was there', async () => {
  const conversation = env.CONVERSATION.getByName('2003/0')
  await runInDurableObject(conversation, async (_object, { storage }) => {
    const turn = { seq: 3, kind: 'ask', userId: 2003, language: 'en', messageId: 5, text: 'hello', deaths: 0 }
    storage.kv.put('place', { chatId: 2003, isGroup: false })
    storage.kv.put('next', 3)
    storage.kv.put('running', { turn, text: 'Part of', question: 3, sentParts: 0, inFlight: false })
    storage.kv.put('memory', [{ role: 'user', text: 'hello', seq: 3, messageId: 5 }])
    await storage.setAlarm(Date.now() + 60_000)
  })
  expect(await runDurableObjectAlarm(conversation)).toBe(true)
  await untilSent(1)
  expect(sent()[0]).toContain('Part of')
  await vi.waitFor(() =>
    runInDurableObject(conversation, (_object, { storage }) => {
      expect(storage.kv.get('running')).toBeUndefined()
    }),
  )
  expect((await conversation.said()).messages).toEqual([
    { role: 'user', text: 'hello' },
    { role: 'assistant', text: 'Part of' },
  ])
})

test('a long answer is split between symbols in this runtime, too', async () => {
  const conversation = env.CONVERSATION.getByName('2005/0')
  const text = '👨‍👩‍👧‍👦'.repeat(600)
  await runInDurableObject(conversation, async (_object, { storage }) => {
    const turn = { seq: 3, kind: 'ask', userId: 2005, language: 'ar', text: 'hello', deaths: 0 }
    storage.kv.put('place', { chatId: 2005, isGroup: false })
    storage.kv.put('running', { turn, text, question: 3, sentParts: 0, inFlight: false })
    await storage.setAlarm(Date.now() + 60_000)
  })
  await runDurableObjectAlarm(conversation)
  await untilSent(2)
  expect(String(sent()[0]).length).toBe(11 * 372)
})

test('Arabic is spoken in this runtime, with its plurals', async () => {
  const conversation = env.CONVERSATION.getByName('2006/0')
  await conversation.receive(messageOf(1, 2006, 'مرحبا', 'ar'))
  await untilSent(1)
  expect(sent()[0]).toContain(ar['reason-no-runner'])
  const said = [0, 1, 2, 3, 11, 100].map((seconds) => wordsFor('ar')('try-later', { seconds }))
  expect(new Set(said).size).toBe(6)
})

test('a notice is told in the private chat, once for each id', async () => {
  const conversation = env.CONVERSATION.getByName('2007/0')
  const arrived: Notice = { kind: 'deposit-credited', amount: nano(1_500_000_000n) }
  await conversation.tell(2007, 'deposit/1', arrived)
  await conversation.tell(2007, 'deposit/1', arrived)
  await untilSent(1)
  await conversation.tell(2007, 'deposit/1', arrived)
  await conversation.tell(2007, 'deposit/2', { kind: 'stars-refunded', stars: 3 })
  await untilSent(2)
  expect(sent()).toEqual(['1.5 TON arrived and are on your balance.', '3 Stars came back to you.'])
  expect(calls.filter(({ method }) => method === 'sendMessage').map(({ params }) => params.chat_id)).toEqual([
    2007, 2007,
  ])
})

test('a payment in Stars is asked about, credited and thanked for, through the ledger', async () => {
  const conversation = env.CONVERSATION.getByName('2008/0')
  await conversation.receive(messageOf(1, 2008, '/topup'))
  await untilSent(1)
  await conversation.receive(pressOf(2, 2008, 'stars:250'))
  const invoice = await vi.waitFor(() => {
    const call = calls.find(({ method }) => method === 'sendInvoice')
    if (!call) throw new Error('no invoice')
    return call.params
  }, WAIT)
  expect(invoice).toMatchObject({ currency: 'XTR', prices: [{ amount: 250 }] })
  const from = { id: 2008, is_bot: false, first_name: 'You', language_code: 'en' }
  const asked = { currency: 'XTR', total_amount: 250, invoice_payload: String(invoice.payload) }
  await conversation.receive({ update_id: 3, pre_checkout_query: { id: '77', from, ...asked } })
  await vi.waitFor(() => {
    const answers = calls.filter(({ method }) => method === 'answerPreCheckoutQuery')
    expect(answers.map(({ params }) => params)).toEqual([{ pre_checkout_query_id: '77', ok: true }])
  }, WAIT)
  const charge = { telegram_payment_charge_id: 'stx2008', provider_payment_charge_id: '2008_1' }
  const paid = messageOf(4, 2008, '')
  const message = { ...paid.message, text: undefined, successful_payment: { ...asked, ...charge } }
  await conversation.receive({ update_id: 4, message } as unknown as Update)
  await untilSent(2)
  expect(sent()[1]).toBe('Thank you. 250 Stars bought 1.25 TON; you have 1.3 TON.')
})

test('what was said can be read, names its topics, and is forgotten on demand', async () => {
  const chat = env.CONVERSATION.getByName('2010/0')
  const topic = env.CONVERSATION.getByName('2010/77')
  await chat.receive(messageOf(1, 2010, 'hello'))
  const { message } = messageOf(2, 2010, 'in a topic')
  const inTopic = { ...message, message_thread_id: 77, is_topic_message: true }
  await topic.receive({ update_id: 2, message: inTopic } as unknown as Update)
  await untilSent(2)
  await vi.waitFor(async () => expect((await chat.said()).topics).toEqual([77]), WAIT)
  expect((await chat.said()).messages).toEqual([{ role: 'user', text: 'hello' }])
  expect((await topic.said()).messages).toEqual([{ role: 'user', text: 'in a topic' }])

  await chat.forget()
  await chat.forget()
  expect(await chat.said()).toEqual({ messages: [], topics: [77] })
  expect((await topic.said()).messages).toHaveLength(1)
})

test('a chat that never was has said nothing, and can be forgotten', async () => {
  const chat = env.CONVERSATION.getByName('2011/0')
  expect(await chat.said()).toEqual({ messages: [], topics: [] })
  await chat.forget()
})

test('work that is left keeps an alarm set', async () => {
  const conversation = env.CONVERSATION.getByName('2004/0')
  await conversation.receive(messageOf(1, 2004, 'hello'))
  await runInDurableObject(conversation, async (_object, { storage }) => {
    expect(await storage.getAlarm()).toBeGreaterThan(0)
  })
  await untilSent(1)
})

/** Everything that a conversation keeps, as somebody with the database would look through it. */
function keptBy(conversation: DurableObjectStub): Promise<readonly (readonly [string, unknown])[]> {
  return runInDurableObject(conversation, (_object, { storage }) => [...storage.kv.list()])
}

function textOf(kept: readonly (readonly [string, unknown])[]): string {
  const text = (value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : JSON.stringify(value)
  return kept.map(([key, value]) => `${key}=${text(value)}`).join('\n')
}

test('after a chat no stored value shows a word of the question or of the answer', async () => {
  const conversation = env.CONVERSATION.getByName('2012/0')
  const answer = 'the moths hid in the mulberry'
  await runInDurableObject(conversation, async (_object, { storage }) => {
    // As a version without sealing left it, in the middle of an answer.
    const turn = { seq: 3, kind: 'ask', userId: 2012, language: 'en', text: 'old silkworm', deaths: 2 }
    storage.kv.put('place', { chatId: 2012, isGroup: false })
    storage.kv.put('next', 3)
    storage.kv.put('running', { turn, text: answer, question: 3, sentParts: 0, inFlight: false })
    storage.kv.put('memory', [{ role: 'user', text: 'old silkworm', seq: 3 }])
    await storage.setAlarm(Date.now() + 60_000)
  })
  await runDurableObjectAlarm(conversation)
  await untilSent(1)
  await conversation.receive(messageOf(9, 2012, 'where is my secret cocoon'))
  // While it is being answered the question waits in the inbox and in a turn.
  const during = textOf(await keptBy(conversation))
  await untilSent(2)
  const { messages } = await conversation.said()
  expect(messages.map(({ text }) => text)).toEqual(['old silkworm', answer, 'where is my secret cocoon'])
  const kept = await keptBy(conversation)
  expect(kept.map(([key]) => key)).toEqual(expect.arrayContaining(['memory', 'last', 'seen', 'place']))
  for (const word of ['cocoon', 'silkworm', 'mulberry', 'secret']) {
    expect(during).not.toContain(word)
    expect(textOf(kept)).not.toContain(word)
  }
  const clear = kept.filter(([, value]) => !(value instanceof Uint8Array)).map(([key]) => key)
  expect(clear).toEqual(['place'])
})

test('two conversations that keep the same have nothing in common at rest', async () => {
  const [one, other] = ['2013/0', '2014/0'].map((name) => env.CONVERSATION.getByName(name))
  if (!one || !other) throw new Error('no conversations')
  await one.noteTopic(5)
  const [[key, value] = ['', undefined]] = await keptBy(one)
  await runInDurableObject(other, (_object, { storage }) => storage.kv.put(key, value))
  expect((await one.said()).topics).toEqual([5])
  expect((await other.said()).topics).toEqual([])
})
