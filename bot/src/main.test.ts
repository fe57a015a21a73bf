import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import type { Update } from 'grammy/types'
import { expect, onTestFinished, test } from 'vitest'
import { startTelegram } from '../../local/telegram/start-telegram.ts'
import { telegramRoute } from './telegram-route.ts'

const TOKEN = '123456:polling'

async function startCoordinator(webhookSecret = 'shared') {
  const received: Update[] = []
  const route = telegramRoute({
    webhookSecret,
    receive: async (_key, update) => {
      received.push(update)
    },
    log: () => undefined,
  })
  const { promise, resolve } = Promise.withResolvers<{ port: number }>()
  const options = { fetch: route.fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false }
  const server = serve(options, resolve)
  onTestFinished(() => {
    server.close()
  })
  const { port } = await promise
  return { url: `http://127.0.0.1:${port}`, received }
}

function run(file: string, args: readonly string[], env: Record<string, string>) {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { env: { PATH: process.env.PATH ?? '', ...env } })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  return { child, output: () => output, ended: endOf(child) }
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve))
}

async function startBot(secret = 'shared') {
  const telegram = await startTelegram({ token: TOKEN, rateLimits: 'off' })
  onTestFinished(telegram.close)
  const coordinator = await startCoordinator()
  const bot = run('./main.ts', [], {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    COORDINATOR_URL: coordinator.url,
    TELEGRAM_WEBHOOK_SECRET: secret,
  })
  return { telegram, coordinator, bot }
}

test('the bot announces itself once, brings updates to the coordinator, and leaves when told', async () => {
  const { telegram, coordinator, bot } = await startBot()
  await telegram.waitFor('the bot', () => bot.output().includes('\n'))
  expect(bot.output()).toBe('bot @sharnaqa_bot is listening\n')
  telegram.say('hello')
  await telegram.waitFor('the update', () => coordinator.received[0])
  expect(coordinator.received[0]?.message?.text).toBe('hello')
  const polls = telegram.calls.filter(({ method }) => method === 'getUpdates')
  expect(polls[0]?.params).toMatchObject({ timeout: 30 })
  expect(String(polls[0]?.params.allowed_updates)).toContain('stopped_message_generation')
  const commands = telegram.calls.filter(({ method }) => method === 'setMyCommands')
  expect(commands.length).toBe(3)
  bot.child.kill('SIGTERM')
  expect(await bot.ended).toBe(0)
})

test('a secret that the coordinator does not know ends it with a sentence', async () => {
  const { telegram, bot } = await startBot('another')
  await telegram.waitFor('the bot', () => bot.output().includes('listening'))
  telegram.say('hello')
  expect(await bot.ended).toBe(1)
  expect(bot.output()).toContain('TELEGRAM_WEBHOOK_SECRET is another one')
})

test('a token that Telegram does not know ends it with a sentence', async () => {
  const telegram = await startTelegram({ token: TOKEN })
  onTestFinished(telegram.close)
  const bot = run('./main.ts', ['--json'], {
    BOT_TOKEN: '1:wrong',
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_WEBHOOK_SECRET: 'shared',
  })
  expect(await bot.ended).toBe(1)
  expect(JSON.parse(bot.output())).toMatchObject({ event: 'bot-failed' })
})

test('without its environment it says what is missing', async () => {
  const bot = run('./main.ts', [], {})
  expect(await bot.ended).toBe(1)
  expect(bot.output()).toContain('BOT_TOKEN, TELEGRAM_WEBHOOK_SECRET')
})

test('a deployment sets its webhook with one command, and Telegram brings updates there', async () => {
  const telegram = await startTelegram({ token: TOKEN, rateLimits: 'off' })
  onTestFinished(telegram.close)
  const coordinator = await startCoordinator()
  const setter = run('./set-webhook.ts', [`${coordinator.url}/`], {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_WEBHOOK_SECRET: 'shared',
  })
  expect(await setter.ended).toBe(0)
  expect(setter.output()).toContain(`webhook set: ${coordinator.url}/telegram/webhook`)
  telegram.say('hello')
  await telegram.waitFor('the update', () => coordinator.received[0])
})
