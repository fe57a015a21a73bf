import type { FetchApi } from '../../../protocol/src/sealed-client/http-network.ts'
import type { NetworkReply } from '../../../protocol/src/sealed-client/sealed-network.ts'
import { reasonOfError } from './error-reason.ts'

const ERROR_BYTES_MAX = 100_000

/** How long the network may take until its answer begins; a sealed chat waits up to 90 s for a runner, ms. */
const HEADERS_WAIT_MS = 120_000

/** Asks the coordinator at `origin`, with the API key where there is one. Never follows a redirect: the key stays here. */
export function createCoordinatorApi({
  origin,
  key,
  fetch = globalThis.fetch,
}: {
  readonly origin: string
  readonly key?: string | undefined
  readonly fetch?: typeof globalThis.fetch
}): FetchApi {
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
  return async (path, { method = 'GET', body, headers = {}, signal }) => {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), HEADERS_WAIT_MS)
    try {
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: { ...headers, ...authorization },
        redirect: 'error',
        signal: AbortSignal.any(signal ? [signal, late.signal] : [late.signal]),
        ...(body === undefined ? {} : { body }),
      })
      return response.ok ? { ok: true, value: response } : await readRefusal(response)
    } catch {
      return { ok: false, reason: 'unreachable' } // refused connection, unknown host, or nobody answered in time
    } finally {
      clearTimeout(timer)
    }
  }
}

async function readRefusal(response: Response): Promise<NetworkReply<never>> {
  const text = await response.text().then(
    (all) => all.slice(0, ERROR_BYTES_MAX),
    () => '', // it broke off: the status says enough
  )
  const retryAfterSeconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const later = retryAfterSeconds >= 0 ? { retryAfterSeconds } : {}
  return { ok: false, ...reasonOfError(response.status, text), ...later }
}
