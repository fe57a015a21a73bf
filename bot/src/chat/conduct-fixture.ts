import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Api } from 'grammy'
import type { Message, Update } from 'grammy/types'
import { onTestFinished } from 'vitest'
import { assertConduct } from '../../../local/telegram/assert-conduct.ts'
import { startTelegram, type TelegramHandle } from '../../../local/telegram/start-telegram.ts'
import { YOU_ID } from '../../../local/telegram/telegram-state.ts'
import type { BotDeps } from '../bot-deps.ts'
import { answering, type FakeBotDeps, type FakeModel, fakeBotDeps, lastQuestion } from '../fake-bot-deps.ts'
import type { Notice } from '../money/notice.ts'
import { telegramRoute } from '../telegram-route.ts'
import type { Clock } from './clock.ts'
import { type Conversation, createConversation } from './conversation.ts'
import { createMemoryStorage, type MemoryStorage } from './memory-storage.ts'
import { conversationKey, privatePlace } from './place.ts'
import type { CallKind } from './telegram-gate.ts'

const TOKEN = '123456:conduct'
const SECRET = 'conduct-secret'
/** A second of the bot's and of Telegram's passes in 1000 / SPEED ms. */
const SPEED = 25

export type Scene = FakeBotDeps & {
  readonly telegram: TelegramHandle
  /** The bot's own messages in a chat, oldest first. */
  readonly answers: (chatId?: number) => Message[]
  readonly texts: (chatId?: number) => string[]
  /** Waits until all that was said is dealt with and `count` messages of the bot are in the chat. */
  readonly rest: (count: number, chatId?: number) => Promise<Message[]>
  /** Whether the bot has read a 429 for calls of this kind. */
  readonly isHeldBack: (kind: CallKind) => boolean
  /** The process dies here and now, and a new one starts when the alarm rings. */
  readonly restart: () => Promise<void>
  /** Brings an update that the stand-in cannot make. */
  readonly deliver: (update: Update) => Promise<Response>
  /** The network tells a person something, as `ConversationObject.tell` does. */
  readonly tell: (id: string, notice: Notice, telegramId?: number) => void
  readonly violations: () => string[]
  readonly clock: Clock
}

export type SceneOptions = {
  readonly model?: FakeModel
  readonly deps?: Partial<BotDeps>
  readonly rateLimits?: 'off' | 'real' | 'strict'
  /** An older Bot API server that does not know this method. */
  readonly unknownMethod?: string
}

type Life = {
  readonly conversations: Map<string, Conversation>
  readonly clock: Clock
  readonly apiRoot: string
  readonly end: () => void
}

/** The bot in this process, against the stand-in of Telegram by HTTP: webhook in, Bot API out. Time runs faster in both. */
export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const startedMs = Date.now()
  const nowMs = () => startedMs + (performance.now() - openedMs) * SPEED
  const openedMs = performance.now()
  const telegram = await startTelegram({
    token: TOKEN,
    rateLimits: options.rateLimits ?? 'strict',
    nowMs,
    webhookRetryMs: 5,
  })
  const fake = fakeBotDeps(options.model, { nowMs, ...options.deps })
  const told = new Map<string, { readonly chatId: number; readonly threadId: number }>()
  const storages = new Map<string, MemoryStorage>()
  let life = await beginLife(telegram.url, nowMs, options.unknownMethod)

  /** Wakes a conversation at a time, as its object's alarm does. */
  const ring = async (key: string, atMs: number) => {
    const { clock } = life
    await clock.sleep(Math.max(0, atMs - clock.nowMs()))
    open(key).wake()
  }
  const open = (key: string): Conversation => {
    const known = life.conversations.get(key)
    if (known) return known
    const storage = storages.get(key) ?? createMemoryStorage()
    storages.set(key, storage)
    const conversation = createConversation({
      deps: fake.deps,
      storage: { ...storage, setAlarm: (atMs) => ring(key, atMs) },
      access: { token: TOKEN, apiRoot: life.apiRoot },
      clock: life.clock,
    })
    life.conversations.set(key, conversation)
    return conversation
  }
  const route = telegramRoute({
    webhookSecret: SECRET,
    receive: async (key, update) => open(key).receive(update),
    log: () => undefined,
  })
  const { server, port } = await listen(route.fetch)
  await new Api(TOKEN, { apiRoot: telegram.url }).setWebhook(`http://127.0.0.1:${port}/telegram/webhook`, {
    secret_token: SECRET,
  })
  onTestFinished(async () => {
    life.end()
    await telegram.close()
    server.close()
  })

  const answers = (chatId?: number) =>
    telegram
      .messages(chatId)
      .filter(({ from, refunded_payment: service }) => from?.id === telegram.bot.id && !service)
  const settle = async () => {
    const heard = () => telegram.updates.every(({ state }) => state !== 'pending')
    await telegram.waitFor('all updates to be delivered', heard)
    for (const conversation of life.conversations.values()) await conversation.settled()
  }
  return {
    ...fake,
    telegram,
    clock: life.clock,
    answers,
    texts: (chatId) => answers(chatId).map(({ text = '' }) => text),
    rest: async (count, chatId) => {
      await telegram.waitFor(`${count} messages`, () => answers(chatId).length >= count)
      await settle()
      return answers(chatId)
    },
    isHeldBack: (kind) => [...storages.values()].some(({ get }) => get(`pace/${kind}`) !== undefined),
    restart: async () => {
      life.end()
      for (const [key, storage] of storages) storages.set(key, storage.reopen())
      life = await beginLife(telegram.url, nowMs, options.unknownMethod)
      for (const key of storages.keys()) open(key).wake()
    },
    deliver: async (update) =>
      route.request('/telegram/webhook', {
        method: 'POST',
        headers: { 'X-Telegram-Bot-Api-Secret-Token': SECRET },
        body: JSON.stringify(update),
      }),
    tell: (id, notice, telegramId = YOU_ID) => {
      const place = privatePlace(telegramId)
      told.set(`${telegramId}/${id}`, { chatId: telegramId, threadId: 0 })
      open(conversationKey(place)).runErrand(place, `notice/${id}`, { kind: 'notice', notice })
    },
    violations: () =>
      assertConduct({ ...telegram, announced: [...told.values()] }).map(
        ({ rule, detail }) => `${rule}: ${detail}`,
      ),
  }
}

/** One process: when it ends, its calls are never answered and its timers never ring, so nothing in it goes on. */
async function beginLife(telegramUrl: string, nowMs: () => number, unknownMethod?: string): Promise<Life> {
  let isOver = false
  const timers = new Set<NodeJS.Timeout>()
  const gateway = await openGateway(telegramUrl, unknownMethod)
  return {
    conversations: new Map(),
    apiRoot: gateway.url,
    clock: {
      nowMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (isOver) return
          if (signal?.aborted) return resolve()
          const done = () => {
            clearTimeout(timer)
            timers.delete(timer)
            if (!isOver) resolve()
          }
          const timer = setTimeout(done, ms / SPEED)
          timers.add(timer)
          signal?.addEventListener('abort', done, { once: true })
        }),
    },
    end: () => {
      isOver = true
      for (const timer of timers) clearTimeout(timer)
      gateway.cut()
    },
  }
}

/** Passes HTTP on, until it is cut: what has left arrives, and no answer comes back. */
async function openGateway(
  target: string,
  unknownMethod: string | undefined,
): Promise<{ url: string; cut: () => void }> {
  let isCut = false
  const pass = (from: IncomingMessage, to: ServerResponse) => {
    if (isCut) return
    if (unknownMethod !== undefined && from.url?.endsWith(`/${unknownMethod}`)) {
      from.resume()
      to.writeHead(404, { 'content-type': 'application/json' })
      to.end(JSON.stringify({ ok: false, error_code: 404, description: 'Not Found: method not found' }))
      return
    }
    const onward = request(`${target}${from.url}`, { method: from.method, headers: from.headers })
    onward.on('response', (response) => {
      if (isCut) {
        response.resume()
        return
      }
      to.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(to)
    })
    onward.on('error', () => isCut || to.destroy())
    from.pipe(onward)
  }
  const server = createServer(pass)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    cut: () => {
      isCut = true
    },
  }
}

async function listen(fetch: (request: Request) => Response | Promise<Response>) {
  const { promise, resolve } = Promise.withResolvers<AddressInfo>()
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false }, resolve)
  const { port } = await promise
  return { server, port }
}

/** The texts of a message's buttons, in order. */
export function buttonsOf(message: Message | undefined): string[] {
  return message?.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? []
}

/** A model that says what it was asked. */
export const echo: FakeModel = answering((request) => `You said: ${lastQuestion(request)}`)
