import { type Context, Hono } from 'hono'
import type { JobId } from '../../../protocol/src/ids.ts'
import type { Caller, SealedJob } from '../jobs/chat-job.ts'
import type { Model } from '../models/model-store.ts'
import type { JobRefusal, OpenAiDeps } from '../openai-api/openai-deps.ts'
import { admit, identify, type OpenAiEnv, readRequest, refuseJob } from '../openai-api/openai-edge-route.ts'
import { readSealedChat } from './read-sealed-chat.ts'
import { SEALED_CHAT_ERRORS, type SealedChatReason } from './sealed-chat-errors.ts'

export type SealedChatDeps = Pick<OpenAiDeps, 'authenticate' | 'takeRequest' | 'newJobId' | 'nowMs'> & {
  readonly findModel: (modelId: string) => Promise<Model | undefined>
  /** Relays a sealed job: its frames as lines of JSON. `jobId`: an earlier one's, by `Idempotency-Key`. */
  readonly runSealed: (
    job: SealedJob,
  ) => Promise<
    { readonly ok: true; readonly body: ReadableStream<Uint8Array>; readonly jobId: JobId } | JobRefusal
  >
}

/** `POST /v1/sealed/chat`: a chat that only its runner can read. The answer is `RelayFrame`s, one JSON object a line. */
export function sealedChatRoute(deps: SealedChatDeps): Hono<OpenAiEnv> {
  const path = '/v1/sealed/chat'
  return new Hono<OpenAiEnv>().post(path, identify(deps), admit(deps), async (c) => {
    const read = await readRequest(c, (request) => ({ ok: true, request }))
    if (!read.ok) return read.reply
    const use = read.idempotency ? 'maybe-again' : 'new'
    const sealed = await readSealedChat(read.request, deps.nowMs(), use)
    if (!sealed.ok) return refuseSealed(c, sealed.reason, sealed.param)
    const { order } = sealed
    const model = await deps.findModel(order.model)
    if (!model) return refuseJob(c, { ok: false, reason: 'unknown-model' })
    if (model.manifestDigest !== order.header.model_manifest) return refuseSealed(c, 'sealed-model', 'model')
    const job = toSealedJob(order, { ...c.var, idempotency: read.idempotency })
    c.header('x-sharnaqa-job', job.jobId)
    const answer = await deps.runSealed(job)
    if (!answer.ok) return refuseJob(c, answer)
    c.header('x-sharnaqa-job', answer.jobId)
    return c.body(answer.body, 200, {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
  })
}

/** Makes a job of what a sealed request told, and of who sent it. */
export function toSealedJob(
  order: Omit<SealedJob, 'jobId' | 'caller' | 'idempotency'>,
  {
    jobId,
    caller,
    idempotency,
  }: {
    readonly jobId: JobId
    readonly caller: Caller
    readonly idempotency?: SealedJob['idempotency'] | undefined
  },
): SealedJob {
  return { ...order, jobId, caller, ...(idempotency === undefined ? {} : { idempotency }) }
}

function refuseSealed(c: Context<OpenAiEnv>, reason: SealedChatReason, param: string | null): Response {
  const { status, message, type, code } = SEALED_CHAT_ERRORS[reason]
  return c.json({ error: { message, type, code, param } }, status, { 'cache-control': 'no-store' })
}
