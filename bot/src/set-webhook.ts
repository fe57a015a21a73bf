import { Api } from 'grammy'
import { z } from 'zod'
import { ALLOWED_UPDATES } from './allowed-updates.ts'
import { setUpBot } from './telegram-setup.ts'

/**
 * `node bot/src/set-webhook.ts https://host`: from now on Telegram brings the bot's updates to that coordinator.
 *
 * Env: `BOT_TOKEN`, `TELEGRAM_WEBHOOK_SECRET` (as in the coordinator), `TELEGRAM_API_ROOT`.
 */
const envSchema = z.object({
  BOT_TOKEN: z.string().regex(/^\d+:.+$/),
  TELEGRAM_WEBHOOK_SECRET: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/),
  TELEGRAM_API_ROOT: z.url().default('https://api.telegram.org'),
})
const MAX_CONNECTIONS = 100

const host = z.url({ protocol: /^https?$/ }).safeParse(process.argv[2])
const env = envSchema.safeParse(process.env)
if (!host.success) {
  console.error('Say where the coordinator is: node bot/src/set-webhook.ts https://host')
  process.exitCode = 1
} else if (!env.success) {
  const names = env.error.issues.map(({ path }) => path.join('.')).join(', ')
  console.error(`Missing or not understood in the environment: ${names}`)
  process.exitCode = 1
} else {
  const { BOT_TOKEN, TELEGRAM_WEBHOOK_SECRET, TELEGRAM_API_ROOT } = env.data
  const api = new Api(BOT_TOKEN, { apiRoot: TELEGRAM_API_ROOT.replace(/\/+$/, '') })
  const url = `${host.data.replace(/\/+$/, '')}/telegram/webhook`
  try {
    await api.setWebhook(url, {
      secret_token: TELEGRAM_WEBHOOK_SECRET,
      allowed_updates: ALLOWED_UPDATES,
      max_connections: MAX_CONNECTIONS,
    })
    console.log(`webhook set: ${url} (${await setUpBot(api)} texts changed)`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
