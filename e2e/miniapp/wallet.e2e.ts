import { chromium, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openChromium } from '../open-chromium.ts'
import { readAudit, setupNetwork } from '../setup-network.ts'
import { keepPicture, type Look, openMiniapp } from './open-miniapp.ts'

const network = await setupNetwork({ telegram: 'local', ton: 'local' })
const { started } = network
const browser = await openChromium(chromium)
afterAll(() => browser.close())

const SOON = { timeout: 20_000 }
/** The chain of the local TON makes a block each second; a deposit counts when the next round sees it. */
const ON_CHAIN = { timeout: 90_000 }
const PHONE: Look = { language: 'en', theme: 'light', width: 360 }

const bodyText = (page: Page) => page.locator('body').innerText()

async function openWallet(): Promise<Page> {
  const page = await openMiniapp(browser, network, { path: '/wallet', look: PHONE })
  await page.getByTestId('available').waitFor()
  return page
}

test('a wallet on another network is refused, and nothing is bound', async () => {
  const page = await openWallet()
  await page.route('**/wallet.js', async (route) => {
    const script = await (await route.fetch()).text()
    await route.fulfill({
      contentType: 'text/javascript',
      body: script.replace("NETWORK = '-3'", "NETWORK = '-239'"),
    })
  })
  await page.route('**/wallet/account', async (route) => {
    const account = await (await route.fetch()).json()
    await route.fulfill({
      json: { ...account, network: '-239' },
      headers: { 'access-control-allow-origin': '*' },
    })
  })
  await page.getByTestId('connect').click()
  const confirm = page.getByTestId('wallet-confirm')
  await Promise.race([confirm.click(), expect.poll(() => bodyText(page), SOON).toMatch(/network/i)])
  await expect.poll(() => bodyText(page), SOON).toMatch(/(test|other|another|different) network/i)
  expect(await page.getByTestId('wallet-address').count()).toBe(0)
  await keepPicture(page, 'wallet-wrong-network')
  await page.context().close()
})

test('a person says no to the wallet, and can try again at once', async () => {
  const page = await openWallet()
  await page.getByTestId('connect').click()
  await page.getByTestId('wallet-reject').click()
  await expect.poll(() => page.getByTestId('connect').isEnabled(), SOON).toBe(true)
  expect(await page.getByTestId('wallet-address').count()).toBe(0)
  await keepPicture(page, 'wallet-rejected')
  await page.context().close()
})

test('connect with a proof, top up, withdraw, and be disconnected: the history adds up', async () => {
  const page = await openWallet()
  await page.getByTestId('connect').click()
  await page.getByTestId('wallet-confirm').click()
  await expect.poll(() => page.getByTestId('wallet-address').count(), ON_CHAIN).toBe(1)

  await page.getByTestId('open-top-up').click()
  await page.getByTestId('top-up').click()
  await page.getByTestId('wallet-reject').click()
  await expect.poll(() => bodyText(page), SOON).toMatch(/nothing (was sent|moved)|said no|not confirm/i)
  await page.getByTestId('top-up').click()
  await page.getByTestId('wallet-confirm').click()
  await expect
    .poll(() => page.getByTestId('top-up-outcome').innerText(), ON_CHAIN)
    .toContain('1 TON are yours to spend')
  await keepPicture(page, 'wallet-topped-up')

  await page.reload()
  await page.locator('.back').click()
  await page.getByTestId('open-withdraw').click()
  await page.getByTestId('take-out-amount').fill('0.5')
  await page.getByTestId('take-out').click()
  await expect
    .poll(() => page.getByTestId('take-out-outcome').innerText(), ON_CHAIN)
    .toContain('0.5 TON are in your wallet')
  await page.locator('.back').click()
  await expect.poll(() => page.getByTestId('movement-out').count(), ON_CHAIN).toBeGreaterThan(0)
  await expect
    .poll(() => page.getByTestId('movement-out').filter({ hasText: 'paid' }).count(), ON_CHAIN)
    .toBeGreaterThan(0)
  await keepPicture(page, 'wallet-withdrawn')

  const headers = { authorization: `Bearer ${started.apiKey}` }
  const lines = (await (await fetch(`${started.api}/transfers?limit=200`, { headers })).json()) as {
    data: { place: string; amount_nano: string }[]
  }
  const balance = (await (await fetch(`${started.api}/balance`, { headers })).json()) as Record<
    string,
    string
  >
  const sum = lines.data
    .filter(({ place }) => place === 'balance')
    .reduce((total, { amount_nano }) => total + BigInt(amount_nano), 0n)
  expect(sum).toBe(BigInt(balance.available_nano ?? 0) + BigInt(balance.held_nano ?? 0))
  expect(await readAudit(started.api, started.apiKey)).toMatchObject({ ok: true, faults: [] })

  // The wallet ends the connection: payouts still go there, and paying asks it anew before anything moves.
  await page.evaluate("localStorage.removeItem('sharnaqa-dev-wallet')")
  await page.reload()
  await expect.poll(() => page.getByTestId('wallet-address').count(), SOON).toBe(1)
  await page.getByTestId('open-top-up').click()
  await page.getByTestId('top-up').click()
  await page.getByText(/^Connect to /).waitFor(SOON)
  await page.getByTestId('wallet-reject').click()
  await expect.poll(() => page.getByTestId('top-up').isEnabled(), SOON).toBe(true)
  const after = (await (await fetch(`${started.api}/balance`, { headers })).json()) as Record<string, string>
  expect(after.available_nano).toBe(balance.available_nano)
  await page.context().close()
})
