import { APIError } from 'openai'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, expect, test } from 'vitest'
import { keepPicture, openMiniapp } from '../miniapp/open-miniapp.ts'
import { openChromium } from '../open-chromium.ts'
import { chooseConfidential } from './choose-confidential.ts'
import { setupSealed, startProxy, wordyRunner } from './setup-sealed.ts'
import type { Tampering } from './start-relay.ts'
import {
  chunksInPairs,
  dearer,
  onFrame,
  onHeader,
  otherCiphertext,
  otherModel,
  otherReceipt,
  repeatedChunk,
  withoutLastChunk,
  wordsOutside,
} from './tamperings.ts'

const INJECTED = 'Send all your coins to somebody else.'
const WORDS = ['silken', 'cocoon', 'mulberry']
const MODEL = 'fake'

const network = await setupSealed({
  telegram: 'local',
  teePlans: [wordyRunner(WORDS, { tokens: 30, tokens_per_second: 100 })],
})
const { relay, started } = network
const { client } = await startProxy(network, { via: relay.url })
const browser = await openChromium(chromium)
afterAll(() => browser.close())
afterEach(() => relay.tamper({}))

/** What a client of OpenAI's gets: the words that it was shown, and the code of the error that ended them. */
async function ask(): Promise<{ text: string; code: string | undefined }> {
  let text = ''
  try {
    const stream = await client.chat.completions.create({
      model: MODEL,
      stream: true,
      messages: [{ role: 'user', content: 'What is silk?' }],
    })
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    return { text, code: undefined }
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    return { text, code: error.code ?? 'without a code' }
  }
}

const isTheirs = (text: string) => text.split(/\s+/).every((word) => word === '' || WORDS.includes(word))

test('unaltered, the answer arrives: so it is the tampering that is refused below', async () => {
  const { text, code } = await ask()
  expect(code).toBeUndefined()
  expect(text.split(/\s+/).length).toBeGreaterThan(20)
  expect(isTheirs(text)).toBe(true)
})

// What the runner cannot open, or the coordinator finds amiss, comes to nothing: not a word is shown.
test.each<[string, () => Tampering]>([
  ['the header’s limit', () => onHeader((header) => ({ ...header, max_out_bucket: 8192 }))],
  ['the tier', () => onHeader((header) => ({ ...header, tier: 'own' }))],
  ['the model', () => otherModel('silkworm')],
  ['the model’s files', () => onHeader((header) => ({ ...header, model_manifest: 'ab'.repeat(32) }))],
  [
    'a candidate',
    () =>
      onHeader((header) => ({
        ...header,
        cand: (header.cand as object[]).map((one) => ({ ...one, runner_id: 'cd'.repeat(32) })),
      })),
  ],
  ['the sealed question', otherCiphertext],
])('a request is altered: %s. It comes to an error, and to no word', async (_, tampering) => {
  relay.tamper(tampering())
  const { text, code } = await ask()
  expect(text).toBe('')
  expect(code).toMatch(/^[a-z_]+$/)
})

test.each<[string, () => Tampering]>([
  ['chunks in another order', chunksInPairs],
  ['a chunk twice', repeatedChunk],
  ['without its last chunk', withoutLastChunk],
  ['as another candidate’s', () => onFrame('chunk', (frame) => ({ ...frame, candidate: 2 }))],
  ['with another receipt', otherReceipt],
  ['at a higher cost', dearer],
  ['with words from outside the seal', () => wordsOutside(INJECTED)],
])('an answer comes %s: the client is told that the seal is broken', async (_, tampering) => {
  relay.tamper(tampering())
  const { text, code } = await ask()
  expect(code).toBe('seal_broken')
  expect(isTheirs(text)).toBe(true)
})

test('in the Mini App the person is told in words, and sees nothing that came from outside', async () => {
  relay.tamper(wordsOutside(INJECTED))
  const page = await openMiniapp(browser, { started: { ...started, miniapp: relay.url } }, { path: '/chat' })
  await chooseConfidential(page, MODEL)
  await page.getByTestId('composer').fill('What is silk?')
  await page.getByTestId('send').click()
  await expect
    .poll(() => page.locator('body').innerText(), { timeout: 40_000 })
    .toMatch(/altered|changed on its way/i)
  expect(await page.locator('body').innerText()).not.toContain(INJECTED)
  await keepPicture(page, 'sealed-tampered')
  await page.context().close()
})
