import { Hono } from 'hono'
import { parseEmbeddingRequest } from '../../../protocol/src/openai/embeddings.ts'
import type { JobRefusal, OpenAiDeps } from './openai-deps.ts'
import { admit, type OpenAiEnv, readRequest, refuse, refuseJob } from './openai-edge-route.ts'
import { toEmbeddingJob } from './to-embedding-job.ts'
import { toEmbeddingResponse } from './to-embedding-response.ts'

/** `POST /v1/embeddings`. */
export function embeddingsRoute(deps: OpenAiDeps): Hono<OpenAiEnv> {
  return new Hono<OpenAiEnv>().post('/v1/embeddings', admit(deps), async (c) => {
    const read = await readRequest(c, parseEmbeddingRequest)
    if (!read.ok) return read.reply
    const { request, idempotency } = read
    const { jobId, caller } = c.var
    c.header('x-sharnaqa-job', jobId)
    const made = await deps.runEmbeddingJob(toEmbeddingJob(request, { jobId, caller, idempotency }))
    if (!made.ok) return refuseJob(c, inFieldsOfEmbeddings(made))
    const meta = { model: request.model, encodingFormat: request.encoding_format ?? 'float' }
    const body = toEmbeddingResponse(meta, made.vectors, made.usage)
    if (body === undefined) return refuse(c, 'engine-failed')
    c.header('content-type', 'application/json')
    return c.body(body)
  })
}

/** What does not fit a model here is the input: there are no messages. */
function inFieldsOfEmbeddings(refusal: JobRefusal): JobRefusal {
  return refusal.reason === 'context-length-exceeded' ? { ...refusal, param: 'input' } : refusal
}
