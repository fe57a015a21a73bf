import { existsSync } from 'node:fs'
import { validate } from '@telegram-apps/init-data-node'
import type { Message } from 'grammy/types'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { setupTelegram, type TestTelegram, TOKEN } from './test-telegram.ts'

const YOU = 1001
const GROUP = -1_001_000_000_001
const CHROMIUM = '/usr/bin/chromium' // Debian's place for it
const ARGS =
  `--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
  --disable-component-update --disable-sync`.split(/\s+/)
const WAIT_MS = 10_000

let browser: Browser

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) {
    throw new Error('Chromium is missing. Install the Debian package "chromium": apt-get install chromium')
  }
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
})

afterAll(() => browser?.close())

type Opened = { readonly telegram: TestTelegram; readonly page: Page; readonly problems: string[] }

/** Opens the page as a person sees it; gathers errors and requests that leave this server. */
async function openPage(
  options: { query?: string; width?: number; telegram?: TestTelegram } = {},
): Promise<Opened> {
  const telegram = options.telegram ?? (await setupTelegram())
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: 720 } })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (line) => {
    if (line.type() === 'error') problems.push(line.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(telegram.url)) problems.push(`left this machine: ${request.url()}`)
  })
  await page.goto(`${telegram.url}/${options.query ?? ''}`)
  await page.getByTestId('chat').first().waitFor({ state: 'attached' })
  return { telegram, page, problems }
}

/** Opens the page on a conversation that has begun. */
async function openChat(options: Parameters<typeof openPage>[0] = {}): Promise<Opened> {
  const telegram = options.telegram ?? (await setupTelegram())
  telegram.say('hello')
  return openPage({ ...options, telegram })
}

const bubble = (page: Page, id: number) => page.locator(`[data-testid=message][data-message-id="${id}"]`)

test('a person starts the bot, asks, and reads the answer with its markup', async () => {
  const { telegram, page, problems } = await openPage()
  expect(await page.getByText('A stand-in for Telegram on this machine. Nothing leaves it.').count()).toBe(1)
  await page.getByTestId('start').click()
  await bubble(page, 1).waitFor()
  expect(telegram.updates[0]?.update.message).toMatchObject({ text: '/start', from: { id: YOU } })
  await page.getByTestId('composer').fill('line one')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('line two')
  await page.keyboard.press('Enter')
  await bubble(page, 2).waitFor()
  expect(telegram.messages()[1]?.text).toBe('line one\nline two')
  expect(await page.getByTestId('composer').inputValue()).toBe('')
  const text = `<b>bold</b> <i>it</i> <u>un</u> <s>st</s> <code>c</code>
<pre><code class="language-js">1 &lt; 2</code></pre>
<blockquote>q</blockquote><a href="https://a.example/">link</a> <tg-spoiler>secret</tg-spoiler> &lt;img src=x&gt;`
  await telegram.call('sendMessage', { chat_id: YOU, text, parse_mode: 'HTML' })
  const answer = bubble(page, 3)
  await answer.waitFor()
  expect(await answer.getAttribute('data-from')).toBe('bot')
  expect(await bubble(page, 2).getAttribute('data-from')).toBe('me')
  for (const tag of ['b', 'i', 'u', 's', 'pre', 'blockquote', '.spoiler']) {
    expect([tag, await answer.locator(tag).count()]).toEqual([tag, 1])
  }
  expect(await answer.locator('img').count()).toBe(0)
  expect(await answer.locator('a').getAttribute('href')).toBe('https://a.example/')
  await answer.locator('.spoiler').click()
  expect(await answer.locator('.spoiler').getAttribute('class')).toContain('shown')
  expect(problems).toEqual([])
})

test('a draft grows in one bubble, can be stopped, and gives way to exactly one message', async () => {
  const { telegram, page, problems } = await openChat()
  const draft = { chat_id: YOU, draft_id: 5, can_stop: true }
  await telegram.call('sendMessageDraft', { ...draft, text: '' })
  await page.getByTestId('draft').getByText('Thinking…').waitFor()
  await telegram.call('sendMessageDraft', { ...draft, text: 'The marine museum' })
  await page.getByTestId('draft').getByText('The marine museum').waitFor()
  expect(await page.getByTestId('draft').count()).toBe(1)
  expect(await page.getByTestId('draft').locator('.thread').count()).toBe(1)
  await page.getByTestId('stop').click()
  await telegram.waitFor('Stop', () => telegram.updates.at(-1)?.update.stopped_message_generation)
  await page.getByTestId('draft').waitFor({ state: 'detached' })
  expect(await page.getByTestId('stop').isVisible()).toBe(false)
  await telegram.call('sendMessageDraft', { ...draft, draft_id: 6, text: 'The marine' })
  await page.getByTestId('draft').waitFor()
  await telegram.call('sendMessage', { chat_id: YOU, text: 'The marine museum first.' })
  await bubble(page, 2).waitFor()
  expect(await page.getByTestId('draft').count()).toBe(0)
  expect(await page.getByTestId('message').count()).toBe(2)
  expect(problems).toEqual([])
})

test('an invoice is paid in play Stars, and a no of the bot is shown', async () => {
  const { telegram, page, problems } = await openChat()
  const prices = [{ label: 'x', amount: 50 }]
  const invoice = {
    chat_id: YOU,
    title: 'Credit',
    description: 'For questions',
    payload: 'p',
    currency: 'XTR',
  }
  await telegram.call('sendInvoice', { ...invoice, prices })
  const asked = async () => {
    const seen = telegram.updates.length
    await page.getByTestId('button').last().click()
    await page.getByTestId('dialog').getByText('pay 50 Stars? You have 10000.').waitFor()
    await page.getByTestId('dialog-pay').click()
    return telegram.waitFor('the question', () => telegram.updates[seen]?.update.pre_checkout_query?.id)
  }
  const no = { ok: false, error_message: 'The price has changed.' }
  await telegram.call('answerPreCheckoutQuery', { pre_checkout_query_id: await asked(), ...no })
  await page.getByTestId('dialog').getByText('The price has changed.').waitFor()
  await page.getByTestId('dialog-ok').click()
  await telegram.call('answerPreCheckoutQuery', { pre_checkout_query_id: await asked(), ok: true })
  await page.getByText('You paid 50 Stars').waitFor()
  expect(telegram.stars()).toBe(9950)
  expect(problems).toEqual([])
})

test('buttons, edits, replies and commands go both ways', async () => {
  const { telegram, page } = await openChat()
  const inline_keyboard = [[{ text: 'Retry', callback_data: 'retry' }]]
  await telegram.call('sendMessage', { chat_id: YOU, text: 'x', reply_markup: { inline_keyboard } })
  await page.getByTestId('button').click()
  const query = await telegram.waitFor('the press', () => telegram.updates.at(-1)?.update.callback_query)
  expect(query.data).toBe('retry')
  await telegram.call('answerCallbackQuery', { callback_query_id: query.id, text: 'Trying again' })
  await page.getByTestId('toast').getByText('Trying again').waitFor()
  expect(await page.locator('.waiting').count()).toBe(0)
  await telegram.call('editMessageText', { chat_id: YOU, message_id: 2, text: 'y' })
  await bubble(page, 2).getByTestId('edited').waitFor()
  expect(await page.getByTestId('button').count()).toBe(0)
  await bubble(page, 2).hover()
  await bubble(page, 2).getByTestId('tool-reply').click()
  await page.getByTestId('composer').fill('about that')
  await page.keyboard.press('Enter')
  await bubble(page, 3).waitFor()
  expect(telegram.messages()[2]).toMatchObject({ reply_to_message: { message_id: 2 } })
  await page.getByTestId('composer').press('ArrowUp')
  expect(await page.getByTestId('composer').inputValue()).toBe('about that')
  await page.getByTestId('composer').fill('about this')
  await page.keyboard.press('Enter')
  await bubble(page, 3).getByTestId('edited').waitFor()
  expect(telegram.updates.at(-1)?.update.edited_message).toMatchObject({ text: 'about this' })
  const commands = ['new', 'model', 'balance'].map((command) => ({ command, description: `do ${command}` }))
  await telegram.call('setMyCommands', { commands })
  await page.getByTestId('menu-button').click()
  await page.getByTestId('command-item').nth(2).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await bubble(page, 4).waitFor()
  expect(telegram.messages()[3]).toMatchObject({ text: '/model', entities: [{ type: 'bot_command' }] })
  expect(await page.getByTestId('command-item').count()).toBe(0)
})

test('in Arabic the page runs from right to left and the bot hears the language', async () => {
  const { telegram, page } = await openChat({ query: '?lang=ar' })
  expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
  expect(await page.getByTestId('composer').getAttribute('placeholder')).toBe('رسالة')
  await page.getByTestId('composer').fill('مرحبا')
  await page.getByTestId('send').click()
  await bubble(page, 2).waitFor()
  expect(telegram.messages()[1]?.from?.language_code).toBe('ar')
  const mine = await bubble(page, 2).boundingBox()
  expect(mine?.x ?? 999).toBeLessThan(640)
  await page.getByTestId('language').selectOption('ru')
  await page.locator('html[lang=ru][dir=ltr]').waitFor()
  expect(await page.getByTestId('composer').getAttribute('placeholder')).toBe('Сообщение')
})

test('the page follows new messages only at the end', async () => {
  const { telegram, page } = await openChat()
  for (let count = 0; count < 30; count += 1)
    await telegram.call('sendMessage', { chat_id: YOU, text: `m ${count}` })
  await bubble(page, 31).waitFor()
  const atEnd = () =>
    page.locator('#scroll').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 4)
  await expect.poll(atEnd, { timeout: WAIT_MS }).toBe(true)
  await page.locator('#scroll').evaluate((box) => box.scrollTo(0, 0))
  await telegram.call('sendMessage', { chat_id: YOU, text: 'unseen' })
  await page.getByTestId('jump').waitFor()
  expect(await page.locator('#scroll').evaluate((box) => box.scrollTop)).toBe(0)
  await page.getByTestId('jump').click()
  await expect.poll(atEnd, { timeout: WAIT_MS }).toBe(true)
})

test('the menu button opens the Mini App with data that is really signed', async () => {
  const { telegram, page } = await openChat()
  const web_app = { url: `${telegram.url}/page/mark.svg?x=1` }
  await telegram.call('setChatMenuButton', { menu_button: { type: 'web_app', text: 'Open', web_app } })
  await page.getByTestId('menu-button').getByText('Open').click()
  const frame = page.getByTestId('miniapp-frame')
  await frame.waitFor()
  const url = new URL((await frame.getAttribute('src')) ?? '')
  const fragment = new URLSearchParams(url.hash.slice(1))
  const initData = fragment.get('tgWebAppData') ?? ''
  validate(initData, TOKEN)
  expect(() => validate(initData, '1:other')).toThrow()
  expect(JSON.parse(new URLSearchParams(initData).get('user') ?? '')).toMatchObject({ id: YOU })
  expect(fragment.get('tgWebAppPlatform')).toBe('web')
  expect(JSON.parse(fragment.get('tgWebAppThemeParams') ?? '')).toMatchObject({ bg_color: '#ffffff' })
  await page.keyboard.press('Escape')
  await page.getByTestId('miniapp').waitFor({ state: 'hidden' })
})

test('topics are separate conversations, and two people share a group', async () => {
  const { telegram, page } = await openChat()
  await page.getByTestId('new-topic').click()
  await page.locator('#dialog-input').fill('Aqaba')
  await page.keyboard.press('Enter')
  await page.locator('#chat-title').getByText('Aqaba').waitFor()
  await page.getByTestId('composer').fill('in the topic')
  await page.keyboard.press('Enter')
  const sent = await telegram.waitFor('the message', () =>
    telegram.messages().find(({ text }) => text === 'in the topic'),
  )
  expect(sent.message_thread_id).toBeGreaterThan(0)
  await page.getByTestId('chat').first().click()
  await bubble(page, 1).waitFor()
  expect(await bubble(page, (sent as Message).message_id).count()).toBe(0)
  await page.locator(`[data-chat-id="${GROUP}"]`).click()
  await page.locator('#chat-title').getByText('Our group').waitFor()
  await page.getByTestId('composer').fill('hello from you')
  await page.keyboard.press('Enter')
  await bubble(page, 1).waitFor()
  await page.locator('[data-person-id="1002"]').click()
  await page.locator('[data-message-id="1"][data-from=other]').waitFor()
  await page.getByTestId('composer').fill('hello from a friend')
  await page.keyboard.press('Enter')
  await bubble(page, 2).waitFor()
  expect(telegram.messages(GROUP).map(({ from }) => from?.id)).toEqual([1001, 1002])
})

test('at 360 px nothing hangs over the edge and every target is large enough', async () => {
  const { telegram, page } = await openChat({ width: 360 })
  const text = `https://a.example/${'x'.repeat(300)}\n<pre>${'y'.repeat(300)}</pre>`
  const inline_keyboard = [
    [
      { text: 'Retry', callback_data: 'a' },
      { text: 'Receipt', callback_data: 'b' },
    ],
  ]
  await telegram.call('sendMessage', {
    chat_id: YOU,
    text,
    parse_mode: 'HTML',
    reply_markup: { inline_keyboard },
  })
  await bubble(page, 2).waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  expect(await page.locator('#scroll').evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
  for (const id of ['send', 'button', 'attach']) {
    const box = await page.getByTestId(id).first().boundingBox()
    expect([id, (box?.height ?? 0) >= 44, (box?.width ?? 0) >= 44]).toEqual([id, true, true])
  }
})

test('the page says that it reconnects, and comes back by itself', async () => {
  const first = await setupTelegram()
  const { page } = await openChat({ telegram: first })
  await bubble(page, 1).waitFor()
  await first.close()
  await page.getByTestId('reconnecting').getByText('Reconnecting…').waitFor()
  const second = await setupTelegram({ port: Number(new URL(first.url).port) })
  second.say('after the break')
  await bubble(page, 1).getByText('after the break').waitFor()
  await page.getByTestId('reconnecting').waitFor({ state: 'hidden' })
})
