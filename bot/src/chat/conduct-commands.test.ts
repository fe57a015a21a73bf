import { describe, expect, test } from 'vitest'
import { YOU_ID } from '../../../local/telegram/telegram-state.ts'
import { buttonsOf, echo, startScene } from './conduct-fixture.ts'

describe('commands', () => {
  test('are answered at once while an answer is being written', async () => {
    const scene = await startScene()
    scene.telegram.say('hello')
    const job = await scene.telegram.waitFor('the job', () => scene.jobs[0])
    scene.telegram.say('/balance')
    await scene.telegram.waitFor('the balance', () => scene.texts()[0])
    expect(scene.texts()[0]).toContain('You have 0.05 TON.')
    job.write('hi')
    job.end()
    await scene.rest(2)
    expect(scene.violations()).toEqual([])
  })

  test('/start says what this is, who can read, and asks an example question by a tap', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('/start')
    const [greeting] = await scene.rest(1)
    expect(greeting?.text?.split('\n').length).toBe(3)
    expect(greeting?.text).toContain('About 0.0002666 TON for 1,000 words; you have 0.05 TON.')
    const [question = ''] = buttonsOf(greeting)
    if (greeting) scene.telegram.press(greeting, question)
    await scene.rest(2)
    expect(scene.texts()[1]).toBe(`You said: ${question}`)
    expect(scene.violations()).toEqual([])
  })

  test('/start has the Mini App as a button where the address allows it', async () => {
    const scene = await startScene({ deps: { publicUrl: 'https://sharnaqa.example' } })
    scene.telegram.say('/start')
    const [greeting] = await scene.rest(1)
    expect(buttonsOf(greeting)).toContain('Open the Mini App')
  })

  test('/model shows prices and speed, and a tap chooses who answers', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('/model')
    const [list] = await scene.rest(1)
    expect(list?.text).toContain('small-model: about 0.000002667 TON, faster than you read')
    if (list) scene.telegram.press(list, 'small-model')
    await scene.telegram.waitFor('the choice', () => scene.texts()[0]?.includes('Answering now: small-model'))
    scene.telegram.say('hello')
    await scene.rest(2)
    expect(scene.jobs[0]?.request.model).toBe('small-model')
    expect(scene.violations()).toEqual([])
  })

  test('/new forgets', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('one')
    await scene.rest(1)
    scene.telegram.say('/new')
    await scene.rest(2)
    scene.telegram.say('two')
    await scene.rest(3)
    expect(scene.jobs[1]?.request.messages).toEqual([{ role: 'user', content: 'two' }])
    expect(scene.jobs[1]?.request.conversation).not.toBe(scene.jobs[0]?.request.conversation)
    expect(scene.violations()).toEqual([])
  })

  test('/earn gives a code and the two commands to copy', async () => {
    const scene = await startScene()
    scene.telegram.say('/earn')
    const [answer] = await scene.rest(1)
    expect(answer?.text).toContain(
      'npm run runner -- start --pair ABCD-1234 --coordinator http://localhost:8787',
    )
    expect(answer?.entities?.map(({ type }) => type).sort()).toEqual(['code', 'pre'])
  })

  test('/export brings the conversation as a file', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('hello')
    await scene.rest(1)
    scene.telegram.say('/export')
    const [, file] = await scene.rest(2)
    expect(file?.document).toBeDefined()
    expect(file?.caption).toBe('This conversation, as I remember it.')
    expect(scene.violations()).toEqual([])
  })

  test('/delete asks first, then deletes the memory and the account', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('hello')
    await scene.rest(1)
    scene.telegram.say('/delete')
    const [, question] = await scene.rest(2)
    expect(scene.deletedAccounts).toEqual([])
    if (question) scene.telegram.press(question, 'Delete everything')
    await scene.telegram.waitFor('the end', () => scene.texts()[1]?.startsWith('Deleted.'))
    expect(scene.deletedAccounts).toEqual([YOU_ID])
    scene.telegram.say('/export')
    await scene.rest(3)
    expect(scene.texts()[2]).toContain('I remember nothing')
    expect(scene.violations()).toEqual([])
  })

  test('an unknown command, /help and /privacy are answered', async () => {
    const scene = await startScene()
    for (const command of ['/nonsense', '/help', '/privacy']) scene.telegram.say(command)
    await scene.rest(3)
    expect(scene.texts().filter((text) => text.includes('/help shows')).length).toBe(1)
    expect(scene.jobs).toEqual([])
    expect(scene.violations()).toEqual([])
  })
})
