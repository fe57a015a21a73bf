import { BODY_BYTES_MAX, parseChatRequest } from '../../../protocol/src/openai/chat-request.ts'
import { toProxyError } from '../network/error-reason.ts'
import { answerChat } from './answer-chat.ts'
import { type CallerHeaders, isLocalCaller } from './local-caller.ts'
import type { ProxyDeps } from './proxy-deps.ts'
import { type Reply, refuse, replyError, replyJson } from './reply.ts'

/** A request as it came, its body not read yet. */
export type ProxyRequest = {
  readonly method: string
  readonly path: string
  readonly headers: CallerHeaders
  /** The body's text, at most so many bytes; or why there is none. */
  readonly readBody: (bytesMax: number) => Promise<string | 'body-too-large' | 'invalid-json'>
  /** The caller hung up. */
  readonly signal: AbortSignal
}

const MODELS = '/v1/models'

/** Answers one request of the local endpoint. */
export async function handleRequest(deps: ProxyDeps, request: ProxyRequest): Promise<Reply> {
  const { method, path, signal } = request
  if (!isLocalCaller(request.headers)) return refuseStranger()
  switch (path) {
    case '/v1/chat/completions':
      return method === 'POST' ? chat(deps, request) : refuseMethod('POST')
    case '/v1/embeddings':
      return method === 'POST' ? refuseEmbeddings() : refuseMethod('POST')
    default: {
      if (path !== MODELS && !path.startsWith(`${MODELS}/`)) return refuse('not-found')
      return method === 'GET' ? models(deps, path.slice(MODELS.length + 1), signal) : refuseMethod('GET')
    }
  }
}

async function chat(deps: ProxyDeps, { readBody, signal }: ProxyRequest): Promise<Reply> {
  const text = await readBody(BODY_BYTES_MAX)
  if (text === 'body-too-large' || text === 'invalid-json') return refuse(text)
  const json = readJson(text)
  if (!json.ok) return refuse('invalid-json')
  const parsed = parseChatRequest(json.value)
  if (!parsed.ok) return refuse(parsed.fault.reason, parsed.fault)
  return answerChat(deps, parsed.request, signal)
}

async function models(deps: ProxyDeps, escapedId: string, signal: AbortSignal): Promise<Reply> {
  const read = await deps.listModels(signal)
  if (!read.ok) return replyError(toProxyError(read.reason))
  if (escapedId === '') return replyJson(200, JSON.stringify({ object: 'list', data: read.value }))
  const found = read.value.find(({ id }) => id === escapedId || encodeURIComponent(id) === escapedId)
  return found ? replyJson(200, JSON.stringify(found)) : refuse('unknown-model')
}

function refuseEmbeddings(): Reply {
  const message =
    'Embeddings are not sealed, so this endpoint does not send them. Ask the network itself, where its runners read them.'
  return refuse('unsupported-parameter', { param: null, code: 'unsupported_endpoint', message })
}

function refuseStranger(): Reply {
  const message = 'Only programs of this machine are answered here, by the name 127.0.0.1 or localhost.'
  const error = { message, type: 'invalid_request_error', param: null, code: 'not_local' }
  return replyJson(403, JSON.stringify({ error }))
}

function refuseMethod(allow: string): Reply {
  return refuse('method-not-allowed', {}, { allow })
}

function readJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false } // what the parser says repeats a part of the body: not for the reply, not for the log
  }
}
