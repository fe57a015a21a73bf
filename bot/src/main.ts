import { parseArgs } from 'node:util'
import { Api, GrammyError } from 'grammy'
import type { Update } from 'grammy/types'
import { z } from 'zod'
import { realClock } from './chat/clock.ts'
import { type ForwardResult, type PollEnd, pollUpdates } from './poll-updates.ts'
import { setUpBot } from './telegram-setup.ts'

/**
 * The bot without a public address: asks Telegram for updates and hands them to the coordinator as a webhook would.
 *
 * Env: `BOT_TOKEN`, `TELEGRAM_WEBHOOK_SECRET` (the coordinator's own), `COORDINATOR_URL`, `TELEGRAM_API_ROOT`.
 */
const envSchema = z.object({
  BOT_TOKEN: z.string().regex(/^\d+:.+$/),
  TELEGRAM_WEBHOOK_SECRET: z.string().min(1),
  COORDINATOR_URL: z.url().default('http://127.0.0.1:8787'),
  TELEGRAM_API_ROOT: z.url().default('https://api.telegram.org'),
})

const FORWARD_TIMEOUT_MS = 20_000
const CALL_TIMEOUT_S = 60

const ENDS: Record<Exclude<PollEnd, 'stopped'>, string> = {
  conflict:
    'Another program is asking Telegram for the updates of this bot, or a webhook is set. Stop it, then start this again.',
  'wrong-token': 'Telegram does not know this BOT_TOKEN. Take the right one from @BotFather.',
  'wrong-secret':
    'The coordinator refused the updates: its TELEGRAM_WEBHOOK_SECRET is another one. Give both the same.',
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const env = envSchema.safeParse(process.env)
if (!env.success) {
  const names = env.error.issues.map(({ path }) => path.join('.')).join(', ')
  fail(`Missing or not understood in the environment: ${names}`)
} else {
  await main(env.data)
}

async function main(settings: z.infer<typeof envSchema>): Promise<void> {
  const api = new Api(settings.BOT_TOKEN, {
    apiRoot: settings.TELEGRAM_API_ROOT.replace(/\/+$/, ''),
    timeoutSeconds: CALL_TIMEOUT_S,
  })
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort())
  const username = await untilReached(() => prepare(api), stop.signal)
  if (username === undefined) return
  say('bot-listening', { username }, `bot @${username} is listening`)
  const url = `${settings.COORDINATOR_URL.replace(/\/+$/, '')}/telegram/webhook`
  const end = await pollUpdates(
    {
      api,
      forward: (update) => forward(url, settings.TELEGRAM_WEBHOOK_SECRET, update),
      clock: realClock,
      log: (event, facts) => say(event, facts, `${event} ${JSON.stringify(facts)}`),
    },
    stop.signal,
  )
  if (end !== 'stopped') fail(ENDS[end])
}

/** Takes a webhook away, what waits there is kept; sets commands and descriptions; gives the bot's name. */
async function prepare(api: Api): Promise<string> {
  const { username } = await api.getMe()
  await api.deleteWebhook({ drop_pending_updates: false })
  await setUpBot(api).catch((error) => {
    // The bot answers without its menu, too; the next start sets it.
    say('setup-failed', { error: String(error) }, `setup-failed ${String(error)}`)
  })
  return username
}

/** Tries until Telegram answers. A wrong token ends the program. */
async function untilReached(prepareBot: () => Promise<string>, signal: AbortSignal) {
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      return await prepareBot()
    } catch (error) {
      if (error instanceof GrammyError && (error.error_code === 401 || error.error_code === 404)) {
        fail(ENDS['wrong-token'])
        return undefined
      }
      if (tries === 1) say('telegram-unreachable', {}, 'Telegram cannot be reached; trying again')
      await realClock.sleep(Math.min(500 * 2 ** Math.min(tries, 6), 15_000), signal)
    }
  }
  return undefined
}

async function forward(url: string, secret: string, update: Update): Promise<ForwardResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify(update),
      signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS),
    })
    await response.body?.cancel()
    if (response.ok) return 'taken'
    return response.status === 401 ? 'wrong-secret' : 'refused'
  } catch {
    return 'unreachable' // the coordinator is away or starting; the update stays with Telegram
  }
}

function say(event: string, facts: Record<string, string | number>, line: string): void {
  console.log(values.json ? JSON.stringify({ event, ...facts }) : line)
}

function fail(sentence: string): void {
  console.error(values.json ? JSON.stringify({ event: 'bot-failed', reason: sentence }) : sentence)
  process.exitCode = 1
}
