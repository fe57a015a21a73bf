import { parseNano } from '../../../../protocol/src/money.ts'
import type { StreamEvent } from '../../data/read-stream.ts'
import { isRecord } from '../../session/session.ts'
import type { AnswerJob } from '../conversation.ts'
import type { TurnEvent } from './next-turn.ts'

/** Reads what the coordinator streams: OpenAI's chunks, errors in OpenAI's shape, and its comments on queue and pause. */
export function toTurnEvents(event: StreamEvent): TurnEvent[] {
  switch (event.type) {
    case 'comment':
      return fromComment(event.text)
    case 'data':
      return event.data === '[DONE]' ? [{ type: 'done' }] : fromData(event.data)
    case 'closed':
    case 'broken':
      return [{ type: 'broken' }]
    case 'too-long':
      return [{ type: 'failed', code: 'too-long' }]
    default:
      return event satisfies never
  }
}

function fromComment(text: string): TurnEvent[] {
  if (text === 'pause') return [{ type: 'paused' }]
  const [, place, wait] = /^queued place=(\d{1,6}) wait=(\d{1,6})$/.exec(text) ?? []
  return place && wait ? [{ type: 'queued', place: Number(place), waitSeconds: Number(wait) }] : []
}

function fromData(data: string): TurnEvent[] {
  const chunk = parseJson(data)
  if (!isRecord(chunk)) return [{ type: 'failed', code: 'unreadable' }]
  if (isRecord(chunk.error)) {
    const { code } = chunk.error
    return [{ type: 'failed', code: typeof code === 'string' ? code : 'failed' }]
  }
  const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined
  return [...fromChoice(choice), ...fromUsage(chunk.usage)]
}

function fromChoice(choice: unknown): TurnEvent[] {
  if (!isRecord(choice)) return []
  const delta = isRecord(choice.delta) ? choice.delta : {}
  const text = textOf(delta.content)
  const reasoning = textOf(delta.reasoning_content)
  const reason = choice.finish_reason
  return [
    ...(text || reasoning ? [{ type: 'words', text, reasoning } as const] : []),
    ...(typeof reason === 'string' ? [{ type: 'finished', isCut: reason === 'length' } as const] : []),
  ]
}

function fromUsage(usage: unknown): TurnEvent[] {
  if (!isRecord(usage)) return []
  const costNano = parseNano(usage.cost_nano)
  const used: AnswerJob = {
    ...(costNano === undefined ? {} : { costNano: String(costNano) }),
    ...(isCount(usage.prompt_tokens) ? { promptTokens: usage.prompt_tokens } : {}),
    ...(isCount(usage.completion_tokens) ? { completionTokens: usage.completion_tokens } : {}),
  }
  return [{ type: 'used', used }]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // cut off, or not of this API
  }
}
