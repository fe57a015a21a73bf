import { describe, expect, test } from 'vitest'
import { YOU_ID } from '../../../local/telegram/telegram-state.ts'
import { answering } from '../fake-bot-deps.ts'
import { buttonsOf, echo, startScene } from './conduct-fixture.ts'

describe('one answer', () => {
  test('a question is answered by one message with buttons, and no draft stays', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('hello')
    const [answer] = await scene.rest(1)
    expect(answer?.text).toBe('You said: hello')
    expect(buttonsOf(answer)).toEqual(['Retry', 'Model', 'Receipt'])
    expect(scene.violations()).toEqual([])
  })

  test('the first sign of life is a draft that can be stopped, before the coordinator is asked', async () => {
    const { promise, resolve } = Promise.withResolvers<never[]>()
    const scene = await startScene({ model: echo, deps: { listModels: () => promise } })
    scene.telegram.say('hello')
    const draft = await scene.telegram.waitFor('a draft', () => scene.telegram.drafts()[0])
    expect(draft).toMatchObject({ text: '', canStop: true })
    expect(scene.jobs).toEqual([])
    resolve([])
    await scene.rest(1)
  })

  test('drafts show the answer as it grows, and the queue before it begins', async () => {
    const scene = await startScene()
    scene.telegram.say('hello')
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    const shows = (text: string) =>
      scene.telegram.waitFor(text, () => scene.telegram.drafts()[0]?.text === text)
    job.send({ type: 'queued', place: 2, waitSeconds: 7.4 })
    await shows('Place 2, about 8 seconds')
    job.write('**Half** an')
    await shows('Half an')
    job.send({ type: 'pause' })
    job.write(' answer')
    await shows('Half an answer')
    job.end()
    const [answer] = await scene.rest(1)
    expect(answer).toMatchObject({
      text: 'Half an answer',
      entities: [{ type: 'bold', offset: 0, length: 4 }],
    })
    expect(scene.violations()).toEqual([])
  })

  test('a draft is shown anew before it fades', async () => {
    const scene = await startScene()
    scene.telegram.say('hello')
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    job.write('wait')
    const isDraft = ({ method }: { method: string }) => method === 'sendMessageDraft'
    await scene.telegram.waitFor('a third draft', () => scene.telegram.calls.filter(isDraft).length >= 3)
    const texts = scene.telegram.calls.filter(isDraft).map(({ params }) => params.text)
    expect(texts.slice(-2)).toEqual(['wait', 'wait'])
    job.end()
    await scene.rest(1)
    expect(scene.violations()).toEqual([])
  })

  test('only the last answer bears buttons', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('one')
    await scene.rest(1)
    scene.telegram.say('two')
    const [first, second] = await scene.rest(2)
    expect(buttonsOf(first)).toEqual([])
    expect(buttonsOf(second)).toContain('Retry')
  })

  test('two messages in a hurry are both answered, in order', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('one')
    scene.telegram.say('two')
    scene.telegram.say('three')
    await scene.rest(3)
    expect(scene.texts()).toEqual(['You said: one', 'You said: two', 'You said: three'])
    expect(scene.jobs.map(({ request }) => request.messages.length)).toEqual([1, 3, 5])
    expect(scene.violations()).toEqual([])
  })

  test('an update that comes twice is answered once', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.duplicateUpdates(2)
    const update = scene.telegram.say('one')
    await scene.rest(1)
    scene.telegram.deliverAgain(update?.update_id ?? 0)
    scene.telegram.say('two')
    await scene.rest(2)
    expect(scene.texts()).toEqual(['You said: one', 'You said: two'])
    expect(scene.violations()).toEqual([])
  })

  test('Arabic is answered in Arabic words and nothing of it is lost', async () => {
    const text = 'مرحبًا، هذا جواب طويل. '.repeat(400)
    const scene = await startScene({ model: answering(() => text) })
    scene.telegram.setLanguage(YOU_ID, 'ar')
    scene.telegram.say('اكتب كثيرًا')
    const parts = await scene.rest(3)
    expect(scene.texts().join(' ')).toBe(text.trim())
    expect(buttonsOf(parts.at(-1))).toEqual(['أعد', 'النموذج', 'الإيصال'])
    expect(scene.violations()).toEqual([])
  })

  test('ten thousand characters with code and families of emoji come in whole parts', async () => {
    const code = `\`\`\`ts\n${'const family = "👨‍👩‍👧‍👦" // words\n'.repeat(150)}\`\`\``
    const text = `${'A sentence 👩🏽‍🚀 here. '.repeat(80)}\n\n${code}\n\n${'Ende 👨‍👩‍👧‍👦 '.repeat(100)}`
    const scene = await startScene({ model: answering(() => text, 97) })
    scene.telegram.say('long')
    const parts = await scene.rest(3)
    const codes = parts.flatMap(({ entities = [] }) => entities.filter(({ type }) => type === 'pre'))
    expect(codes.length).toBeGreaterThan(1)
    expect(codes.every((entity) => entity.type === 'pre' && entity.language === 'ts')).toBe(true)
    const bare = (value: string) => value.replace(/```(?:ts)?|\s/g, '')
    expect(bare(scene.texts().join(''))).toBe(bare(text))
    expect(parts.slice(0, -1).flatMap(buttonsOf)).toEqual([])
    expect(buttonsOf(parts.at(-1))).toContain('Retry')
    expect(scene.violations()).toEqual([])
  })
})
