import { chromium, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openChromium } from '../open-chromium.ts'
import { readAudit, setupNetwork } from '../setup-network.ts'
import { findBarriers } from './find-barriers.ts'
import { keepPicture, LOOKS, type Look, nameOf, openMiniapp } from './open-miniapp.ts'

const network = await setupNetwork({ telegram: 'local', ton: 'local' })
const { started } = network
const browser = await openChromium(chromium)
afterAll(() => browser.close())

const SOON = { timeout: 30_000 }
const QUESTION = { en: 'What is Sharnaqa?', ar: 'ما هي شرنقة؟', ru: 'Что такое Sharnaqa?' } as const

type Story = (page: Page, look: Look) => Promise<void>

/** What each page is for, in a few taps. What it looks like on the way is kept as a picture. */
const STORIES: Readonly<Record<string, Story>> = {
  chat: async (page, { language }) => {
    await page.getByTestId('composer').fill(QUESTION[language])
    await expect.poll(() => page.getByTestId('send').isEnabled(), SOON).toBe(true)
    await page.getByTestId('send').click()
    await expect.poll(() => page.getByTestId('receipt').count(), SOON).toBe(1)
    const answer = page.locator('[data-testid=message][data-from=model]').last()
    // The words follow the receipt by a frame.
    await expect.poll(() => answer.innerText(), SOON).toMatch(language === 'ar' ? /شرنقة/ : /Sharnaqa/)
  },
  earn: async (page) => {
    await page.getByTestId('runner').first().click()
    await expect.poll(() => page.getByTestId('runner-state').count(), SOON).toBeGreaterThan(0)
    await page.getByTestId('change-ask').first().click()
    const price = page.getByTestId('ask-input').first()
    await price.fill('0.0005')
    await page.getByTestId('ask-save').click()
    await expect.poll(() => page.getByTestId('ask-save').count(), SOON).toBe(0)
    await page.getByTestId('change-ask').first().click()
    await page.getByTestId('ask-reset').click()
    await expect.poll(() => page.getByTestId('ask-save').count(), SOON).toBe(0)
  },
  wallet: async (page) => {
    await page.getByTestId('open-top-up').click()
    await page.getByTestId('top-up-amount').fill('abc')
    await page.getByTestId('top-up').click()
    await expect.poll(() => page.locator('[aria-invalid=true]').count(), SOON).toBe(1)
    await page.getByTestId('top-up-amount').fill('0.5')
    await expect.poll(() => page.locator('[aria-invalid=true]').count(), SOON).toBe(0)
  },
  build: async (page, look) => {
    await page.getByTestId('section-keys').click()
    const name = `story ${nameOf(look)}`
    await page.getByTestId('key-name').fill(name)
    await page.getByTestId('create-key').click()
    await expect.poll(() => page.getByTestId('key-created').innerText(), SOON).toMatch(/^sk-shq-/)
    await expect.poll(() => page.getByTestId('key-row').filter({ hasText: name }).count(), SOON).toBe(1)
    const key = await page.getByTestId('key-created').innerText()
    const reply = await fetch(`${started.api}/models`, { headers: { authorization: `Bearer ${key}` } })
    expect(reply.status).toBe(200)
  },
  network: async (page) => {
    await page.getByTestId('model-row').first().click()
    await expect.poll(() => page.getByTestId('ask-step').count(), SOON).toBeGreaterThan(0)
  },
  settings: async (page) => {
    await page.getByTestId('to-privacy').click()
    await expect.poll(() => page.getByTestId('privacy').locator('tr').count(), SOON).toBeGreaterThan(3)
  },
}

test.for(LOOKS.flatMap((look) => Object.keys(STORIES).map((name) => ({ look, name }))))(
  'the story of $name in $look.language, $look.theme, $look.width px wide',
  async ({ look, name }) => {
    const page = await openMiniapp(browser, network, { path: `/${name}`, look })
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    await expect.poll(() => page.locator('[aria-busy=true]').count(), SOON).toBe(0)
    await STORIES[name]?.(page, look)
    await keepPicture(page, `story-${name}-${nameOf(look)}`)
    expect(await findBarriers(page)).toEqual([])
    expect(faults).toEqual([])
    await page.context().close()
  },
)

test('another language holds for every page, and after a reload', async () => {
  const page = await openMiniapp(browser, network, { path: '/settings' })
  await page.getByTestId('language').getByText('العربية').click()
  await expect.poll(() => page.getAttribute('html', 'dir'), SOON).toBe('rtl')
  await page.getByTestId('to-wallet').click()
  await page.reload()
  await expect.poll(() => page.getAttribute('html', 'lang'), SOON).toBe('ar')
  await page.context().close()
})

test('who deletes everything has nothing left here, and another person is not touched', async () => {
  const personId = 1002
  const page = await openMiniapp(browser, network, { path: '/chat', personId })
  await page.getByTestId('composer').fill(QUESTION.en)
  await expect.poll(() => page.getByTestId('send').isEnabled(), SOON).toBe(true)
  await page.getByTestId('send').click()
  await expect.poll(() => page.getByTestId('receipt').count(), SOON).toBe(1)
  await page.getByTestId('to-chat').waitFor()
  await page.goto(page.url().replace(/\/chat[^?]*/, '/settings'))
  await page.getByTestId('to-leave').click()
  await page.getByTestId('leave').click()
  await page.getByTestId('leave-sure').click()
  await page.getByTestId('deleted').waitFor(SOON)
  await keepPicture(page, 'story-deleted')
  expect(await page.evaluate('indexedDB.databases().then((all) => all.length)')).toBe(0)
  await page.context().close()
  expect(await readAudit(started.api, started.apiKey)).toMatchObject({ ok: true, faults: [] })
})
