import type { Update } from 'grammy/types'
import { describe, expect, test } from 'vitest'
import { GROUP_ID } from '../../../local/telegram/telegram-state.ts'
import { answering } from '../fake-bot-deps.ts'
import { buttonsOf, echo, startScene } from './conduct-fixture.ts'

describe('what goes wrong', () => {
  test('a send whose answer was lost is not repeated, and the answer is there once', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.addFault({ type: 'lose-reply', method: 'sendMessage' })
    scene.telegram.say('hello')
    await scene.rest(1)
    expect(scene.texts()).toEqual(['You said: hello'])
    scene.telegram.say('again')
    await scene.rest(2)
    expect(scene.texts()).toEqual(['You said: hello', 'You said: again'])
    expect(scene.violations()).toEqual([])
  })

  test('a lost part of a long answer is not repeated, and the others follow', async () => {
    const text = Array.from({ length: 1500 }, (_, index) => `word${index}`).join(' ')
    const scene = await startScene({ model: answering(() => text) })
    scene.telegram.addFault({ type: 'lose-reply', method: 'sendMessage' })
    scene.telegram.say('long')
    await scene.rest(3)
    expect(scene.texts().join(' ')).toBe(text)
    expect(scene.violations()).toEqual([])
  })

  test('where the first message of a group was lost, the answer comes as a new one', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.addFault({ type: 'hold-back', method: 'sendMessage', delayMs: 5 })
    scene.telegram.say({ chat: GROUP_ID, text: '@sharnaqa_bot hello' })
    await scene.rest(1, GROUP_ID)
    expect(scene.texts(GROUP_ID)).toEqual(['You said: hello'])
    expect(scene.violations()).toEqual([])
  })

  test('an edit whose answer was lost is made again, and the message is right in the end', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.addFault({ type: 'lose-reply', method: 'editMessageText', times: 2 })
    scene.telegram.addFault({ type: 'server-error', method: 'editMessageText', times: 2 })
    scene.telegram.say({ chat: GROUP_ID, text: '@sharnaqa_bot hello' })
    await scene.telegram.waitFor('the answer', () => buttonsOf(scene.answers(GROUP_ID)[0]).includes('Retry'))
    await scene.rest(1, GROUP_ID)
    expect(scene.texts(GROUP_ID)).toEqual(['You said: hello'])
    expect(scene.violations()).toEqual([])
  })

  test('a pressed button is answered although the coordinator fails', async () => {
    let isDown = false
    const models = async () => (isDown ? Promise.reject(new Error('down')) : [])
    const scene = await startScene({ model: echo, deps: { listModels: models } })
    scene.telegram.say('hello')
    const [answer] = await scene.rest(1)
    isDown = true
    if (answer) scene.telegram.press(answer, 'Model')
    const call = await scene.telegram.waitFor('the sentence', () =>
      scene.telegram.calls.find(({ method }) => method === 'answerCallbackQuery'),
    )
    expect(call.params.text).toBe('That did not work just now. Nothing was changed; try again in a moment.')
    await scene.rest(1)
    expect(scene.violations()).toEqual([])
  })

  test('after a 429 nothing of that kind is sent too early, and the answer comes once', async () => {
    const scene = await startScene({ model: echo })
    for (const method of ['sendMessage', 'sendMessageDraft'])
      scene.telegram.addFault({ type: 'too-many', method, retryAfterS: 4, times: 2 })
    scene.telegram.say('hello')
    await scene.rest(1)
    expect(scene.texts()).toEqual(['You said: hello'])
    expect(scene.violations()).toEqual([])
  })

  test('a server error is tried again, whatever the method', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.addFault({ type: 'server-error', method: 'sendMessage', times: 3 })
    scene.telegram.addFault({ type: 'server-error', method: 'sendMessageDraft', times: 2 })
    scene.telegram.addFault({ type: 'server-error', method: 'getMe', times: 1 })
    scene.telegram.say('hello')
    await scene.rest(1)
    expect(scene.texts()).toEqual(['You said: hello'])
    expect(scene.violations()).toEqual([])
  })

  test('refused markup is sent as plain text', async () => {
    const scene = await startScene({ model: answering(() => 'this is **bold**') })
    scene.telegram.addFault({ type: 'refuse-markup', times: 5 })
    scene.telegram.say('hello')
    const [answer] = await scene.rest(1)
    expect(answer?.text).toBe('this is bold')
    expect(answer?.entities).toBeUndefined()
    expect(scene.violations()).toEqual([])
  })

  test('whoever blocks the bot hears nothing more, the job is stopped, and unblocking brings it back', async () => {
    const scene = await startScene()
    scene.telegram.say('hello')
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    job.write('one')
    await scene.telegram.waitFor('the draft', () => scene.telegram.drafts()[0]?.text === 'one')
    scene.telegram.block()
    await scene.telegram.waitFor('the stop', () => scene.stopped[0])
    await scene.rest(0)
    expect(scene.texts()).toEqual([])
    const lastCall = scene.telegram.calls.at(-1)
    expect(lastCall?.method).toBe('sendMessageDraft')
    scene.telegram.unblock()
    scene.telegram.say('back')
    const second = await scene.telegram.waitFor('another job', () => scene.jobs[1])
    second.write('welcome')
    second.end()
    await scene.rest(1)
    expect(scene.texts()).toEqual(['welcome'])
  })

  test('a server without drafts gets a message that is edited, with a Stop of its own', async () => {
    const scene = await startScene({ unknownMethod: 'sendMessageDraft' })
    scene.telegram.say('hello')
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    job.write('**so** far')
    await scene.telegram.waitFor('the edit', () => scene.texts()[0] === 'so far')
    expect(buttonsOf(scene.answers()[0])).toEqual(['Stop'])
    const [growing] = scene.answers()
    if (growing) scene.telegram.press(growing, 'Stop')
    await scene.telegram.waitFor('the end', () => buttonsOf(scene.answers()[0]).includes('Continue'))
    const [answer] = await scene.rest(1)
    expect(answer?.text).toBe('so far')
    expect(scene.stopped).toEqual(['job-1'])
    expect(scene.violations()).toEqual([])
  })

  test('a failed answer keeps what was there, says what is charged, and shows no engine words', async () => {
    const scene = await startScene()
    scene.telegram.say('hello')
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    job.write('Half of it')
    job.end('failed', 'engine-failed')
    const [answer] = await scene.rest(1)
    expect(answer?.text).toBe(
      'Half of it\n\nThe answer broke off here. Only what was delivered is charged: 0.0000003 TON.',
    )
    expect(buttonsOf(answer)).toEqual(['Retry', 'Continue', 'Model', 'Receipt'])
  })

  test('a refusal is a sentence with a way on', async () => {
    const scene = await startScene({ model: (job) => job.refuse('insufficient-funds') })
    scene.telegram.say('hello')
    const [answer] = await scene.rest(1)
    expect(answer?.text).toContain('/balance')
    expect(answer?.text).toContain('Nothing was charged.')
    expect(buttonsOf(answer)).toEqual(['Retry', 'Model'])
    expect(scene.violations()).toEqual([])
  })

  test('a stream that breaks and a coordinator that throws are sentences too', async () => {
    const scene = await startScene({ model: (job) => job.breakOff() })
    scene.telegram.say('hello')
    await scene.rest(1)
    expect(scene.texts()[0]).toContain('We were interrupted on our side.')
    const broken = await startScene({ deps: { findAccount: async () => Promise.reject(new Error('SQL')) } })
    broken.telegram.say('hello')
    await broken.rest(1)
    expect(broken.texts()[0]).toContain('We were interrupted on our side.')
    broken.telegram.say('/balance')
    await broken.rest(2)
    expect(broken.texts()[1]).toContain('That did not work just now.')
  })

  test('too much memory is halved once; a single message that is too long is told so', async () => {
    let tries = 0
    const scene = await startScene({
      model: (job) => {
        tries += 1
        if (tries === 3 || job.request.messages.at(-1)?.content === 'too long') {
          return job.refuse('context-length-exceeded')
        }
        echo(job)
      },
    })
    scene.telegram.say('one')
    await scene.rest(1)
    scene.telegram.say('two')
    await scene.rest(2)
    scene.telegram.say('three')
    await scene.rest(3)
    expect(scene.texts()[2]).toBe('You said: three')
    expect(scene.jobs.map(({ request }) => request.messages.length)).toEqual([1, 3, 5, 1])
    scene.telegram.say('/new')
    await scene.rest(4)
    scene.telegram.say('too long')
    await scene.rest(5)
    expect(scene.texts()[4]).toContain('too long for the model')
    expect(scene.violations()).toEqual([])
  })

  test('where the topic is gone, the job is stopped and nothing is said elsewhere', async () => {
    const scene = await startScene()
    const from = { id: 1001, is_bot: false, first_name: 'You', language_code: 'en' }
    const chat = { id: 1001, type: 'private' as const, first_name: 'You' }
    scene.telegram.say('/help')
    await scene.rest(1)
    const message = { message_id: 9001, date: 1, chat, from, text: 'hello', message_thread_id: 77 }
    await scene.deliver({ update_id: 9001, message } as Update)
    await scene.telegram.waitFor('the stop', () => scene.stopped[0])
    await scene.rest(1)
    expect(scene.texts().length).toBe(1)
  })
})
