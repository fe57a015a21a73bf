import type { Message, Update } from 'grammy/types'
import { expect, test } from 'vitest'
import { assertConduct, type ConductLog, type ViolationRule } from './assert-conduct.ts'
import { type Call, type CallOutcome, kindOf, type UpdateRecord } from './call-log.ts'
import { setupTelegram } from './test-telegram.ts'

const YOU = 1001
const GROUP = -1_001_000_000_001
const bot = { id: 123456, username: 'sharnaqa_bot' }

type Step = { readonly calls?: Call[]; readonly updates?: UpdateRecord[] }

let nextId = 1

function call(method: string, params: Record<string, unknown>, atMs: number, outcome?: CallOutcome): Step {
  const chatId = typeof params.chat_id === 'number' ? params.chat_id : undefined
  const text = String(params.text ?? '')
  const thread = params.message_thread_id ? { message_thread_id: params.message_thread_id } : {}
  const ok: CallOutcome = { type: 'ok', result: { message_id: nextId, text, ...thread } }
  const id = nextId++
  return {
    calls: [
      {
        id,
        atMs,
        endedAtMs: atMs + 1,
        method,
        kind: kindOf(method),
        chatId,
        params,
        outcome: outcome ?? ok,
      },
    ],
  }
}

const send = (text: string, atMs = 10, extra: object = {}, outcome?: CallOutcome) =>
  call('sendMessage', { chat_id: YOU, text, ...extra }, atMs, outcome)

function heard(content: object, atMs = 0): Step {
  const update = { update_id: nextId++, ...content } as Update
  return { updates: [{ update, atMs, deliveredAtMs: atMs, state: 'delivered', attempts: [] }] }
}

function said(text: string, atMs = 0, extra: object = {}): Step {
  const chat = { id: YOU, type: 'private', first_name: 'You' }
  return heard({ message: { message_id: nextId++, date: 1, chat, text, ...extra } }, atMs)
}

const inGroup = { chat: { id: GROUP, type: 'supergroup', title: 'Our group' } }

function rulesOf(steps: readonly Step[], drafts: ConductLog['drafts'] = () => []): ViolationRule[] {
  const calls = steps.flatMap((step) => step.calls ?? [])
  const updates = steps.flatMap((step) => step.updates ?? [])
  return assertConduct({ bot, calls, updates, drafts }).map(({ rule }) => rule)
}

const refused = (retryAfterS: number): CallOutcome => ({
  type: 'error',
  code: 429,
  description: `Too Many Requests: retry after ${retryAfterS}`,
  retryAfterS,
})
const forbidden: CallOutcome = {
  type: 'error',
  code: 403,
  description: 'Forbidden: bot was blocked by the user',
}
const lost: CallOutcome = { type: 'lost', result: { message_id: 5, text: 'a' } }

test('one answer to each message is good conduct', () => {
  expect(rulesOf([said('q'), send('a')])).toEqual([])
  expect(rulesOf([said('q1'), said('q2'), send('a1'), send('a2')])).toEqual([])
})

test('silence and a second answer are seen', () => {
  expect(rulesOf([said('q')])).toEqual(['unanswered'])
  expect(rulesOf([said('q'), send('a'), send('b')])).toEqual(['answered-twice'])
})

test('a long answer in parts is one answer', () => {
  expect(rulesOf([said('q'), send('a'.repeat(4000)), send('the rest')])).toEqual([])
})

test('a press, an edit and a Stop may each bring one more', () => {
  const press = heard({ callback_query: { id: '7', data: 'retry', message: { chat: { id: YOU } } } })
  const answered = call('answerCallbackQuery', { callback_query_id: '7' }, 5)
  expect(rulesOf([said('q'), press, answered, send('a'), send('b')])).toEqual([])
  expect(rulesOf([said('q'), press, answered, send('a'), send('b'), send('c')])).toEqual(['answered-twice'])
})

test('service messages ask for nothing', () => {
  const created = heard({
    message: {
      message_id: 1,
      date: 1,
      chat: { id: YOU, type: 'private' },
      forum_topic_created: { name: 'x' },
    },
  })
  expect(rulesOf([created])).toEqual([])
})

test('an answer in another thread is seen', () => {
  const rules = rulesOf([said('q', 0, { message_thread_id: 3 }), send('a')])
  expect(rules.toSorted()).toEqual(['unanswered', 'wrong-thread'])
  expect(rulesOf([said('q', 0, { message_thread_id: 3 }), send('a', 1, { message_thread_id: 3 })])).toEqual(
    [],
  )
})

test('a group that did not call hears nothing', () => {
  const answer = call('sendMessage', { chat_id: GROUP, text: 'a' }, 10)
  expect(rulesOf([said('between us', 0, inGroup)])).toEqual([])
  expect(rulesOf([said('between us', 0, inGroup), answer])).toEqual(['spoke-uncalled'])
  const entities = [{ type: 'mention', offset: 0, length: 13 }]
  expect(rulesOf([said('@sharnaqa_bot hi', 0, { ...inGroup, entities }), answer])).toEqual([])
})

test('a draft left alive and a draft after Stop are seen', () => {
  const draft = { chatId: YOU, draftId: 1 } as ReturnType<ConductLog['drafts']>[number]
  expect(rulesOf([said('q'), send('a')], () => [draft])).toEqual(['draft-left-alive'])
  const stopped = heard({ stopped_message_generation: { chat: { id: YOU }, draft_id: 1 } }, 100)
  const late = (atMs: number) => call('sendMessageDraft', { chat_id: YOU, draft_id: 1, text: 'x' }, atMs)
  expect(rulesOf([said('q'), stopped, late(900), send('a')])).toEqual([])
  expect(rulesOf([said('q'), stopped, late(1200), send('a')])).toEqual(['draft-after-stop'])
})

test('a press without an answer is seen', () => {
  const press = heard({ callback_query: { id: '7', data: 'x', message: { chat: { id: YOU } } } })
  expect(rulesOf([press])).toEqual(['callback-unanswered'])
})

test('a call before retry_after is seen, but not one of another kind or in another chat', () => {
  const early = (method: string, chat_id: number, atMs: number) => call(method, { chat_id, text: 'x' }, atMs)
  const base = [said('q'), send('x', 0, {}, refused(2))]
  expect(rulesOf([...base, send('x', 1900)])).toEqual(['called-before-retry-after'])
  expect(rulesOf([...base, send('x', 2001)])).toEqual([])
  expect(rulesOf([...base, early('sendMessageDraft', YOU, 100), send('x', 2001)])).toEqual([])
})

test('a send that was lost may not be repeated before somebody writes again', () => {
  expect(rulesOf([said('q'), send('a', 1, {}, lost)])).toEqual([])
  const repeated = rulesOf([said('q'), send('a', 1, {}, lost), send('a', 50)])
  expect(repeated).toContain('lost-send-repeated')
  expect(rulesOf([said('q'), send('a', 1, {}, lost), said('q', 40), send('a', 50)])).toEqual([])
})

test('after a 403 there is silence until the chat speaks again', () => {
  const base = [said('q'), send('a', 1, {}, forbidden)]
  expect(rulesOf(base)).toEqual([])
  expect(rulesOf([...base, call('sendChatAction', { chat_id: YOU }, 500)])).toEqual([
    'called-after-forbidden',
  ])
  expect(rulesOf([...base, said('back', 400), send('hi', 500)])).toEqual([])
})

test('a symbol cut in two is seen', () => {
  expect(rulesOf([said('q'), send('family 👩\u200D')])).toEqual(['cut-symbol'])
  expect(rulesOf([said('q'), send('family 👩\u200D👧')])).toEqual([])
})

test('a real handle can be judged', async () => {
  const telegram = await setupTelegram()
  telegram.say('hello')
  await telegram.call('getUpdates')
  expect(assertConduct(telegram).map(({ rule }) => rule)).toEqual(['unanswered'])
  await telegram.call('sendMessage', { chat_id: YOU, text: 'hi' })
  expect(assertConduct(telegram)).toEqual([])
  expect(telegram.messages() satisfies readonly Message[]).toHaveLength(2)
})
