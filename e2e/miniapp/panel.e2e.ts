import { chromium, type FrameLocator, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openChromium } from '../open-chromium.ts'
import { setupNetwork } from '../setup-network.ts'
import { keepPicture } from './open-miniapp.ts'

const network = await setupNetwork({ telegram: 'local', ton: 'local' })
const { started } = network
const browser = await openChromium(chromium)
afterAll(() => browser.close())

const SOON = { timeout: 20_000 }

async function openPanel(page: Page, query: string): Promise<FrameLocator> {
  await page.goto(`${started.telegram}/?${query}`)
  await page.locator('[data-testid=start], [data-testid=message]').first().waitFor()
  if (await page.getByTestId('start').isVisible()) await page.getByTestId('start').click()
  await page.locator('[data-testid=message]').first().waitFor()
  await page.getByTestId('menu-button').click()
  return page.frameLocator('[data-testid=miniapp-frame]')
}

test('the chat’s menu opens the app as a panel, with the same person logged in', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const app = await openPanel(page, 'lang=en&theme=light')
  await app.getByTestId('composer').waitFor()
  await app.getByTestId('to-wallet').click()
  const shown = await app.getByTestId('available').innerText()
  const reply = await fetch(`${started.api}/balance`, {
    headers: { authorization: `Bearer ${started.apiKey}` },
  })
  const { available_ton } = (await reply.json()) as { available_ton: string }
  expect(shown).toContain(available_ton.replace(' TON', ''))
  await keepPicture(page, 'panel-wallet')
  await page.close()
})

test('Telegram’s own buttons work: the large one on the page, the back one in a detail', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const app = await openPanel(page, 'lang=en&theme=light')
  await app.getByTestId('to-earn').click()
  await page.getByTestId('miniapp-main').click()
  await app.getByTestId('pairing-code').waitFor()
  await expect.poll(() => page.getByTestId('miniapp-back').isVisible(), SOON).toBe(true)
  await keepPicture(page, 'panel-pairing')
  await page.getByTestId('miniapp-back').click()
  await expect.poll(() => app.getByTestId('pairing-code').count(), SOON).toBe(0)
  await expect.poll(() => page.getByTestId('miniapp-back').isVisible(), SOON).toBe(false)
  await page.close()
})

test('the panel takes on Telegram’s theme, and the language of the person', async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
  const app = await openPanel(page, 'lang=ar&theme=dark&person=1002')
  await app.getByTestId('composer').waitFor()
  const frame = page.frames().find((one) => one.url().startsWith(started.miniapp))
  const root = await frame?.evaluate<string>(
    'document.documentElement.dataset.theme + " " + getComputedStyle(document.documentElement).getPropertyValue("--surface")',
  )
  expect(root).toBe('dark #17212b')
  await keepPicture(page, 'panel-ar-dark')
  await page.close()
})
