import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { callMethod } from './call-method.ts'
import type { Params } from './params.ts'
import type { TelegramServer } from './telegram-server.ts'

type Env = { Bindings: HttpBindings }

const UNAUTHORIZED = { ok: false, error_code: 401, description: 'Unauthorized' }

/** `/bot<token>/<method>` and `/file/bot<token>/<path>`, as api.telegram.org has them. */
export function botApiRoute(server: TelegramServer): Hono<Env> {
  const route = new Hono<Env>()
  route.on(['GET', 'POST'], '/:bot{bot[^/]+}/:method', async (c) => {
    if (c.req.param('bot') !== `bot${server.token}`) return c.json(UNAUTHORIZED, 401)
    const params = await readParams(c)
    if (!params) {
      const description = "Bad Request: can't parse request body"
      return c.json({ ok: false, error_code: 400, description }, 400)
    }
    const outcome = await callMethod(server, c.req.param('method'), params, c.req.raw.signal)
    switch (outcome.type) {
      case 'ok':
        return c.json({ ok: true, result: outcome.result })
      case 'error':
        return c.json(errorBody(outcome), outcome.code as 400)
      case 'running':
      case 'lost':
        c.env.incoming.socket.resetAndDestroy()
        return RESPONSE_ALREADY_SENT
      default:
        return outcome satisfies never
    }
  })
  route.get('/file/:bot{bot[^/]+}/:path{.+}', (c) => {
    if (c.req.param('bot') !== `bot${server.token}`) return c.json(UNAUTHORIZED, 401)
    const file = [...server.files.values()].find(({ path }) => path === c.req.param('path'))
    if (!file) return c.json({ ok: false, error_code: 404, description: 'Not Found' }, 404)
    return c.body(file.bytes, 200, { 'content-type': file.mimeType })
  })
  return route
}

function errorBody(outcome: { code: number; description: string; retryAfterS?: number }) {
  const { code, description, retryAfterS } = outcome
  const parameters = retryAfterS === undefined ? {} : { parameters: { retry_after: retryAfterS } }
  return { ok: false, error_code: code, description, ...parameters }
}

/** Reads query and body, the body winning; nothing when the body is not what its type says. */
async function readParams(c: Context<Env>): Promise<Params | undefined> {
  const query = c.req.query()
  if (c.req.method === 'GET') return query
  const type = c.req.header('content-type') ?? ''
  try {
    if (type.includes('application/json')) {
      const text = await c.req.text()
      return { ...query, ...(text ? (JSON.parse(text) as Params) : {}) }
    }
    if (type.includes('form')) return { ...query, ...(await c.req.parseBody()) }
    return query
  } catch {
    return undefined // an unreadable body is the caller's mistake and is answered as one
  }
}
