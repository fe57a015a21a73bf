import { sign } from '@telegram-apps/init-data-node'
import { chromium, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { readSecrets } from '../../local/secrets.ts'
import { openChromium } from '../open-chromium.ts'
import { fakeRunner, setupNetwork } from '../setup-network.ts'
import { keepPicture, openMiniapp, signedUrl } from './open-miniapp.ts'

const network = await setupNetwork({
  telegram: 'local',
  plans: [
    fakeRunner({ tokens: 60, tokens_per_second: 20, mode: 'die', after: 25 }),
    fakeRunner({ tokens: 60, tokens_per_second: 20 }),
  ],
})
const browser = await openChromium(chromium)
afterAll(() => browser.close())

const SOON = { timeout: 30_000 }
const PERSON = { id: 1001, first_name: 'You', language_code: 'en' }

const answers = (page: Page) => page.locator('[data-testid=message][data-from=model]')
const bodyText = (page: Page) => page.locator('body').innerText()

async function send(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer').fill(text)
  await page.getByTestId('send').click()
}

/** The same page with another initData than the one that Telegram gave. */
async function withInitData(path: string, change: (initData: string) => string): Promise<string> {
  const url = new URL(await signedUrl(network, { path }))
  const fragment = new URLSearchParams(url.hash.slice(1))
  fragment.set('tgWebAppData', change(fragment.get('tgWebAppData') ?? ''))
  url.hash = fragment.toString().replaceAll('+', '%20')
  return url.href
}

test('initData of last week: the page says to open it again, and shows nothing that is not there', async () => {
  const { localBotToken } = await readSecrets(network.stateDir)
  const lastWeek = new Date(Date.now() - 7 * 86_400_000)
  const page = await browser.newPage()
  await page.goto(await withInitData('/wallet', () => sign({ user: PERSON }, localBotToken, lastWeek)))
  await expect.poll(() => bodyText(page), SOON).toContain('open it again from Telegram')
  await keepPicture(page, 'bad-expired')
  await page.close()
})

test('forged initData is refused in words', async () => {
  const page = await browser.newPage()
  await page.goto(await withInitData('/wallet', (initData) => initData.replace('You', 'Eve')))
  await expect.poll(() => bodyText(page), SOON).toContain('Telegram did not vouch')
  await page.close()
})

test('a client of 2021, without theme params, opens every page', async () => {
  const url = new URL(await signedUrl(network, { path: '/chat' }))
  const fragment = new URLSearchParams(url.hash.slice(1))
  fragment.delete('tgWebAppThemeParams')
  fragment.set('tgWebAppVersion', '6.0')
  url.hash = fragment.toString().replaceAll('+', '%20')
  const page = await browser.newPage({ viewport: { width: 360, height: 640 } })
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(url.href)
  for (const name of ['earn', 'wallet', 'build', 'network', 'chat']) {
    await page.getByTestId(`to-${name}`).click()
    await expect.poll(() => page.locator('[aria-busy=true], .skeleton').count(), SOON).toBe(0)
  }
  await send(page, 'Hello')
  await expect.poll(() => answers(page).count(), SOON).toBe(1)
  expect(faults).toEqual([])
  await page.close()
})

test('a browser that keeps nothing: the chat works, and says that nothing is kept', async () => {
  const page = await browser.newPage()
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', { get: () => undefined })
  })
  await page.goto(await signedUrl(network, { path: '/chat' }))
  await expect.poll(() => bodyText(page), SOON).toMatch(/kept/i)
  await send(page, 'Hello')
  await expect.poll(() => answers(page).count(), SOON).toBe(1)
  await page.close()
})

test('the coordinator is down: the question is kept, and goes out when it is back', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await page.getByTestId('price-line').waitFor()
  await page.route('**/v1/**', (route) => route.abort())
  await send(page, 'Are you there?')
  await expect.poll(() => bodyText(page), SOON).toMatch(/did not answer|out of reach|no connection/i)
  expect(await page.locator('[data-testid=message][data-from=person]').last().innerText()).toContain(
    'Are you there?',
  )
  await keepPicture(page, 'bad-offline')
  await page.unroute('**/v1/**')
  await page.getByTestId('retry').click()
  await expect.poll(() => answers(page).last().innerText(), SOON).toMatch(/\S+ \S+ \S+/)
  await page.context().close()
})

test('other pages show the last that is known, dimmed, with its age', async () => {
  const page = await openMiniapp(browser, network, { path: '/network' })
  await page.getByTestId('runners-total').waitFor()
  await page.route('**/v1/**', (route) => route.abort())
  await expect.poll(() => bodyText(page), { timeout: 45_000 }).toContain('Last known')
  expect(await page.getByTestId('runners-total').count()).toBe(1)
  await keepPicture(page, 'bad-stale')
  await page.unroute('**/v1/**')
  await expect.poll(() => bodyText(page), { timeout: 45_000 }).not.toContain('Last known')
  await page.context().close()
})

test('the runner dies in the middle: another one goes on, and the answer is whole', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await send(page, 'Tell me about the moth.')
  await expect.poll(() => page.getByTestId('receipt').count(), { timeout: 60_000 }).toBe(1)
  expect((await answers(page).last().innerText()).split(/\s+/).length).toBeGreaterThan(30)
  await page.context().close()
})

test('a message of 20,000 characters is not cut behind the person’s back', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await page.getByTestId('price-line').waitFor()
  const long = 'silk and light '.repeat(1400).slice(0, 20_000)
  await page.getByTestId('composer').fill(long)
  expect(await page.getByTestId('composer').inputValue()).toBe(long)
  await keepPicture(page, 'bad-long')
  const isRefused = await page.getByTestId('send').isDisabled()
  if (isRefused) expect(await bodyText(page)).toMatch(/too long/i)
  else {
    await page.getByTestId('send').click()
    await expect.poll(() => answers(page).count(), SOON).toBe(1)
  }
  await page.context().close()
})

test('pasted HTML is text, in the composer and in the conversation', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await page.getByTestId('price-line').waitFor()
  const html =
    '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script><b>bold</b>'
  await send(page, html)
  await expect
    .poll(() => page.locator('[data-testid=message][data-from=person]').last().innerText(), SOON)
    .toContain('<b>bold</b>')
  expect(await page.title()).not.toContain('owned')
  await page.context().close()
})

test('an address that nothing lives at leads to the chat, and outside Telegram to the landing page', async () => {
  const page = await openMiniapp(browser, network, { path: '/nowhere' })
  await page.getByTestId('composer').waitFor()
  expect(new URL(page.url()).pathname).toBe('/chat')
  await page.context().close()
  const outside = await browser.newPage()
  await outside.goto(`${network.started.miniapp}/nowhere`)
  await outside.getByTestId('field').waitFor()
  await outside.goto(`${network.started.miniapp}/wallet`)
  await expect.poll(() => bodyText(outside), SOON).toContain('opens inside Telegram')
  await outside.close()
})
