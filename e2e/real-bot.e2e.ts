import { afterAll, expect, test } from 'vitest'
import { assertConduct } from '../local/telegram/assert-conduct.ts'
import { startTelegram } from '../local/telegram/start-telegram.ts'
import { fakeRunner, readAudit, setupNetwork } from './setup-network.ts'

// With BOT_TOKEN set the real bot runs by long polling, against whatever Bot API server TELEGRAM_API_ROOT names.
const token = '4242424242:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0'
const telegram = await startTelegram({ token, rateLimits: 'real' })
afterAll(telegram.close)
process.env.BOT_TOKEN = token
process.env.TELEGRAM_API_ROOT = telegram.url
const { started } = await setupNetwork({
  telegram: 'real',
  plans: [fakeRunner({ tokens_per_second: 40, tokens: 120 })],
})

const botMessages = () => telegram.messages().filter(({ from }) => from?.is_bot)

test('a real bot polls, streams by drafts, and answers once', async () => {
  telegram.say('/start')
  await telegram.waitFor('the greeting', () => botMessages().length === 1, 20_000)
  telegram.say('Tell me something long')
  await telegram.waitFor('a draft', () => telegram.drafts()[0], 20_000)
  await telegram.waitFor('the answer', () => botMessages().length === 2, 20_000)
  expect(botMessages()[1]?.text?.split(/\s+/).filter(Boolean).length).toBe(120)
  expect(telegram.drafts()).toEqual([])
})
test('Stop keeps what was written', async () => {
  telegram.say('And something else')
  const draft = await telegram.waitFor(
    'a draft with words',
    () => telegram.drafts().find(({ text }) => (text?.split(' ').length ?? 0) > 4),
    20_000,
  )
  telegram.stop(draft)
  const answer = await telegram.waitFor('the end', () => botMessages()[2], 20_000)
  expect(answer.text?.split(/\s+/).filter(Boolean).length).toBeLessThan(120)
})
test('commands were set in three languages before the first message', () => {
  const languages = telegram.calls
    .filter(({ method }) => method === 'setMyCommands')
    .map(({ params }) => params.language_code ?? '')
  expect(new Set(languages)).toEqual(new Set(['', 'ar', 'ru']))
})
test('the bot kept to the rules of conduct, and the books balance', async () => {
  expect(assertConduct(telegram)).toEqual([])
  await expect.poll(async () => (await readAudit(started.api, started.apiKey)).ok).toBe(true)
})
