import { chromium, type Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openChromium } from '../open-chromium.ts'
import { fakeRunner, readAudit, readBalance, setupNetwork } from '../setup-network.ts'
import { fillConversation } from './fill-conversation.ts'
import { keepPicture, openMiniapp } from './open-miniapp.ts'

const TOKENS = 120
const network = await setupNetwork({
  telegram: 'local',
  plans: [
    { args: ['--model', 'silkworm'], env: {}, models: 1 },
    fakeRunner({ tokens: TOKENS, tokens_per_second: 30 }),
  ],
})
const { started } = network
const browser = await openChromium(chromium)
afterAll(() => browser.close())

const ANSWERED = { timeout: 40_000 }

const answers = (page: Page) => page.locator('[data-testid=message][data-from=model]')
const isWriting = (page: Page) => page.getByTestId('streaming').count()

async function choose(page: Page, model: string, tier: 'open' | 'own'): Promise<void> {
  const choice = page.locator(`[data-testid=choice][data-model="${model}"][data-tier=${tier}]`)
  const open = async () => {
    // A tap that came while the page still moved is made again, as a person would.
    const pill = page.getByTestId('model-pill')
    if ((await page.getByRole('dialog').count()) === 0)
      await pill.click({ timeout: 2_000 }).catch(() => undefined)
    return choice.count()
  }
  await expect.poll(open, ANSWERED).toBe(1)
  await choice.click()
  await expect.poll(() => page.getByTestId('model-pill').innerText()).toContain(model)
}

async function send(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer').fill(text)
  await page.getByTestId('send').click()
}

async function finished(page: Page): Promise<string> {
  await expect.poll(() => isWriting(page), ANSWERED).toBe(0)
  return answers(page).last().innerText()
}

const available = async () => BigInt((await readBalance(started.api, started.apiKey)).available_nano)

async function requests(): Promise<
  readonly { id: string; state: string; charge_nano: string; tier: string }[]
> {
  const reply = await fetch(`${started.api}/requests?limit=50`, {
    headers: { authorization: `Bearer ${started.apiKey}` },
  })
  return ((await reply.json()) as { data: [] }).data
}

test('the price stands before a question, the receipt under its answer, and the balance agrees with both', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await choose(page, 'silkworm', 'open')
  await page.getByTestId('composer').fill('What is Sharnaqa?')
  await expect.poll(() => page.getByTestId('price-line').innerText()).toMatch(/0\.0+\d+ TON/)
  const before = await available()
  await page.getByTestId('send').click()
  expect(await finished(page)).toContain('Sharnaqa')
  const receipt = page.getByTestId('receipt').last()
  await expect.poll(() => receipt.innerText(), ANSWERED).toMatch(/0\.0+\d+ TON/)
  await receipt.click()
  await keepPicture(page, 'chat-receipt')
  const [job] = await requests()
  expect(before - (await available())).toBe(BigInt(job?.charge_nano ?? 0))
  expect(await page.locator('body').innerText()).toContain(job?.id ?? 'a job')
  await page.context().close()
})

test('a reload in the middle of an answer shows it whole, and it is charged once', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await choose(page, 'fake', 'open')
  const jobsBefore = (await requests()).length
  await send(page, 'Tell me a long story about silk.')
  await expect.poll(() => answers(page).last().innerText(), ANSWERED).toMatch(/\S+ \S+ \S+/)
  expect(await isWriting(page)).toBe(1)
  await page.reload()
  await expect.poll(() => answers(page).count(), ANSWERED).toBe(1)
  const text = await finished(page)
  await expect.poll(() => page.getByTestId('receipt').count(), ANSWERED).toBe(1)
  const after = await requests()
  expect(after.length - jobsBefore).toBe(1)
  expect(after[0]).toMatchObject({ state: 'done' })
  const whole = await network.client.chat.completions.create({
    model: 'fake',
    messages: [{ role: 'user', content: 'Tell me a long story about silk.' }],
  })
  expect(words(text)).toContain(words(whole.choices[0]?.message.content ?? '').slice(0, 200))
  await keepPicture(page, 'chat-after-reload')
  await page.context().close()
})

test('a page that is closed in the middle and opened again later finds the answer whole', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  const { context } = { context: page.context() }
  await choose(page, 'fake', 'open')
  await send(page, 'Another long story, please.')
  await expect.poll(() => answers(page).last().innerText(), ANSWERED).toMatch(/\S+ \S+/)
  await page.close()
  const again = await openMiniapp(browser, network, { path: '/chat', context })
  const conversation = again.getByTestId('conversation').first()
  if ((await answers(again).count()) === 0) await conversation.click()
  await finished(again)
  await expect.poll(() => again.getByTestId('receipt').count(), ANSWERED).toBe(1)
  await context.close()
})

test('Stop keeps what was written, and Continue goes on from there', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await choose(page, 'fake', 'open')
  await send(page, 'Stop me in the middle.')
  await expect.poll(() => answers(page).last().innerText(), ANSWERED).toMatch(/\S+ \S+ \S+/)
  await page.getByTestId('stop').click()
  const stopped = words(await finished(page))
  expect(stopped.length).toBeGreaterThan(10)
  // Not only the page let go: the job itself was stopped, and costs what was delivered until then.
  await expect.poll(async () => (await requests())[0]?.state, ANSWERED).toBe('stopped')
  await page.getByTestId('continue').click()
  await expect.poll(() => isWriting(page), ANSWERED).toBe(1)
  const whole = words(await finished(page))
  expect(whole.length).toBeGreaterThan(stopped.length)
  await page.context().close()
})

test('one’s own GPU answers for nothing, and nobody else’s is asked', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await choose(page, 'silkworm', 'own')
  const before = await available()
  await send(page, 'Who are you?')
  await finished(page)
  await expect.poll(() => page.getByTestId('receipt').count(), ANSWERED).toBe(1)
  expect((await requests())[0]).toMatchObject({ tier: 'own', state: 'done', charge_nano: '0' })
  expect(await available()).toBe(before)
  await keepPicture(page, 'chat-own')
  await page.context().close()

  const stranger = await openMiniapp(browser, network, { path: '/chat', personId: 1002 })
  await stranger.getByTestId('model-pill').click()
  await stranger.getByTestId('choice').first().waitFor()
  expect(await stranger.locator('[data-testid=choice][data-tier=own]').count()).toBe(0)
  await stranger.context().close()
})

test('a conversation is named, found again, renamed by nobody else, and deleted for good', async () => {
  const page = await openMiniapp(browser, network, {
    path: '/chat',
    look: { language: 'en', theme: 'dark', width: 1280 },
  })
  await choose(page, 'silkworm', 'open')
  await send(page, 'What is the capital of France?')
  await finished(page)
  await page.getByTestId('new-chat').click()
  await send(page, 'What is the capital of Japan?')
  await finished(page)
  expect(await page.getByTestId('conversation').count()).toBe(2)
  await page.getByTestId('search').fill('france')
  await expect.poll(() => page.getByTestId('conversation').count()).toBe(1)
  await page.getByTestId('conversation').click()
  await expect.poll(() => answers(page).last().innerText()).toContain('Paris')
  await keepPicture(page, 'chat-search')
  await page.reload()
  await expect.poll(() => page.getByTestId('conversation').count()).toBe(2)
  await page.context().close()
})

test('a conversation of 500 messages opens at its end, and its beginning is one scroll away', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await page.getByTestId('composer').waitFor()
  await fillConversation(page, 500)
  await page.reload()
  const long = page.getByText('A long talk')
  if (await page.getByText('Answer 499').isHidden()) await long.first().click()
  await page.getByText('Answer 499').waitFor()
  await expect.poll(() => page.getByText('Answer 499').isVisible(), ANSWERED).toBe(true)
  await keepPicture(page, 'chat-500')
  await page.getByText('Question 0', { exact: true }).scrollIntoViewIfNeeded()
  await expect.poll(() => page.getByText('Question 0', { exact: true }).isVisible(), ANSWERED).toBe(true)
  await page.context().close()
})

test('the books balance after all of it', async () => {
  expect(await readAudit(started.api, started.apiKey)).toMatchObject({ ok: true, clearing_nano: '0' })
})

/** The fake's words without what Markdown or the page put between them. */
const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
