import { type Bytes, concatBytes } from '../../../../protocol/src/bytes.ts'
import { type Clock, pause } from '../../clock.ts'
import { type Made, made, notMade } from './tee.ts'

export type FetchDeps = { readonly clock: Clock; readonly fetchUrl: typeof fetch }

/** A whole answer. */
export type Fetched = { readonly bytes: Bytes; readonly headers: Headers }

const TIMEOUT_MS = 15_000
/** How often a server is asked that does not answer, or that says that it is busy. */
const TRIES = 3
const RETRY_WAIT_MS = 1000

/** Fetches one document of bounded size. Reasons: `unreachable`, `refused`, `too-large`. */
export async function fetchBounded(
  { clock, fetchUrl }: FetchDeps,
  url: string,
  bytesMax: number,
): Promise<Made<Fetched>> {
  for (let tries = 1; ; tries++) {
    const fetched = await fetchOnce(fetchUrl, url, bytesMax)
    if (fetched.ok || fetched.reason !== 'unreachable' || tries === TRIES) return fetched
    await pause(clock, RETRY_WAIT_MS * 2 ** (tries - 1), new AbortController().signal)
  }
}

async function fetchOnce(fetchUrl: typeof fetch, url: string, bytesMax: number): Promise<Made<Fetched>> {
  try {
    const response = await fetchUrl(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (response.status === 429 || response.status >= 500) return notMade('unreachable')
    if (!response.ok) return notMade('refused')
    const bytes = await readBounded(response, bytesMax)
    return bytes ? made({ bytes, headers: response.headers }) : notMade('too-large')
  } catch {
    return notMade('unreachable') // nobody there, too late, or it broke off
  }
}

/** Reads a body; undefined where it is longer. */
export async function readBounded(response: Response, bytesMax: number): Promise<Bytes | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > bytesMax) return undefined
    parts.push(part)
  }
  return concatBytes(...parts)
}
