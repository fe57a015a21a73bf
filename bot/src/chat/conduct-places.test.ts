import type { Update } from 'grammy/types'
import { describe, expect, test } from 'vitest'
import { GROUP_ID } from '../../../local/telegram/telegram-state.ts'
import { echo, startScene } from './conduct-fixture.ts'

describe('places', () => {
  test('a topic in a private chat is answered there, and remembers only itself', async () => {
    const scene = await startScene({ model: echo })
    const threadId = scene.telegram.addTopic({ name: 'Cooking' })
    scene.telegram.say({ text: 'rice', threadId })
    await scene.rest(1)
    scene.telegram.say('no topic')
    const [inTopic, outside] = await scene.rest(2)
    expect(inTopic?.message_thread_id).toBe(threadId)
    expect(outside?.message_thread_id).toBeUndefined()
    expect(scene.jobs[1]?.request.messages).toEqual([{ role: 'user', content: 'no topic' }])
    const drafts = scene.telegram.calls.filter(({ method }) => method === 'sendMessageDraft')
    expect(drafts[0]?.params.message_thread_id).toBe(threadId)
    expect(scene.violations()).toEqual([])
  })

  test('Stop in a topic reaches the answer of that topic', async () => {
    const scene = await startScene()
    const threadId = scene.telegram.addTopic({ name: 'Cooking' })
    scene.telegram.say({ text: 'rice', threadId })
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    job.write('Boil')
    await scene.telegram.waitFor('the draft', () => scene.telegram.drafts()[0]?.text === 'Boil')
    scene.telegram.stop()
    const [answer] = await scene.rest(1)
    expect(answer).toMatchObject({ text: 'Boil', message_thread_id: threadId })
    expect(scene.violations()).toEqual([])
  })

  test('a group hears nothing unless it calls; then a reply, without the mention', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say({ chat: GROUP_ID, text: 'just talking' })
    const asked = scene.telegram.say({ chat: GROUP_ID, text: '@sharnaqa_bot what is silk?' })
    const [answer] = await scene.rest(1, GROUP_ID)
    expect(answer?.text).toBe('You said: what is silk?')
    expect(answer?.reply_to_message?.message_id).toBe(asked?.message?.message_id)
    scene.telegram.say({ chat: GROUP_ID, text: 'more', replyTo: answer?.message_id ?? 0 })
    await scene.rest(2, GROUP_ID)
    expect(scene.jobs.map(({ request }) => request.messages.map(({ content }) => content))).toEqual([
      ['what is silk?'],
      ['what is silk?', 'You said: what is silk?', 'more'],
    ])
    expect(scene.violations()).toEqual([])
  })

  test('a forum answers in the thread', async () => {
    const scene = await startScene({ model: echo })
    const { id } = scene.telegram.addGroup({ isForum: true })
    const threadId = scene.telegram.addTopic({ chat: id, name: 'Silk' })
    scene.telegram.say({ chat: id, threadId, text: '@sharnaqa_bot hello' })
    const [answer] = await scene.rest(1, id)
    expect(answer?.message_thread_id).toBe(threadId)
    expect(scene.violations()).toEqual([])
  })

  test('in a group only the one who asked can stop or repeat', async () => {
    const scene = await startScene()
    scene.telegram.say({ chat: GROUP_ID, text: '@sharnaqa_bot hello' })
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    const growing = await scene.telegram.waitFor('the message', () => scene.answers(GROUP_ID)[0])
    scene.telegram.press(growing, 'Stop', { from: 1002 })
    await scene.telegram.waitFor('the sentence', () =>
      scene.telegram.calls.some(({ params }) => params.text === 'Only the person who asked can do this.'),
    )
    expect(scene.stopped).toEqual([])
    job.write('done')
    job.end()
    await scene.telegram.waitFor('the answer', () => scene.texts(GROUP_ID)[0] === 'done')
    await scene.rest(1, GROUP_ID)
    expect(scene.violations()).toEqual([])
  })

  test('coins are not shown around in a group', async () => {
    const scene = await startScene()
    scene.telegram.say({ chat: GROUP_ID, text: '/balance@sharnaqa_bot' })
    await scene.rest(1, GROUP_ID)
    expect(scene.texts(GROUP_ID)[0]).toBe('This is between the two of us. Write to me in private:')
  })

  test('everything that is not text gets a polite sentence', async () => {
    const scene = await startScene()
    const kinds = ['photo', 'voice', 'document', 'sticker', 'location'] as const
    for (const kind of kinds) scene.telegram.sendMedia(kind)
    await scene.rest(kinds.length)
    expect(new Set(scene.texts())).toEqual(
      new Set(['I can read only text for now. Write your question, and I will answer it.']),
    )
    expect(scene.violations()).toEqual([])
  })
})

describe('who is answered', () => {
  const from = { id: 1001, is_bot: false, first_name: 'You', language_code: 'en' }
  const chat = { id: 1001, type: 'private' as const, first_name: 'You' }
  const photo = [{ file_id: 'f', file_unique_id: 'u', width: 1, height: 1 }]

  test('an album gets one sentence, not one for each picture', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('hello')
    await scene.rest(1)
    for (const id of [9001, 9002, 9003]) {
      const message = { message_id: id, date: 1, chat, from, photo, media_group_id: 'album' }
      expect((await scene.deliver({ update_id: id, message } as Update)).status).toBe(200)
    }
    scene.telegram.say('after')
    await scene.rest(3)
    expect(scene.texts().filter((text) => text.startsWith('I can read only text')).length).toBe(1)
  })

  test('a service message is no question', async () => {
    const scene = await startScene({ model: echo })
    const message = {
      message_id: 9001,
      date: 1,
      chat,
      from,
      pinned_message: { message_id: 1, date: 0, chat },
    }
    await scene.deliver({ update_id: 9001, message } as Update)
    scene.telegram.say('after')
    await scene.rest(1)
    expect(scene.texts()).toEqual(['You said: after'])
  })

  test('another bot is never answered, an anonymous administrator is told why not', async () => {
    const scene = await startScene({ model: echo })
    const group = { id: GROUP_ID, type: 'supergroup' as const, title: 'Our group' }
    const text = '@sharnaqa_bot hello'
    const entities = [{ type: 'mention' as const, offset: 0, length: 13 }]
    const said = (id: number, sender: object) =>
      ({
        update_id: id,
        message: { message_id: id, date: 1, chat: group, text, entities, ...sender },
      }) as Update
    await scene.deliver(said(9001, { from: { ...from, id: 55, is_bot: true } }))
    const anonymous = { ...from, id: 1087968824, is_bot: true }
    await scene.deliver(said(9002, { from: anonymous, sender_chat: group }))
    await scene.rest(1, GROUP_ID)
    expect(scene.texts(GROUP_ID)).toEqual([
      'I can answer people only, not a group or a channel that writes. Write as yourself.',
    ])
    expect(scene.jobs).toEqual([])
  })

  test('a mention alone is asked what it wants', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say({ chat: GROUP_ID, text: '@sharnaqa_bot' })
    await scene.rest(1, GROUP_ID)
    expect(scene.texts(GROUP_ID)[0]).toContain('Write your question next to my name')
  })
})
