import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type HttpBindings, serve } from '@hono/node-server'
import type { UserFromGetMe } from 'grammy/types'
import { Hono } from 'hono'
import { botApiRoute } from './bot-api-route.ts'
import { callMethod } from './call-method.ts'
import { controlOf, type TelegramControl } from './control.ts'
import { controlRoute } from './control-route.ts'
import { DraftBook } from './draft-book.ts'
import { FaultPlan } from './faults.ts'
import { pageRoute } from './page-route.ts'
import { type RateLimitMode, RateLimits } from './rate-limits.ts'
import type { ServerEvent, TelegramServer } from './telegram-server.ts'
import { loadState, saveState } from './telegram-state.ts'
import { UpdateQueue } from './update-queue.ts'

export type TelegramOptions = {
  readonly port?: number // 0: any free one
  readonly token: string // "<bot id>:<secret>"
  readonly botUsername?: string
  readonly botName?: string
  readonly stateFile?: string // nothing survives without it
  readonly miniappUrl?: string // opened by the page's menu button when the bot has set none
  readonly rateLimits?: RateLimitMode // 'real' when missing
  readonly draftLifeMs?: number // 30 s when missing, as in Telegram
  readonly callbackLifeMs?: number // 30 s when missing
  readonly checkoutLifeMs?: number // how long a bot may think about a payment; 10 s when missing
  readonly webhookRetryMs?: number // the first wait after a failed delivery; doubles up to a minute
  readonly webhookTimeoutMs?: number
  readonly topicsEnabled?: boolean // topics in private chats; true when missing
  readonly readsAllGroupMessages?: boolean // privacy mode off; false when missing
  readonly nowMs?: () => number
}

export type TelegramHandle = TelegramControl & {
  readonly url: string // the Bot API's root and the chat page
  readonly token: string
  readonly close: () => Promise<void>
}

type App = { Bindings: HttpBindings }

const DRAFT_LIFE_MS = 30_000
const CALLBACK_LIFE_MS = 30_000
const CHECKOUT_LIFE_MS = 10_000
const WEBHOOK_RETRY_MS = 1000
const WEBHOOK_TIMEOUT_MS = 20_000

/** Starts the stand-in on 127.0.0.1: the Bot API, the chat page at `/`, and `/control/*` for tests. */
export async function startTelegram(options: TelegramOptions): Promise<TelegramHandle> {
  const { server, close } = createServer(options)
  const app = new Hono<App>()
  app.route('/control', controlRoute(server))
  app.route('/', pageRoute(server, { miniappUrl: options.miniappUrl }))
  app.route('/', botApiRoute(server))
  app.notFound((c) => c.json({ ok: false, error_code: 404, description: 'Not Found' }, 404))
  const listening = Promise.withResolvers<AddressInfo>()
  const http = serve(
    {
      fetch: app.fetch,
      port: options.port ?? 0,
      hostname: '127.0.0.1',
      overrideGlobalObjects: false,
    },
    listening.resolve,
  )
  http.once('error', listening.reject)
  const { port } = await listening.promise
  return {
    ...controlOf(server),
    url: `http://127.0.0.1:${port}`,
    token: options.token,
    close: async () => {
      close()
      const closed = Promise.withResolvers<void>()
      http.close(() => closed.resolve())
      if ('closeAllConnections' in http) http.closeAllConnections()
      await closed.promise
    },
  }
}

function createServer(options: TelegramOptions): { server: TelegramServer; close: () => void } {
  const state = loadState(options.stateFile)
  const saver = saverOf(options.stateFile, () => state)
  const nowMs = options.nowMs ?? Date.now
  const listeners = new Set<(event: ServerEvent) => void>()
  const emit = (event: ServerEvent) => {
    for (const listener of listeners) listener(event)
  }
  const queue = new UpdateQueue({
    state,
    nowMs,
    save: saver.save,
    callFromWebhook: (method, params) =>
      void callMethod(server, method, params, new AbortController().signal),
    retryBaseMs: options.webhookRetryMs ?? WEBHOOK_RETRY_MS,
    webhookTimeoutMs: options.webhookTimeoutMs ?? WEBHOOK_TIMEOUT_MS,
  })
  const drafts = new DraftBook({
    lifeMs: options.draftLifeMs ?? DRAFT_LIFE_MS,
    onGone: (draft) => emit({ type: 'draft-gone', chatId: draft.chatId, draft }),
  })
  const server: TelegramServer = {
    token: options.token,
    bot: botOf(options),
    state,
    queue,
    limits: new RateLimits(options.rateLimits ?? 'real'),
    faults: new FaultPlan(),
    drafts,
    calls: [],
    callbacks: new Map(),
    callbackLifeMs: options.callbackLifeMs ?? CALLBACK_LIFE_MS,
    checkouts: new Map(),
    checkoutLifeMs: options.checkoutLifeMs ?? CHECKOUT_LIFE_MS,
    files: new Map(),
    nowMs,
    save: saver.save,
    emit,
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  queue.wake()
  const close = () => {
    queue.close()
    drafts.close()
    saver.flush()
  }
  return { server, close }
}

function botOf(options: TelegramOptions): UserFromGetMe {
  return {
    id: Number.parseInt(options.token, 10),
    is_bot: true,
    first_name: options.botName ?? 'Sharnaqa',
    username: options.botUsername ?? 'sharnaqa_bot',
    can_join_groups: true,
    can_read_all_group_messages: options.readsAllGroupMessages ?? false,
    supports_inline_queries: true,
    supports_guest_queries: true,
    can_connect_to_business: false,
    has_main_web_app: options.miniappUrl !== undefined,
    has_topics_enabled: options.topicsEnabled ?? true,
    allows_users_to_create_topics: options.topicsEnabled ?? true,
    can_manage_bots: false,
    supports_join_request_queries: false,
  }
}

/** Saves after the changes of one tick together; `flush` saves what is still waiting. */
function saverOf(file: string | undefined, state: () => Parameters<typeof saveState>[1]) {
  let waiting: NodeJS.Immediate | undefined
  const write = () => {
    waiting = undefined
    if (file) saveState(file, state())
  }
  return {
    save: () => {
      if (file) waiting ??= setImmediate(write)
    },
    flush: () => {
      if (!waiting) return
      clearImmediate(waiting)
      write()
    },
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8081' },
      token: { type: 'string', default: '123456:local' },
      username: { type: 'string' },
      state: { type: 'string' },
      miniapp: { type: 'string' },
      limits: { type: 'string', default: 'real' },
    },
  })
  const limits = (['off', 'real', 'strict'] as const).find((mode) => mode === values.limits)
  if (!limits) throw new Error('--limits is one of off, real, strict')
  const telegram = await startTelegram({
    port: Number(values.port),
    token: values.token,
    rateLimits: limits,
    ...(values.username ? { botUsername: values.username } : {}),
    ...(values.state ? { stateFile: values.state } : {}),
    ...(values.miniapp ? { miniappUrl: values.miniapp } : {}),
  })
  console.log(`Telegram stand-in: ${telegram.url}`)
  const stop = () => void telegram.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
