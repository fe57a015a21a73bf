import { type Dispatcher, request } from 'undici'

export type UpstreamHttp = {
  /** Without a slash and without `/v1` at its end. */
  readonly baseUrl: string
  readonly apiKey?: string
  /** From the request to the first byte of the answer, in ms: a server may have to load the model first. */
  readonly firstByteMs?: number
  /** Between two parts of an answer, in ms. */
  readonly idleMs?: number
}

const FIRST_BYTE_MS = 180_000
const IDLE_MS = 60_000
const JSON_MAX_CHARS = 64_000_000
const ERROR_MAX_CHARS = 64_000

/** `http://host:8000/v1/` and `http://host:8000` are the same server. */
export function upstreamBase(url: string): string {
  return url.replace(/\/+$/, '').replace(/\/v1$/, '')
}

/** An answer as it arrives. `chunks` throws when the server falls silent or the signal aborts. */
export type UpstreamAnswer =
  | { readonly ok: true; readonly chunks: AsyncGenerator<Uint8Array, void, void> }
  /** `text` is for choosing a reason word and goes no further. */
  | { readonly ok: false; readonly status: number; readonly text: string }

/** Sends a request. Throws when the server cannot be reached, is silent too long, or the signal aborts. */
export async function askUpstream(
  http: UpstreamHttp,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  // Not `fetch`: its streams cost each first token half a millisecond.
  const { statusCode: status, body: answer } = await request(`${http.baseUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(http.apiKey ? { authorization: `Bearer ${http.apiKey}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
    headersTimeout: http.firstByteMs ?? FIRST_BYTE_MS,
    bodyTimeout: http.idleMs ?? IDLE_MS,
  })
  const chunks = readChunks(answer)
  if (status >= 200 && status < 300) return { ok: true, chunks }
  return { ok: false, status, text: await readText(chunks, ERROR_MAX_CHARS) }
}

/** Sends a request and reads a whole JSON answer. */
export async function askUpstreamJson(
  http: UpstreamHttp,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<{ ok: true; json: unknown } | { ok: false; status: number; text: string }> {
  const answer = await askUpstream(http, path, body, signal)
  if (!answer.ok) return answer
  const json: unknown = JSON.parse(await readText(answer.chunks, JSON_MAX_CHARS))
  return { ok: true, json }
}

/** Whoever stops reading hangs up: the server need not go on. */
async function* readChunks(body: Dispatcher.ResponseData['body']): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of body) yield chunk as Uint8Array
}

async function readText(chunks: AsyncGenerator<Uint8Array, void, void>, maxChars: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > maxChars) return text.slice(0, maxChars)
  }
  return text + decoder.decode()
}
