import type { MiddlewareHandler } from 'hono'

/**
 * Lets in only this machine's own pages and programs.
 *
 * Unlike the local Telegram's check it takes pages of other ports too: the Mini App talks to the development wallet.
 * A foreign site in the same browser, or a name that resolves to 127.0.0.1, is refused.
 */
export const localOnly: MiddlewareHandler = async (c, next) => {
  const host = c.req.header('host') ?? ''
  const origin = c.req.header('origin')
  const isLocal = LOCAL_HOST.test(host)
  if (!isLocal || (origin !== undefined && !LOCAL_ORIGIN.test(origin))) {
    return c.json({ ok: false, reason: 'not-from-this-machine' }, 403)
  }
  return next()
}

const LOCAL_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/
const LOCAL_ORIGIN = /^https?:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?$/
