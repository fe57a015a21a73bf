import type { Update } from 'grammy/types'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { conversationKey, placeOf, updateSchema } from './chat/place.ts'

export type TelegramRouteDeps = {
  /** What was given to `setWebhook`. Absent: every call is refused. */
  readonly webhookSecret: string | undefined
  /** Hands an update to its conversation. Resolves once it is kept, long before it is answered. */
  readonly receive: (conversation: string, update: Update) => Promise<void>
  readonly log: (event: string, facts: Record<string, string | number | boolean | undefined>) => void
}

const BODY_BYTES_MAX = 1024 * 1024
const SECRET_HEADER = 'X-Telegram-Bot-Api-Secret-Token'

/** `POST /telegram/webhook`: checks the secret, hands the update over, answers at once. Kinds we do not handle are fine. */
export function telegramRoute({ webhookSecret, receive, log }: TelegramRouteDeps) {
  const limit = bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => c.text('too large', 413) })
  return new Hono()
    .use('/telegram/webhook', async (c, next) => {
      if (await isSame(c.req.header(SECRET_HEADER), webhookSecret)) return next()
      return c.text('unauthorized', 401)
    })
    .post('/telegram/webhook', limit, async (c) => {
      const body = updateSchema.safeParse(await c.req.json().catch(() => undefined))
      if (!body.success) return c.text('bad request', 400)
      const update = body.data as unknown as Update
      const place = findPlace(update)
      if (!place) {
        log('update-ignored', { updateId: update.update_id })
        return c.text('ok')
      }
      try {
        await receive(conversationKey(place), update)
        return c.text('ok')
      } catch (error) {
        // Not kept, so not acknowledged: Telegram brings it again.
        log('update-not-kept', {
          updateId: update.update_id,
          error: error instanceof Error ? error.name : 'unknown',
        })
        return c.text('try again', 503)
      }
    })
}

/** An update that is shaped like none of Telegram's has no place either. */
function findPlace(update: Update) {
  try {
    const place = placeOf(update)
    return place && Number.isSafeInteger(place.chatId) ? place : undefined
  } catch {
    return undefined // not Telegram's shape: there is nobody to answer
  }
}

/** Compares in constant time, by digests of equal length. False when either is missing. */
async function isSame(given: string | undefined, secret: string | undefined): Promise<boolean> {
  if (!given || !secret) return false
  const [a, b] = await Promise.all([digestOf(given), digestOf(secret)])
  let difference = 0
  for (let at = 0; at < a.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] ?? 0)
  return difference === 0
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
