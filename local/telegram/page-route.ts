import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { localOnly } from './local-only.ts'
import { isFor, pageState } from './page-state.ts'
import { addTopic, edit, pressData, say, send, setLanguage, stop } from './people.ts'
import { type MediaKind, sampleMedia } from './sample-media.ts'
import { pay } from './stars.ts'
import { chatById, findMessage, type ServerEvent, type TelegramServer } from './telegram-server.ts'
import { webAppUrl } from './web-app-url.ts'

type PageOptions = { readonly miniappUrl: string | undefined }

const FILES: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
}
const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src http: https:; base-uri 'none'; form-action 'none'"
const KEEP_ALIVE_MS = 15_000
const EVENTS_WAITING_MAX = 1000

type Body = {
  readonly person: number
  readonly chat: number
  readonly threadId?: number
  readonly text?: string
  readonly messageId?: number
  readonly replyTo?: number
  readonly draftId?: number
  readonly data?: string
  readonly name?: string
  readonly kind?: MediaKind
  readonly languageCode?: string
  readonly url?: string
  readonly startParam?: string
  readonly theme?: Record<string, string>
}

/** The chat page: its files, its state, its events, and what a person does there. */
export function pageRoute(server: TelegramServer, options: PageOptions): Hono {
  const route = new Hono()
  route.use('/page/*', localOnly)
  route.get('/', () => pageFile('index.html'))
  route.get('/page/:name{[a-z-]+\\.(?:js|css|svg)}', (c) => pageFile(c.req.param('name')))
  route.get('/page/state', (c) =>
    c.json(pageState(server, Number(c.req.query('person')), options.miniappUrl)),
  )
  route.get('/page/events', (c) => {
    const personId = Number(c.req.query('person'))
    return streamSSE(c, (stream) => sendEvents(server, personId, stream))
  })
  route.post('/page/:action', async (c) => {
    const action = ACTIONS[c.req.param('action')]
    if (!action) return c.json({ ok: false, reason: 'unknown-action' }, 404)
    try {
      return c.json({ ok: true, result: action(server, await c.req.json<Body>()) ?? null })
    } catch (error) {
      return c.json({ ok: false, reason: error instanceof Error ? error.message : 'failed' }, 400)
    }
  })
  return route
}

/** What a person can do on the page. Each is one line, since people.ts tells the story. */
const ACTIONS: Readonly<Record<string, (server: TelegramServer, body: Body) => unknown>> = {
  say: (server, { text = '', replyTo, ...body }) => {
    if (!text.trim()) throw new Error('a message needs text')
    say(server, { ...placeOf(body), text, ...(replyTo ? { replyTo } : {}) })
  },
  media: (server, { kind = 'photo', ...body }) => void send(server, placeOf(body), sampleMedia(server, kind)),
  edit: (server, { chat, messageId = 0, text = '' }) => void edit(server, { chat, messageId, text }),
  press: (server, { person, chat, messageId = 0, data = '' }) =>
    void pressData(server, { from: person, chat, messageId, data }),
  pay: (server, { person, chat, messageId = 0 }) => void pay(server, { from: person, chat, messageId }),
  stop: (server, { chat, draftId }) => {
    const draft = server.drafts.all(chat).find((live) => live.draftId === draftId)
    if (draft) stop(server, draft)
  },
  topic: (server, { person, chat, name = '' }) => addTopic(server, { from: person, chat, name }),
  language: (server, { person, languageCode = 'en' }) => setLanguage(server, person, languageCode),
  'web-app': (server, { person, url = '', startParam, theme = {} }) =>
    webAppUrl(server, { personId: person, url, theme, ...(startParam ? { startParam } : {}) }),
  'web-app-data': (server, { person, chat, text = '', name = '' }) =>
    void send(server, { from: person, chat }, { web_app_data: { data: text, button_text: name } }),
  source: (server, { chat, messageId = 0 }) => findMessage(chatById(server, chat), messageId),
}

function placeOf({ person, chat, threadId }: Pick<Body, 'person' | 'chat' | 'threadId'>) {
  return { from: person, chat, ...(threadId ? { threadId } : {}) }
}

async function pageFile(name: string): Promise<Response> {
  const type = FILES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
  const bytes = await readFile(new URL(`page/${name}`, import.meta.url)).catch(() => undefined) // not there: 404
  if (!bytes) return new Response('Not found', { status: 404 })
  return new Response(bytes, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-cache',
      'content-security-policy': CONTENT_POLICY,
    },
  })
}

type Sse = {
  readonly writeSSE: (message: { data: string }) => Promise<void>
  readonly onAbort: (listener: () => void) => void
}

/** Sends events in order, one at a time, until the page goes away. */
async function sendEvents(server: TelegramServer, personId: number, stream: Sse): Promise<void> {
  const waiting: (ServerEvent | { type: 'hello' | 'still-here' })[] = [{ type: 'hello' }]
  let wake = () => {}
  let open = true
  const add = (event: ServerEvent | { type: 'still-here' }) => {
    if (waiting.length < EVENTS_WAITING_MAX) waiting.push(event)
    wake()
  }
  const unlisten = server.listen((event) => {
    if (isFor(server, personId, event)) add(event)
  })
  const timer = setInterval(() => add({ type: 'still-here' }), KEEP_ALIVE_MS)
  stream.onAbort(() => {
    open = false
    wake()
  })
  while (open) {
    const event = waiting.shift()
    if (event) await stream.writeSSE({ data: JSON.stringify(event) })
    else await new Promise<void>((resolve) => (wake = resolve))
  }
  clearInterval(timer)
  unlisten()
}
