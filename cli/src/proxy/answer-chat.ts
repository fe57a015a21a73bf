import type { AnswerMeta } from '../../../protocol/src/openai/answer-meta.ts'
import type { ChatRequest } from '../../../protocol/src/openai/chat-request.ts'
import { statusOfErrorBody } from '../../../protocol/src/openai/openai-error.ts'
import { toChatNeeds } from '../../../protocol/src/openai/to-chat-params.ts'
import { createChunkWriter } from '../../../protocol/src/openai/to-chunk.ts'
import { createCompletionWriter } from '../../../protocol/src/openai/to-completion.ts'
import { toProxyError } from '../network/error-reason.ts'
import type { ProxyDeps } from './proxy-deps.ts'
import { type Reply, refuse, replyError, replyJson } from './reply.ts'
import { type BrokenFrame, type RunFacts, type RunFrame, type SealedRun, startRun } from './sealed-run.ts'

const DONE = 'data: [DONE]\n\n'
const SSE_TYPE = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' }

/** Answers a chat: seals it, and gives what came out of the seal in OpenAI's shape, in one piece or as it comes. */
export async function answerChat(deps: ProxyDeps, request: ChatRequest, signal: AbortSignal): Promise<Reply> {
  if (request.tier !== undefined && request.tier !== deps.tier) {
    const message = `This endpoint seals for the tier ${deps.tier}. Leave \`tier\` out, or start it with another.`
    return refuse('invalid-request', { param: 'tier', code: 'invalid_value', message })
  }
  const run = startRun(deps, request, signal)
  const begin = { meta: metaOf(deps, request), isStream: request.stream === true }
  return begin.isStream ? answerStream(deps, run, request, begin.meta) : answerWhole(run, request, begin.meta)
}

/** An answer's meta; its job is known with its first frame only. */
type MetaOf = (facts: RunFacts) => AnswerMeta

function metaOf({ asking }: ProxyDeps, { model, stream_options: options }: ChatRequest): MetaOf {
  const createdAtS = Math.floor(asking.nowMs() / 1000)
  const includeUsage = options?.include_usage === true
  return ({ jobId }) => ({ jobId: jobId ?? 'none', model, createdAtS, includeUsage })
}

async function answerWhole({ frames, facts }: SealedRun, request: ChatRequest, meta: MetaOf): Promise<Reply> {
  let write: ReturnType<typeof createCompletionWriter> | undefined
  for await (const frame of frames) {
    if (frame.type === 'broken')
      return replyError(errorOf(frame, facts, request), { ...headersOf(facts), ...laterOf(frame) })
    write ??= createCompletionWriter(meta(facts))
    const body = write(frame)
    if (body !== '') return replyJson(statusOfErrorBody(body) ?? 200, body, headersOf(facts))
  }
  return refuse('internal') // the caller hung up: nobody reads this
}

/** Headers wait for the first words, so that they name the runner, and a refusal has its status; but not for ever. */
async function answerStream(
  deps: ProxyDeps,
  run: SealedRun,
  request: ChatRequest,
  meta: MetaOf,
): Promise<Reply> {
  const { facts } = run
  const first = firstShown(run.frames)
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, deps.headersWaitMs, 'late')
  })
  const read = await Promise.race([first, late])
  clearTimeout(timer)
  if (read !== 'late' && read?.type === 'broken') {
    await run.frames.return() // to its end, so that it is noted
    return replyError(errorOf(read, facts, request), { ...headersOf(facts), ...laterOf(read) })
  }
  return {
    status: 200,
    headers: { ...SSE_TYPE, ...(read === 'late' ? {} : headersOf(facts)) },
    body: writeEvents(run, first, { request, meta }),
  }
}

async function* writeEvents(
  { frames, facts }: SealedRun,
  first: Promise<RunFrame | undefined>,
  { request, meta }: { readonly request: ChatRequest; readonly meta: MetaOf },
): AsyncGenerator<string, void, void> {
  yield ': sealed\n\n'
  let write: ReturnType<typeof createChunkWriter> | undefined
  let named = 0
  for (let frame = await first; frame; frame = (await frames.next()).value ?? undefined) {
    for (; named < facts.runners.length; named++) yield runnerComment(facts.runners[named])
    if (frame.type === 'broken') {
      yield `data: ${JSON.stringify(errorOf(frame, facts, request).body)}\n\n${DONE}`
      continue
    }
    write ??= createChunkWriter(meta(facts))
    const text = write(frame)
    if (text !== '') yield text
  }
}

/** The first frame that a caller sees: words, or how it ended. */
async function firstShown(frames: SealedRun['frames']): Promise<RunFrame | undefined> {
  for (let read = await frames.next(); !read.done; read = await frames.next()) {
    const { type } = read.value
    if (type === 'delta' || type === 'end' || type === 'broken') return read.value
  }
  return undefined
}

/** Another runner may go on in the middle: a comment, which clients skip, names each. */
function runnerComment(runner: RunFacts['runners'][number] | undefined): string {
  return runner ? `: runner=${runner.runnerId} evidence=${runner.evidenceDigest}\n\n` : ''
}

function headersOf({ jobId, runners, isSimulated }: RunFacts): Record<string, string> {
  const runner = runners.at(-1)
  return {
    ...(jobId === undefined ? {} : { 'x-sharnaqa-job': jobId }),
    ...(runner ? { 'x-sharnaqa-runner': runner.runnerId, 'x-sharnaqa-evidence': runner.evidenceDigest } : {}),
    'x-sharnaqa-simulated': String(isSimulated),
  }
}

/** When to send it again, where the network said so; clients of OpenAI's wait for that long. */
function laterOf({ retryAfterSeconds }: BrokenFrame): Record<string, string> {
  if (retryAfterSeconds === undefined) return {}
  return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }
}

function errorOf({ reason, param }: BrokenFrame, { fault }: RunFacts, request: ChatRequest) {
  const field = param ?? (reason === 'unsupported' ? toChatNeeds(request)[0]?.param : undefined)
  return toProxyError(reason, fault, field === undefined ? {} : { param: field })
}
