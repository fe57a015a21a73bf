import { describe, expect, test } from 'vitest'
import { answering } from '../fake-bot-deps.ts'
import { buttonsOf, echo, startScene } from './conduct-fixture.ts'

describe('Stop, Retry, Continue', () => {
  test('Stop keeps what was written, tells the job, and nothing but the partial follows', async () => {
    const scene = await startScene()
    scene.telegram.say('tell me')
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    job.write('Once upon a time')
    await scene.telegram.waitFor('the draft', () => scene.telegram.drafts()[0]?.text === 'Once upon a time')
    scene.telegram.stop()
    const [answer] = await scene.rest(1)
    expect(answer?.text).toBe('Once upon a time')
    expect(scene.stopped).toEqual(['job-1'])
    expect(buttonsOf(answer)).toEqual(['Retry', 'Continue', 'Model', 'Receipt'])
    expect(scene.violations()).toEqual([])
  })

  test('Stop before the first word gives a sentence, and nothing is charged', async () => {
    const scene = await startScene()
    scene.telegram.say('tell me')
    await scene.telegram.waitFor('the job', () => scene.jobs[0])
    await scene.telegram.waitFor('the draft', () => scene.telegram.drafts()[0])
    scene.telegram.stop()
    await scene.rest(1)
    expect(scene.texts()).toEqual(['Stopped before a word was written. Nothing was charged.'])
  })

  test('a job that does not answer to Stop is left behind', async () => {
    const scene = await startScene({ deps: { stopAnswer: () => new Promise(() => undefined) } })
    scene.telegram.say('tell me')
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    job.write('So far')
    await scene.telegram.waitFor('the draft', () => scene.telegram.drafts()[0]?.text)
    scene.telegram.stop()
    await scene.rest(1)
    expect(scene.texts()).toEqual(['So far'])
  })

  test('Retry answers the same question anew, a little differently', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('hello')
    const [answer] = await scene.rest(1)
    if (answer) scene.telegram.press(answer, 'Retry')
    const [first, second] = await scene.rest(2)
    expect(buttonsOf(first)).toEqual([])
    expect(buttonsOf(second)).toContain('Retry')
    expect(scene.jobs[1]?.request).toMatchObject({
      messages: [{ role: 'user', content: 'hello' }],
      temperature: 0.7,
    })
    expect(scene.violations()).toEqual([])
  })

  test('Continue goes on from the partial answer, and both become one in memory', async () => {
    const scene = await startScene()
    const next = (count: number) => scene.telegram.waitFor(`job ${count}`, () => scene.jobs[count - 1])
    scene.telegram.say('count')
    const first = await next(1)
    first.write('one two')
    first.end('length')
    const [partial] = await scene.rest(1)
    if (partial) scene.telegram.press(partial, 'Continue')
    const second = await next(2)
    expect(second.request.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    second.write('three')
    second.end()
    const [, rest] = await scene.rest(2)
    expect(buttonsOf(rest)).not.toContain('Continue')
    scene.telegram.say('and?')
    const third = await next(3)
    expect(third.request.messages.map(({ content }) => content)).toEqual(['count', 'one two three', 'and?'])
    third.end()
    await scene.rest(3)
    expect(scene.violations()).toEqual([])
  })

  test('an edited message is answered again, and what followed it is forgotten', async () => {
    const scene = await startScene({ model: echo })
    const asked = scene.telegram.say('one')
    scene.telegram.say('two')
    await scene.rest(2)
    scene.telegram.editMessage({ messageId: asked?.message?.message_id ?? 0, text: 'uno' })
    await scene.rest(3)
    expect(scene.texts().at(-1)).toBe('You said: uno')
    expect(scene.jobs[2]?.request.messages).toEqual([{ role: 'user', content: 'uno' }])
    expect(scene.violations()).toEqual([])
  })

  test('late and unknown buttons are answered with a sentence', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('one')
    const [first] = await scene.rest(1)
    scene.telegram.say('two')
    await scene.rest(2)
    const said = (index: number) =>
      scene.telegram.waitFor(`press ${index}`, () => {
        const calls = scene.telegram.calls.filter(({ method }) => method === 'answerCallbackQuery')
        return calls[index]?.outcome.type === 'ok' ? calls[index]?.params.text : undefined
      })
    if (!first) throw new Error('no answer')
    scene.telegram.pressData(first, 'retry:2')
    expect(await said(0)).toBe('This button belongs to an earlier answer.')
    scene.telegram.pressData(first, 'from-another-age')
    expect(await said(1)).toBe('This button does nothing any more. Send a message instead.')
    expect(scene.jobs.length).toBe(2)
    expect(scene.violations()).toEqual([])
  })

  test('the receipt says what was paid to whom, and who could read', async () => {
    const scene = await startScene({ model: answering(() => 'four words of answer', 100) })
    scene.telegram.say('hello')
    const [answer] = await scene.rest(1)
    if (answer) scene.telegram.press(answer, 'Receipt')
    await scene.rest(2)
    const receipt = scene.texts()[1] ?? ''
    expect(receipt).toContain('large-model')
    expect(receipt).toContain('Read 7 tokens, wrote 4')
    expect(receipt).toContain('0.0000004 TON (400 nano)')
    expect(receipt).toContain('○ open: carried encrypted; the owner of the GPU that answers can read it')
    expect(receipt).toContain('job-1')
    expect(receipt).toContain('run_0123456789abcdefghjkmnpqrs')
    expect(receipt).toContain('the signature was checked')
    expect(scene.violations()).toEqual([])
  })
})

describe('an edit', () => {
  test('of a question that waits changes it: it is answered once', async () => {
    const scene = await startScene()
    scene.telegram.say('first')
    const first = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    const waiting = scene.telegram.say('secnd')
    scene.telegram.editMessage({ messageId: waiting?.message?.message_id ?? 0, text: 'second' })
    await scene.telegram.waitFor('the edit', () => scene.telegram.updates.at(-1)?.state === 'delivered')
    first.end('length')
    const second = await scene.telegram.waitFor('the next job', () => scene.jobs[1])
    expect(second.request.messages.at(-1)?.content).toBe('second')
    second.write('fine')
    second.end()
    await scene.rest(2)
    expect(scene.jobs.length).toBe(2)
    expect(scene.violations()).toEqual([])
  })

  test('of the question that is being answered ends that answer and begins another', async () => {
    const scene = await startScene()
    const asked = scene.telegram.say('frist')
    const first = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    first.write('You mean')
    await scene.telegram.waitFor('the draft', () => scene.telegram.drafts()[0]?.text === 'You mean')
    scene.telegram.editMessage({ messageId: asked?.message?.message_id ?? 0, text: 'first' })
    const second = await scene.telegram.waitFor('the next job', () => scene.jobs[1])
    second.write('Better')
    second.end()
    await scene.rest(2)
    expect(scene.texts()).toEqual(['You mean', 'Better'])
    expect(second.request.messages).toEqual([{ role: 'user', content: 'first' }])
    expect(scene.violations()).toEqual([])
  })

  test('that changes nothing is not answered', async () => {
    const scene = await startScene({ model: echo })
    const asked = scene.telegram.say('same')
    await scene.rest(1)
    scene.telegram.editMessage({ messageId: asked?.message?.message_id ?? 0, text: 'same' })
    scene.telegram.say('next')
    await scene.rest(2)
    expect(scene.texts()).toEqual(['You said: same', 'You said: next'])
  })
})
