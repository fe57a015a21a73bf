/** What a request to the coordinator came to. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  /** `sentence` is the coordinator's own, for people. */
  | { readonly ok: false; readonly reason: string; readonly sentence: string | undefined }

export type Session = {
  /** Asks the coordinator as this person. Never throws: no answer is the reason `unreachable`. */
  readonly ask: <T>(
    path: string,
    parse: (value: unknown) => T | undefined,
    init?: AskInit,
  ) => Promise<Reply<T>>
  /**
   * The same, for answers that are read while they are written: gives the open response of status 2xx. Its reader decides
   * how long it may take.
   */
  readonly open: (path: string, init?: AskInit) => Promise<Reply<Response>>
}

export type AskInit = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
  /** `as-response`: `open` gives an answer of any status, for whoever shows a refusal as it came. */
  readonly refusals?: 'as-response'
}

export type SessionDeps = {
  readonly fetch: typeof globalThis.fetch
  /** What Telegram signed at the start of the Mini App. */
  readonly initData: string
}

const ANSWER_TIMEOUT_MS = 15_000

/**
 * Logs in with Telegram's initData when something is first asked, and again when the session has ended. The token stays
 * in memory.
 */
export function createSession({ fetch, initData }: SessionDeps): Session {
  let login: Promise<Reply<string>> | undefined

  const request = (path: string, token: string | undefined, init: AskInit): Promise<Response> => {
    const { method = 'GET', body, idempotencyKey, signal } = init
    return fetch(path, {
      method,
      cache: 'no-store',
      ...(signal ? { signal } : {}),
      headers: {
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
  const send = async (path: string, token: string | undefined, init: AskInit): Promise<Answer> => {
    const late = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
    const signal = init.signal ? AbortSignal.any([init.signal, late]) : late
    try {
      return await readAnswer(await request(path, token, { ...init, signal }))
    } catch {
      return UNREACHABLE // offline, too slow, or left
    }
  }
  const logIn = async (): Promise<Reply<string>> => {
    const answer = await send('/v1/session', undefined, { method: 'POST', body: { init_data: initData } })
    return readReply(answer, (value) =>
      isRecord(value) && typeof value.token === 'string' ? value.token : undefined,
    )
  }
  /** Asks with a session; once more with a new one where it has ended. */
  const asPerson = async <Got extends { readonly status: number }>(
    get: (token: string) => Promise<Got>,
  ): Promise<Reply<Got>> => {
    for (let tries = 1; ; tries++) {
      login ??= logIn()
      const token = await login
      if (!token.ok) {
        login = undefined
        return token
      }
      const got = await get(token.value)
      if (got.status !== 401 || tries > 1) return { ok: true, value: got }
      login = undefined
    }
  }
  return {
    ask: async (path, parse, init = {}) => {
      const answer = await asPerson((token) => send(path, token, init))
      return answer.ok ? readReply(answer.value, parse) : answer
    },
    open: async (path, init = {}) => {
      // Without an answer the status is 0, as `readReply` knows it.
      const opened = await asPerson((token) => request(path, token, init).catch(() => Response.error()))
      if (!opened.ok || opened.value.ok) return opened
      if (init.refusals === 'as-response' && opened.value.status !== 0) return opened
      return readReply<never>(await readAnswer(opened.value), () => undefined)
    },
  }
}

const UNREACHABLE: Answer = { status: 0, json: undefined }

type Answer = { readonly status: number; readonly json: unknown }

async function readAnswer(response: Response): Promise<Answer> {
  const json: unknown = await response.json().catch(() => undefined) // an error page, or no body at all
  return { status: response.status, json }
}

function readReply<T>({ status, json }: Answer, parse: (value: unknown) => T | undefined): Reply<T> {
  if (status === 0) return { ok: false, reason: 'unreachable', sentence: undefined }
  if (status < 200 || status > 299) {
    const error = isRecord(json) && isRecord(json.error) ? json.error : {}
    return {
      ok: false,
      reason: typeof error.code === 'string' ? error.code : 'failed',
      sentence: typeof error.message === 'string' ? error.message : undefined,
    }
  }
  const value = parse(json)
  return value === undefined ? { ok: false, reason: 'failed', sentence: undefined } : { ok: true, value }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
