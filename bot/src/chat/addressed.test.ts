import type { Message, MessageEntity, Update } from 'grammy/types'
import { describe, expect, test } from 'vitest'
import { isAddressed, isOtherBot, isPerson, withoutMention } from './addressed.ts'
import { conversationKey, placeOf } from './place.ts'

const BOT = { id: 7, username: 'Sharnaqa_bot' }
const GROUP = { id: -100, type: 'supergroup' as const, title: 'Us' }
const YOU = { id: 5, is_bot: false, first_name: 'You' }

function said(text: string, entities: MessageEntity[] = [], parts: Partial<Message> = {}): Message {
  return { message_id: 1, date: 1, chat: GROUP, from: YOU, text, entities, ...parts } as Message
}

function mention(text: string, name: string): MessageEntity[] {
  return [{ type: 'mention', offset: text.indexOf(name), length: name.length }]
}

function answerOf(id: number, parts: Partial<Message> = {}): Partial<Message> {
  return {
    reply_to_message: said('', [], { from: { ...YOU, id, is_bot: true }, ...parts }),
  } as unknown as Partial<Message>
}

describe('a group message is for the bot', () => {
  test('when it mentions it, in any case of letters', () => {
    expect(isAddressed(said('hi @sharnaqa_bot', mention('hi @sharnaqa_bot', '@sharnaqa_bot')), BOT)).toBe(
      true,
    )
    expect(isAddressed(said('hi @sharnaqa_bot2', mention('hi @sharnaqa_bot2', '@sharnaqa_bot2')), BOT)).toBe(
      false,
    )
    expect(isAddressed(said('mail me@sharnaqa_bot.org'), BOT)).toBe(false)
  })

  test('when it names it without a username', () => {
    const entity = (id: number): MessageEntity => ({
      type: 'text_mention',
      offset: 0,
      length: 3,
      user: { ...YOU, id },
    })
    expect(isAddressed(said('bot hi', [entity(7)]), BOT)).toBe(true)
    expect(isAddressed(said('bob hi', [entity(8)]), BOT)).toBe(false)
  })

  test('when it answers the bot, but not merely because the bot opened the topic', () => {
    expect(isAddressed(said('more', [], answerOf(7)), BOT)).toBe(true)
    expect(isAddressed(said('more', [], answerOf(8)), BOT)).toBe(false)
    const opened = { forum_topic_created: { name: 'x', icon_color: 7322096 as const } }
    expect(isAddressed(said('more', [], answerOf(7, opened)), BOT)).toBe(false)
  })

  test('when a command carries its name', () => {
    const command = (text: string): MessageEntity[] => [
      { type: 'bot_command', offset: 0, length: text.length },
    ]
    expect(isAddressed(said('/x@sharnaqa_bot', command('/x@sharnaqa_bot')), BOT)).toBe(true)
    expect(isAddressed(said('/x@other_bot', command('/x@other_bot')), BOT)).toBe(false)
    expect(isAddressed(said('/x', command('/x')), BOT)).toBe(false)
  })
})

test('the mention is taken out of the question', () => {
  const clean = (text: string) => withoutMention(said(text, mention(text, '@Sharnaqa_bot')), BOT)
  expect(clean('@Sharnaqa_bot, what is silk?')).toBe('what is silk?')
  expect(clean('what is @Sharnaqa_bot silk?')).toBe('what is silk?')
  expect(clean('@Sharnaqa_bot')).toBe('')
  expect(clean('@Sharnaqa_bot\n  code\n    more')).toBe('code\n more')
})

test('people are told from groups, channels and other bots', () => {
  expect(isPerson(said('x'))).toBe(true)
  const anonymous = said('x', [], { from: { ...YOU, id: 1087968824, is_bot: true }, sender_chat: GROUP })
  expect([isPerson(anonymous), isOtherBot(anonymous)]).toEqual([false, false])
  const bot = said('x', [], { from: { ...YOU, id: 9, is_bot: true } })
  expect([isPerson(bot), isOtherBot(bot)]).toEqual([false, true])
})

describe('the conversation of an update', () => {
  const privately = { id: 5, type: 'private' as const, first_name: 'You' }
  const key = (update: Partial<Update>) => {
    const place = placeOf({ update_id: 1, ...update } as Update)
    return place && conversationKey(place)
  }
  const inTopic = { message_thread_id: 9, is_topic_message: true as const }

  test('is its chat, or its topic', () => {
    expect(key({ message: said('x', [], { chat: privately }) as Update['message'] & object })).toBe('5/0')
    expect(key({ message: said('x', [], inTopic) as Update['message'] & object })).toBe('-100/9')
    expect(key({ edited_message: said('x', [], inTopic) as Update['edited_message'] & object })).toBe(
      '-100/9',
    )
  })

  test('is that of the message for a button, a Stop and a block', () => {
    const message = said('x', [], { chat: privately, ...inTopic })
    const press = { id: '1', from: YOU, chat_instance: 'x', data: 'd', message }
    expect(key({ callback_query: press as Update['callback_query'] & object })).toBe('5/9')
    const stopped = { chat: privately, draft_id: 3, message_thread_id: 9 }
    expect(key({ stopped_message_generation: stopped })).toBe('5/9')
    expect(key({ my_chat_member: { chat: GROUP } as Update['my_chat_member'] & object })).toBe('-100/0')
  })

  test('is the whole group where threads are only replies', () => {
    expect(key({ message: said('x', [], { message_thread_id: 4 }) as Update['message'] & object })).toBe(
      '-100/0',
    )
  })

  test('is the private chat of whoever is about to pay', () => {
    const query = { id: '1', from: YOU, currency: 'XTR', total_amount: 50, invoice_payload: 'p' }
    expect(key({ pre_checkout_query: query })).toBe('5/0')
  })

  test('is none for channels and for kinds that are not handled', () => {
    const channel = { id: -5, type: 'channel' as const, title: 'News' }
    expect(key({ message: said('x', [], { chat: channel }) as Update['message'] & object })).toBeUndefined()
    expect(key({ poll_answer: {} as Update['poll_answer'] & object })).toBeUndefined()
    expect(key({})).toBeUndefined()
  })
})
