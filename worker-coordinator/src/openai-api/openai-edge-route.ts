import type { Context, MiddlewareHandler } from 'hono'
import type { JobId } from '../../../protocol/src/ids.ts'
import { BODY_BYTES_MAX } from '../../../protocol/src/openai/chat-request.ts'
import {
  type ErrorFacts,
  type ErrorReason,
  type OpenAiError,
  toJobError,
  toOpenAiError,
} from '../../../protocol/src/openai/openai-error.ts'
import type { ParsedRequest } from '../../../protocol/src/openai/request-fault.ts'
import type { Caller } from '../jobs/chat-job.ts'
import type { JobRefusal, OpenAiDeps } from './openai-deps.ts'
import { readBodyText } from './read-body.ts'
import { readIdempotency } from './read-idempotency.ts'

/** What the handlers of this API find in their context. */
export type OpenAiEnv = { Variables: { jobId: JobId; caller: Caller } }

/** Gives each request its id: the job's, should it become one. */
export function identify(deps: Pick<OpenAiDeps, 'newJobId'>): MiddlewareHandler<OpenAiEnv> {
  return async (c, next) => {
    const jobId = deps.newJobId()
    c.set('jobId', jobId)
    c.header('x-request-id', jobId.replace(/^job_/, 'req_'))
    await next()
  }
}

/** Lets in who has a key and has not asked too often. */
export function admit(deps: Pick<OpenAiDeps, 'authenticate' | 'takeRequest'>): MiddlewareHandler<OpenAiEnv> {
  return async (c, next) => {
    const known = await deps.authenticate(c.req.header('authorization'))
    if (!known.ok) {
      c.header('www-authenticate', 'Bearer')
      return refuse(c, 'unauthorized')
    }
    const { allowed, limit, remaining, resetSeconds } = deps.takeRequest(known.caller)
    c.header('x-ratelimit-limit-requests', String(limit))
    c.header('x-ratelimit-remaining-requests', String(remaining))
    c.header('x-ratelimit-reset-requests', `${resetSeconds}s`)
    if (!allowed) {
      c.header('retry-after', String(Math.max(1, Math.ceil(resetSeconds))))
      return refuse(c, 'rate-limited')
    }
    c.set('caller', known.caller)
    return next()
  }
}

/** A body that was read and parsed, or the reply that refuses it. */
type ReadRequest<T> =
  | { readonly ok: true; readonly request: T; readonly idempotency: Idempotency | undefined }
  | { readonly ok: false; readonly reply: Response }
type Idempotency = { readonly keyHash: string; readonly fingerprint: string }

/** Reads the request of a POST: its bytes within their bound, its JSON, its fields, its `Idempotency-Key`. */
export async function readRequest<T>(
  c: Context<OpenAiEnv>,
  parse: (body: unknown) => ParsedRequest<T>,
): Promise<ReadRequest<T>> {
  const body = await readBodyText(c.req.raw, BODY_BYTES_MAX)
  if (!body.ok) return { ok: false, reply: refuse(c, body.reason) }
  const json = readJson(body.text)
  if (!json.ok) return { ok: false, reply: refuse(c, 'invalid-json') }
  const parsed = parse(json.value)
  if (!parsed.ok) return { ok: false, reply: refuse(c, parsed.fault.reason, parsed.fault) }
  const read = await readIdempotency(c.req.header('idempotency-key'), body.text)
  if (!read.ok) return { ok: false, reply: refuse(c, 'invalid-request', read.facts) }
  return { ok: true, request: parsed.request, idempotency: read.idempotency }
}

function readJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false } // what the parser says repeats a part of the body: not for the reply, not for the log
  }
}

/** Answers with an error in OpenAI's shape. */
export function refuse(c: Context<OpenAiEnv>, reason: ErrorReason, facts?: ErrorFacts): Response {
  return answerError(c, toOpenAiError(reason, facts))
}

/** Answers for a job that was refused. */
export function refuseJob(c: Context<OpenAiEnv>, refusal: JobRefusal): Response {
  const { reason, param, retryAfterSeconds } = refusal
  if (retryAfterSeconds !== undefined) {
    c.header('retry-after', String(Math.max(1, Math.ceil(retryAfterSeconds))))
  }
  return answerError(c, toJobError(reason, param))
}

function answerError(c: Context<OpenAiEnv>, { status, body, retry }: OpenAiError): Response {
  if (retry === 'never') c.header('x-should-retry', 'false')
  return c.json(body, status)
}
