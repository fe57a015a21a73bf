import type { MiddlewareHandler } from 'hono'

/**
 * Lets in only this machine's own pages and programs.
 *
 * A foreign site in the same browser could otherwise post here, or reach us by a name that resolves to 127.0.0.1.
 */
export const localOnly: MiddlewareHandler = async (c, next) => {
  const host = c.req.header('host') ?? ''
  const origin = c.req.header('origin')
  const isLocal = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host)
  if (!isLocal || (origin !== undefined && origin !== `http://${host}`)) {
    return c.json({ ok: false, reason: 'not-from-this-machine' }, 403)
  }
  return next()
}
