import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type ChatRequest, parseChatRequest } from '../../../protocol/src/openai/chat-request.ts'
import type { ErrorFacts } from '../../../protocol/src/openai/openai-error.ts'
import { nameConversation } from './name-conversation.ts'
import { openJsonAnswer } from './open-json-answer.ts'
import type { AnswerFormat, OpenAiDeps } from './openai-deps.ts'
import { admit, type OpenAiEnv, readRequest, refuse, refuseJob } from './openai-edge-route.ts'
import { toChatJob } from './to-chat-job.ts'

/** `POST /v1/chat/completions`. The answer's bytes pass through as the job writes them. */
export function chatCompletionsRoute(deps: OpenAiDeps): Hono<OpenAiEnv> {
  return new Hono<OpenAiEnv>().post('/v1/chat/completions', admit(deps), async (c) => {
    const read = await readRequest(c, parseChatRequest)
    if (!read.ok) return read.reply
    const { request, idempotency } = read
    const { jobId, caller } = c.var
    if (request.tier === 'confidential') {
      const fault = findUnsealable(request, idempotency)
      if (fault) return refuse(c, 'unsupported-parameter', fault)
    }
    c.header('x-sharnaqa-job', jobId)
    const conversation = nameConversation(caller.accountId, request)
    const job = toChatJob(request, { jobId, caller, conversation, idempotency })
    const answer = await deps.runChatJob(job, toFormat(request, jobId, deps.nowMs()))
    if (!answer.ok) return refuseJob(c, answer)
    if (answer.jobId !== undefined) c.header('x-sharnaqa-job', answer.jobId)
    if (answer.isSimulated) c.header('x-sharnaqa-simulated', 'true')
    return request.stream === true ? answerStream(c, answer.body) : answerJson(c, answer.body)
  })
}

/**
 * What tier `confidential` does not do here. The words are sealed in this request's memory, which alone can open the answer:
 * nobody could read it again, and the same key would run it twice. `sharnaqa proxy` seals on one's own machine, and does.
 */
function findUnsealable({ linger_seconds }: ChatRequest, idempotency: unknown): ErrorFacts | undefined {
  if (idempotency) {
    const message =
      'Idempotency-Key does nothing with tier confidential: nobody but this request can open its answer. Remove it, or seal with `sharnaqa proxy`.'
    return { param: 'Idempotency-Key', message }
  }
  if (!linger_seconds) return undefined
  const message =
    'linger_seconds does nothing with tier confidential: nobody but this request can open its answer. Remove it, or seal with `sharnaqa proxy`.'
  return { param: 'linger_seconds', message }
}

function toFormat(request: ChatRequest, jobId: string, nowMs: number): AnswerFormat {
  const includeUsage = request.stream_options?.include_usage === true
  return {
    kind: request.stream === true ? 'openai-sse' : 'openai-json',
    meta: { jobId, model: request.model, createdAtS: Math.floor(nowMs / 1000), includeUsage },
  }
}

function answerStream(c: Context<OpenAiEnv>, body: ReadableStream<Uint8Array>): Response {
  c.header('content-type', 'text/event-stream; charset=utf-8')
  c.header('cache-control', 'no-store')
  c.header('x-accel-buffering', 'no')
  return c.body(body)
}

async function answerJson(c: Context<OpenAiEnv>, body: ReadableStream<Uint8Array>): Promise<Response> {
  const answer = await openJsonAnswer(body, c.req.raw.signal)
  c.header('content-type', 'application/json')
  c.header('cache-control', 'no-store')
  return c.body(answer.body, answer.status as ContentfulStatusCode)
}
