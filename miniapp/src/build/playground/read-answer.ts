import { parseNano } from '../../../../protocol/src/money.ts'
import type { StreamEvent } from '../../data/read-stream.ts'
import { isRecord } from '../../session/session.ts'
import type { ApiTrouble, RunEvent, Used } from './next-run.ts'

/** What one event of a streamed answer says; nothing where a client may skip it. `[DONE]` is its end. */
export function fromStreamEvent(event: StreamEvent, atMs: number): readonly RunEvent[] {
  switch (event.type) {
    case 'comment':
      return fromComment(event.text)
    case 'data':
      return event.data === '[DONE]' ? [{ type: 'ended', atMs }] : fromChunk(readJson(event.data), atMs)
    case 'closed':
    case 'broken':
      return [{ type: 'failed', trouble: BROKEN_OFF, atMs }]
    case 'too-long':
      return [{ type: 'failed', trouble: UNREADABLE, atMs }]
    default:
      return event satisfies never
  }
}

const noStatus = (code: string): ApiTrouble => ({
  status: undefined,
  code,
  message: undefined,
  param: undefined,
})
/** Nobody answered. */
export const UNREACHABLE = noStatus('unreachable')
/** The stream was over before its end. */
export const BROKEN_OFF = noStatus('broken_off')
/** What came is no answer of this API. */
export const UNREADABLE = noStatus('unreadable')

function fromComment(text: string): readonly RunEvent[] {
  if (text === 'pause') return [{ type: 'paused' }]
  const [, place, wait] = /^queued place=(\d{1,6}) wait=(\d{1,6})$/.exec(text) ?? []
  return place && wait ? [{ type: 'queued', place: Number(place), waitSeconds: Number(wait) }] : []
}

function fromChunk(chunk: unknown, atMs: number): readonly RunEvent[] {
  if (!isRecord(chunk)) return [{ type: 'failed', trouble: UNREADABLE, atMs }]
  const trouble = readTrouble(chunk, undefined)
  if (trouble) return [{ type: 'failed', trouble, atMs }]
  const [choice] = Array.isArray(chunk.choices) ? chunk.choices : []
  return [...fromChoice(choice, 'delta', atMs), ...fromUsage(chunk.usage)]
}

/** What an answer in one piece says. */
export function fromWholeAnswer(answer: unknown, atMs: number): readonly RunEvent[] {
  const [choice] = isRecord(answer) && Array.isArray(answer.choices) ? answer.choices : []
  if (!isRecord(answer) || !isRecord(choice)) return [{ type: 'failed', trouble: UNREADABLE, atMs }]
  return [...fromChoice(choice, 'message', atMs), ...fromUsage(answer.usage), { type: 'ended', atMs }]
}

function fromChoice(choice: unknown, part: 'delta' | 'message', atMs: number): readonly RunEvent[] {
  if (!isRecord(choice)) return []
  const said = isRecord(choice[part]) ? choice[part] : {}
  const text = textOf(said.content) ?? ''
  const reasoning = textOf(said.reasoning_content) ?? ''
  return [
    ...(text || reasoning ? [{ type: 'words', text, reasoning, atMs } as const] : []),
    ...(choice.finish_reason === 'length' ? [{ type: 'cut' } as const] : []),
  ]
}

function fromUsage(usage: unknown): readonly RunEvent[] {
  if (!isRecord(usage)) return []
  const used: Used = {
    promptTokens: countOf(usage.prompt_tokens),
    completionTokens: countOf(usage.completion_tokens),
    cost: parseNano(usage.cost_nano),
  }
  return [{ type: 'used', used }]
}

/** Reads an error in OpenAI's shape; undefined where there is none. */
export function readTrouble(body: unknown, status: number | undefined): ApiTrouble | undefined {
  if (!isRecord(body) || !isRecord(body.error)) return undefined
  const { code, message, param, type } = body.error
  return {
    status,
    code: textOf(code) ?? textOf(type) ?? 'failed',
    message: textOf(message),
    param: textOf(param),
  }
}

/** Reads what `GET /v1/jobs/:id` says of a job that has ended; undefined while it has not. */
export function readJobUse(job: unknown): Used | undefined {
  if (!isRecord(job) || typeof job.ended_at_ms !== 'number') return undefined
  return {
    promptTokens: countOf(job.prompt_tokens),
    completionTokens: countOf(job.completion_tokens),
    cost: parseNano(job.charge_nano),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // cut off, or not of this API
  }
}
