import { chromium, type FrameLocator, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openChromium } from './open-chromium.ts'
import { readAudit, setupNetwork } from './setup-network.ts'

const network = await setupNetwork({ telegram: 'local', ton: 'local' })
const { started } = network
const telegram = started.telegram ?? ''
const ton = started.ton ?? ''
const browser = await openChromium(chromium)
afterAll(() => browser.close())

const SLOW = { timeout: 90_000 }

async function say(page: Page, text: string): Promise<string> {
  const answers = page.locator('[data-testid=message][data-from=bot]')
  const before = await answers.count()
  await page.fill('[data-testid=composer]', text)
  await page.press('[data-testid=composer]', 'Enter')
  await expect.poll(() => answers.count(), { timeout: 20_000 }).toBeGreaterThan(before)
  await expect.poll(() => page.locator('[data-testid=draft]').count(), { timeout: 20_000 }).toBe(0)
  return answers.last().innerText()
}

/** The Mini App's wallet, opened from the chat's menu button as a person does. */
async function openWallet(page: Page): Promise<FrameLocator> {
  await page.getByTestId('menu-button').click()
  const app = page.frameLocator('[data-testid=miniapp-frame]')
  await app.getByTestId('to-wallet').click()
  await app.getByTestId('available').waitFor()
  return app
}

async function confirmInWallet(app: FrameLocator): Promise<void> {
  await app.getByTestId('wallet-confirm').click()
}

test('a person tops up with the development wallet, chats, and the owner of the runner is paid', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(`${telegram}/?lang=en&theme=light`)
  await page.getByTestId('start').click()
  await page.locator('[data-testid=message]').first().waitFor()
  const app = await openWallet(page)

  await app.getByTestId('connect').click()
  await confirmInWallet(app)
  await expect.poll(() => app.getByTestId('wallet-address').count(), SLOW).toBe(1)
  await page.screenshot({ path: 'e2e/screenshots/wallet-connected.png' })

  await app.getByTestId('open-top-up').click()
  await app.getByTestId('top-up').click()
  await confirmInWallet(app)
  await expect
    .poll(() => app.getByTestId('top-up-outcome').innerText(), SLOW)
    .toContain('1 TON are yours to spend')
  await expect.poll(() => app.getByTestId('available').innerText(), SLOW).toMatch(/^1\.0\d* TON/)
  await page.screenshot({ path: 'e2e/screenshots/wallet-topped-up.png' })
  await app.locator('.back').click()
  await expect
    .poll(() => app.getByTestId('movement-in').locator('a').getAttribute('href'), SLOW)
    .toContain('/tx/')
  expect(await app.getByTestId('history-before').innerText()).toBe('0 TON')
  await page.getByTestId('miniapp-close').click()

  expect(await say(page, 'What is Sharnaqa?')).toMatch(/Sharnaqa/)
  const again = await openWallet(page)
  const isPaid = () => again.getByTestId('movement-out').filter({ hasText: 'paid' }).count()
  await expect.poll(isPaid, { timeout: 170_000 }).toBeGreaterThan(0)
  const link = again.getByTestId('movement-out').last().locator('a')
  const href = await link.getAttribute('href')
  await page.screenshot({ path: 'e2e/screenshots/wallet-paid.png' })

  const explorer = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await explorer.goto(href ?? '')
  expect(await explorer.locator('main').innerText()).toContain('sharnaqa')
  await explorer.screenshot({ path: 'e2e/screenshots/explorer-payout.png' })

  const audit = await readAudit(started.api, started.apiKey)
  expect(audit).toMatchObject({ ok: true, faults: [] })
  const supply = (await (await fetch(`${ton}/supply`)).json()) as Record<
    'minted' | 'balances' | 'fees',
    string
  >
  expect(BigInt(supply.balances) + BigInt(supply.fees)).toBe(BigInt(supply.minted))
})
