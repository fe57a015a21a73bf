import { chromium, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openChromium } from './open-chromium.ts'
import { readAudit, readBalance, setupNetwork } from './setup-network.ts'

const network = await setupNetwork({ telegram: 'local' })
const { started } = network
const telegram = started.telegram ?? ''
const browser = await openChromium(chromium)
afterAll(() => browser.close())

async function openPage(query: string, width = 1280): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, deviceScaleFactor: 2 })
  await page.goto(`${telegram}/?${query}`)
  await page.locator('[data-testid=start], [data-testid=message]').first().waitFor()
  return page
}

/** Types a message as a person does and waits for the bot's next final message. */
async function ask(page: Page, text: string): Promise<string> {
  const answers = page.locator('[data-testid=message][data-from=bot]')
  const before = await answers.count()
  await page.fill('[data-testid=composer]', text)
  await page.press('[data-testid=composer]', 'Enter')
  await expect.poll(() => answers.count(), { timeout: 20_000 }).toBeGreaterThan(before)
  await expect.poll(() => page.locator('[data-testid=draft]').count(), { timeout: 20_000 }).toBe(0)
  return answers.last().innerText()
}

async function readControl<T>(path: string): Promise<T> {
  return (await (await fetch(`${telegram}/control/${path}`)).json()) as T
}

test('a message typed into the page is answered by silkworm in whole sentences, in one final message', async () => {
  const page = await openPage('lang=en&theme=light')
  await page.getByTestId('start').click()
  await expect.poll(() => page.locator('[data-testid=message][data-from=bot]').count()).toBe(1)
  expect(await ask(page, 'What is Sharnaqa?')).toMatch(
    /Sharnaqa is an open AI network inside Telegram\..*API\./s,
  )
  const buttons = page.locator('[data-testid=button]')
  await expect.poll(() => buttons.allInnerTexts()).toEqual(expect.arrayContaining(['Retry', 'Receipt']))
  await page.screenshot({ path: 'e2e/screenshots/telegram-en.png' })

  await buttons.filter({ hasText: 'Receipt' }).last().click()
  await expect
    .poll(() => page.locator('[data-testid=message][data-from=bot]').last().innerText())
    .toMatch(/silkworm[\s\S]*job_/)
  expect(await ask(page, '/balance')).toContain('TON')
  await page.close()
})
test('Arabic is answered in Arabic, from right to left, on a narrow screen', async () => {
  const page = await openPage('lang=ar&theme=dark&person=1002', 390)
  await page.getByTestId('start').click()
  await expect.poll(() => page.locator('[data-testid=message][data-from=bot]').count()).toBe(1)
  const answer = await ask(page, 'ما هي شرنقة؟')
  expect(answer).toMatch(/شرنقة شبكة/)
  expect(await page.getAttribute('html', 'dir')).toBe('rtl')
  await page.screenshot({ path: 'e2e/screenshots/telegram-ar.png' })
  await page.close()
})
test('two messages in a hurry are both answered, in order', async () => {
  const page = await openPage('lang=en&theme=light')
  const answers = page.locator('[data-testid=message][data-from=bot]')
  const before = await answers.count()
  for (const text of ['What is the capital of France?', 'What is the capital of Japan?']) {
    await page.fill('[data-testid=composer]', text)
    await page.press('[data-testid=composer]', 'Enter')
  }
  await expect.poll(() => answers.count(), { timeout: 20_000 }).toBe(before + 2)
  expect(await answers.nth(before).innerText()).toContain('Paris')
  expect(await answers.nth(before + 1).innerText()).toContain('Tokyo')
  await page.close()
})
test('the bot kept to the rules of conduct, and the books balance', async () => {
  expect(await readControl('conduct')).toEqual([])
  const calls = await readControl<{ method: string; params: { can_stop?: boolean } }[]>('calls')
  const drafts = calls.filter(({ method }) => method === 'sendMessageDraft')
  expect(drafts.length).toBeGreaterThan(0)
  expect(drafts.every(({ params }) => params.can_stop === true)).toBe(true)
  expect(await readAudit(started.api, started.apiKey)).toMatchObject({ ok: true, clearing_nano: '0' })
  expect((await readBalance(started.api, started.apiKey)).held_nano).toBe('0')
})
