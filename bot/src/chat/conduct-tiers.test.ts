import { describe, expect, test } from 'vitest'
import { LARGE_MODEL, SEALED_MODEL, SMALL_MODEL } from '../fake-bot-deps.ts'
import { buttonsOf, echo, type Scene, startScene } from './conduct-fixture.ts'

const OFFERS = [LARGE_MODEL, SEALED_MODEL, SMALL_MODEL]
const withOffers = (offers = OFFERS) => ({ listModels: async () => offers })

/** Chooses the sealed model by a tap, as a person does. */
async function chooseSealed(scene: Scene): Promise<void> {
  scene.telegram.say('/model')
  const [list] = await scene.rest(1)
  if (list) scene.telegram.press(list, 'large-model, confidential')
  await scene.telegram.waitFor('the choice', () => scene.texts()[0]?.includes('large-model, ◆ confidential'))
}

describe('who can read an answer', () => {
  test('/model says of each offer who can read it, and a model in both tiers is offered twice', async () => {
    const scene = await startScene({ deps: withOffers() })
    scene.telegram.say('/model')
    const [list] = await scene.rest(1)
    expect(list?.text?.match(/○ open: the owner of the GPU that answers can read it/g)).toHaveLength(2)
    expect(list?.text?.match(/◆ confidential: the owner of the GPU cannot read it/g)).toHaveLength(1)
    expect(buttonsOf(list)).toEqual(['large-model', 'large-model, confidential', 'small-model'])
    expect(list?.text).not.toContain('SIMULATED')
  })

  test('without a choice an open model answers, also where a confidential one stands first', async () => {
    const scene = await startScene({ model: echo, deps: withOffers([SEALED_MODEL, LARGE_MODEL]) })
    scene.telegram.say('hello')
    await scene.rest(1)
    expect(scene.jobs[0]?.request).toMatchObject({ model: 'large-model', tier: 'open' })
  })

  test('a confidential choice is asked for, says honestly who still reads, and shows on the receipt', async () => {
    const scene = await startScene({ model: echo, deps: withOffers() })
    await chooseSealed(scene)
    expect(scene.texts()[0]).toContain('Telegram and this bot see what you type here')
    expect(scene.texts()[0]).toContain('write in the Mini App')
    scene.telegram.say('hello')
    const [, answer] = await scene.rest(2)
    expect(scene.jobs[0]?.request).toMatchObject({ model: 'large-model', tier: 'confidential' })
    if (answer) scene.telegram.press(answer, 'Receipt')
    const [, , receipt] = await scene.rest(3)
    expect(receipt?.text).toContain('sealed by this bot to a GPU whose owner cannot read it')
    expect(receipt?.text).not.toContain('SIMULATED')
    expect(scene.violations()).toEqual([])
  })

  test('the Mini App is one tap away from the confidential choice, and only from there', async () => {
    const deps = { ...withOffers(), publicUrl: 'https://sharnaqa.example' }
    const scene = await startScene({ model: echo, deps })
    scene.telegram.say('/model')
    const [list] = await scene.rest(1)
    expect(buttonsOf(list)).not.toContain('Open the Mini App')
    if (list) scene.telegram.press(list, 'large-model, confidential')
    await scene.telegram.waitFor('the button', () =>
      buttonsOf(scene.answers()[0]).includes('Open the Mini App'),
    )
    expect(scene.violations()).toEqual([])
  })

  test('evidence that is made up is called SIMULATED wherever it is spoken of', async () => {
    const scene = await startScene({
      model: echo,
      deps: withOffers([LARGE_MODEL, { ...SEALED_MODEL, isSimulated: true }]),
    })
    await chooseSealed(scene)
    expect(scene.texts()[0]).toContain('◆ SIMULATED: its evidence is made up')
    expect(scene.texts()[0]).toContain('◆ confidential, but SIMULATED')
    scene.telegram.say('hello')
    const [, answer] = await scene.rest(2)
    if (answer) scene.telegram.press(answer, 'Receipt')
    const [, , receipt] = await scene.rest(3)
    expect(receipt?.text).toContain('◆ SIMULATED')
  })

  test('a tier is never lowered: when nobody serves it the question goes nowhere and a way on is shown', async () => {
    let offers = OFFERS
    const scene = await startScene({
      model: (job) => (job.request.tier === 'confidential' ? job.refuse('tier-unavailable') : echo(job)),
      deps: { listModels: async () => offers },
    })
    await chooseSealed(scene)
    offers = [LARGE_MODEL, SMALL_MODEL]
    scene.telegram.say('hello')
    const [, answer] = await scene.rest(2)
    expect(scene.jobs.map(({ request }) => request.tier)).toEqual(['confidential'])
    expect(answer?.text).toContain('Nobody serves this model in the chosen tier right now')
    expect(answer?.text).toContain('Nothing was charged.')
    expect(buttonsOf(answer)).toEqual(['Retry', 'Model'])
    if (answer) scene.telegram.press(answer, 'Retry')
    await scene.telegram.waitFor('the retry', () => scene.jobs[1])
    expect(scene.jobs[1]?.request).toMatchObject({ model: 'large-model', tier: 'confidential' })
  })

  test('a choice outlives the process, and one of an older version is open', async () => {
    const scene = await startScene({ model: echo, deps: withOffers() })
    await chooseSealed(scene)
    await scene.restart()
    scene.telegram.say('hello')
    await scene.rest(2)
    expect(scene.jobs.at(-1)?.request.tier).toBe('confidential')
    scene.telegram.say('/model')
    const list = (await scene.rest(3))[2]
    if (list) scene.telegram.press(list, 'large-model')
    await scene.telegram.waitFor('the choice', () => scene.texts()[2]?.includes('large-model, ○ open'))
    scene.telegram.say('again')
    await scene.rest(4)
    expect(scene.jobs.at(-1)?.request.tier).toBe('open')
    expect(scene.violations()).toEqual([])
  })
})
