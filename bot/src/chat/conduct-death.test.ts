import { describe, expect, test } from 'vitest'
import { answering } from '../fake-bot-deps.ts'
import { buttonsOf, echo, startScene } from './conduct-fixture.ts'

describe('a process that dies', () => {
  test('in the middle of an answer: the turn ends with what was there, once, and memory stays', async () => {
    const scene = await startScene()
    scene.telegram.say('before')
    const first = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    first.write('yes')
    first.end()
    await scene.rest(1)
    scene.telegram.say('hello')
    scene.telegram.say('and this')
    const second = await scene.telegram.waitFor('the job', () => scene.jobs[1])
    second.write('Part of the')
    await scene.telegram.waitFor('the draft', () => scene.telegram.drafts()[0]?.text === 'Part of the')
    await scene.restart()
    const third = await scene.telegram.waitFor('the next job', () => scene.jobs[2])
    third.write('answered')
    third.end()
    await scene.rest(3)
    expect(scene.texts()).toEqual([
      'yes',
      'Part of the\n\nThe answer was interrupted here. What is above is yours.',
      'answered',
    ])
    expect(third.request.messages.map(({ content }) => content)).toEqual([
      'before',
      'yes',
      'hello',
      'Part of the',
      'and this',
    ])
    expect(scene.stopped).toContain('job-2')
    expect(scene.violations()).toEqual([])
  })

  test('before the first word: the question is answered by the next one', async () => {
    const scene = await startScene()
    scene.telegram.say('hello')
    await scene.telegram.waitFor('the job', () => scene.jobs[0])
    await scene.restart()
    const second = await scene.telegram.waitFor('another job', () => scene.jobs[1])
    second.write('here')
    second.end()
    await scene.rest(1)
    expect(scene.texts()).toEqual(['here'])
    expect(second.request.messages).toEqual([{ role: 'user', content: 'hello' }])
    expect(scene.violations()).toEqual([])
  })

  test('in a message that is edited: the same message ends with what was there', async () => {
    const scene = await startScene({ unknownMethod: 'sendMessageDraft' })
    scene.telegram.say('hello')
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    job.write('Part of the')
    await scene.telegram.waitFor('the edit', () => scene.texts()[0] === 'Part of the')
    await scene.restart()
    await scene.telegram.waitFor('the end', () => scene.texts()[0]?.includes('interrupted'))
    const [answer] = await scene.rest(1)
    expect(scene.texts().length).toBe(1)
    expect(buttonsOf(answer)).toEqual(['Retry', 'Continue', 'Model'])
    expect(scene.violations()).toEqual([])
  })

  test('before the first word of a message that is edited: the next one writes into it', async () => {
    const scene = await startScene({ unknownMethod: 'sendMessageDraft' })
    scene.telegram.say('hello')
    const first = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    first.send({ type: 'queued', place: 1, waitSeconds: 3 })
    await scene.telegram.waitFor('the message', () => scene.texts()[0]?.startsWith('You are next'))
    await scene.restart()
    const second = await scene.telegram.waitFor('another job', () => scene.jobs[1])
    second.write('here')
    second.end()
    await scene.telegram.waitFor('the end', () => scene.texts()[0] === 'here')
    await scene.rest(1)
    expect(scene.texts()).toEqual(['here'])
    expect(scene.violations()).toEqual([])
  })

  test('between two parts of an answer: the rest comes, and no part twice', async () => {
    const text = Array.from({ length: 1500 }, (_, index) => `word${index}`).join(' ')
    const scene = await startScene({ model: answering(() => text) })
    scene.telegram.addFault({ type: 'delay', method: 'sendMessage', delayMs: 30, times: 5 })
    scene.telegram.say('long')
    await scene.telegram.waitFor('the first part', () => scene.answers().length === 1)
    await scene.restart()
    await scene.rest(3)
    expect(scene.texts().join(' ')).toBe(text)
    expect(scene.violations()).toEqual([])
  })

  test('while the answer waits for a 429: it comes afterwards, once', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.addFault({ type: 'too-many', method: 'sendMessage', retryAfterS: 10 })
    scene.telegram.say('hello')
    await scene.telegram.waitFor('the 429', () => scene.isHeldBack('send'))
    await scene.restart()
    await scene.rest(1)
    expect(scene.texts()).toEqual(['You said: hello'])
    expect(scene.violations()).toEqual([])
  })
})
