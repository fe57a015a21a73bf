import type { FetchApi } from '../../../protocol/src/sealed-client/http-network.ts'
import type { Session } from '../session/session.ts'
import { reasonOfCode } from './reasons.ts'

/** Asks the coordinator as a person. The session sends JSON of its own: a body is taken apart for it. */
export function fetchAsPerson({ open }: Pick<Session, 'open'>): FetchApi {
  return async (path, { method = 'GET', body, headers = {}, signal }) => {
    const idempotencyKey = headers['idempotency-key']
    const reply = await open(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.parse(body) as unknown }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(signal ? { signal } : {}),
    })
    return reply.ok ? reply : { ok: false, reason: reasonOfCode(reply.reason) }
  }
}

/** Asks for what anybody may know. */
export function fetchAsAnybody(fetch: typeof globalThis.fetch): FetchApi {
  return async (path, { signal }) => {
    try {
      const response = await fetch(path, { cache: 'no-store', ...(signal ? { signal } : {}) })
      return response.ok ? { ok: true, value: response } : { ok: false, reason: await readReason(response) }
    } catch {
      return { ok: false, reason: 'unreachable' } // offline, or left
    }
  }
}

async function readReason(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error?: { code?: unknown } }
    return typeof error?.code === 'string' ? reasonOfCode(error.code) : 'failed'
  } catch {
    return 'failed' // an error page, or no body at all
  }
}
