import { chromium, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { keepPicture, openMiniapp } from '../miniapp/open-miniapp.ts'
import { openChromium } from '../open-chromium.ts'
import { chooseConfidential } from './choose-confidential.ts'
import { type Find, findWords, readFolder, toHaystacks } from './find-words.ts'
import { readStream, setupSealed, startProxy, wordyRunner } from './setup-sealed.ts'

// Words that stand nowhere else, some of them in letters that each encoding writes in its own way.
const ANSWERED = ['Ölmühlgrün-a81f', 'Квакозвон-b72e', 'شبرقون-c93d']
const ASKED = {
  proxy: ['Zwölfbärig-p7f3', 'Наказбук-p4cd'],
  miniapp: ['Fünfwölfig-m2e9', 'Сонозвук-m8ab'],
  bot: ['Achtkröte-t5d1', 'Лунодрёма-t3bc'],
  open: ['Vierhühner-o6c7', 'Дождерёв-o9fa'],
}
const MODEL = 'fake'
/** What stands in for Telegram keeps what people type, as Telegram does; the coordinator has no part in it. */
const TELEGRAMS_OWN = ['telegram.json', 'logs/bot.log']

const network = await setupSealed({
  telegram: 'local',
  teePlans: [wordyRunner(ANSWERED, { tokens: 60, tokens_per_second: 60 })],
})
const { started, relay, stateDir, client } = network
const browser = await openChromium(chromium)
afterAll(() => browser.close())

const everyWord = [...ANSWERED, ...Object.values(ASKED).flat()]
const say = (words: readonly string[]) => `Please tell me of ${words.join(' and ')} once more.`

/** Everything that the coordinator and the runners wrote down, and all that passed between them and their clients. */
async function search(words: readonly string[]): Promise<readonly Find[]> {
  const files = await readFolder(stateDir)
  const kept = files.filter(({ name }) => !TELEGRAMS_OWN.includes(name))
  return findWords([...kept, ...toHaystacks(relay.passed)], words)
}

const hasAnswer = (text: string) => ANSWERED.some((word) => text.includes(word))

test('a chat through the proxy leaves no word of prompt or answer with whoever carries it', async () => {
  const proxy = await startProxy(network, { via: relay.url })
  const { text, finish } = await readStream(proxy.client, MODEL, say(ASKED.proxy))
  expect(hasAnswer(text)).toBe(true)
  expect(finish).toBe('stop')
  expect(relay.passed.some(({ path }) => path.startsWith('/v1/sealed/chat'))).toBe(true)
  expect(await search([...ANSWERED, ...ASKED.proxy])).toEqual([])
})

test('nor does a chat in the Mini App', async () => {
  const page = await openMiniapp(browser, { started: { ...started, miniapp: relay.url } }, { path: '/chat' })
  await chooseConfidential(page, MODEL)
  // Nobody is to take the simulated TEE for a real one.
  expect(await page.getByTestId('simulated').first().innerText()).toMatch(/simulated/i)
  await page.getByTestId('composer').fill(say(ASKED.miniapp))
  await page.getByTestId('send').click()
  const answer = page.locator('[data-testid=message][data-from=model]').last()
  await expect.poll(() => page.getByTestId('receipt').count(), { timeout: 40_000 }).toBe(1)
  expect(hasAnswer(await answer.innerText())).toBe(true)
  await keepPicture(page, 'sealed-chat')
  await page.context().close()
  expect(await search([...ANSWERED, ...ASKED.miniapp])).toEqual([])
})

test('nor does a chat in the bot: not in the runner’s frames, the database, the object’s storage or a log', async () => {
  const page = await browser.newPage({ viewport: { width: 900, height: 800 } })
  await page.goto(`${started.telegram}/?lang=en&theme=light`)
  await page.getByTestId('start').click()
  const messages = page.locator('[data-testid=message][data-from=bot]')
  await expect.poll(() => messages.count()).toBe(1)
  await type(page, '/model')
  const confidential = page.locator('[data-testid=button]').filter({ hasText: /confidential/i })
  await confidential.first().click()
  await expect.poll(() => messages.last().innerText(), { timeout: 20_000 }).toMatch(/simulated/i)
  await type(page, say(ASKED.bot))
  await expect.poll(async () => hasAnswer(await messages.last().innerText()), { timeout: 40_000 }).toBe(true)
  await expect.poll(() => page.locator('[data-testid=draft]').count(), { timeout: 20_000 }).toBe(0)
  await page.screenshot({ path: 'e2e/screenshots/sealed-bot.png' })
  await page.close()
  expect(await search([...ANSWERED, ...ASKED.bot])).toEqual([])
})

test('the same search finds every word of an open chat: in the frames, whichever way they are written', async () => {
  const { data, response } = await client.chat.completions
    .create({ model: MODEL, messages: [{ role: 'user', content: say(ASKED.open) }] })
    .withResponse()
  expect(hasAnswer(data.choices[0]?.message.content ?? '')).toBe(true)
  const found = await search([...ANSWERED, ...ASKED.open])
  const words = new Set(
    found.filter(({ where }) => where.includes('/v1/runners/link')).map(({ word }) => word),
  )
  expect(words).toEqual(new Set([...ANSWERED, ...ASKED.open]))
  // Databases, object storage and logs are looked through as well: what is kept of every job is found there.
  const job = response.headers.get('x-sharnaqa-job') ?? 'none'
  const places = async () => (await search([job])).map(({ where }) => where.split('/').slice(0, 2).join('/'))
  await expect
    .poll(places)
    .toEqual(expect.arrayContaining(['d1/miniflare-D1DatabaseObject', 'logs/coordinator.log']))
  expect((await readFolder(stateDir)).map(({ name }) => name).join('\n')).toMatch(
    /do\/sharnaqa-ConversationObject\/[0-9a-f]{64}\.sqlite/,
  )
  // Of the sealed chats there is still nothing.
  expect(await search(everyWord.filter((word) => ![...ANSWERED, ...ASKED.open].includes(word)))).toEqual([])
})

/** Types a message as a person does. */
async function type(page: Page, text: string): Promise<void> {
  await page.fill('[data-testid=composer]', text)
  await page.press('[data-testid=composer]', 'Enter')
}
