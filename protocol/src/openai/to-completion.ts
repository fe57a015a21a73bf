import type { AnswerFrame } from '../answer.ts'
import { type AnswerMeta, toFinishReason } from './answer-meta.ts'
import type { ToolCallPiece } from './chat-completion.ts'
import { toJobError } from './openai-error.ts'
import { joinToolCallPieces, readToolCallPieces } from './tool-call-pieces.ts'
import { chatUsageJson } from './usage-json.ts'

type End = Extract<AnswerFrame, { type: 'end' }>
type Collected = { text: string; reasoning: string; readonly pieces: ToolCallPiece[] }

/**
 * Makes the writer of one answer in one piece: '' for each frame until the last, then the whole JSON body. An answer
 * that broke off keeps what was delivered, ends with `length` and says why under `sharnaqa`; where nothing was
 * delivered the body is an error.
 */
export function createCompletionWriter(meta: AnswerMeta): (frame: AnswerFrame) => string {
  const collected: Collected = { text: '', reasoning: '', pieces: [] }
  let ended = false

  return (frame) => {
    if (ended) return ''
    switch (frame.type) {
      case 'job':
      case 'queued':
      case 'pause':
        return ''
      case 'delta':
        collected.text += frame.text
        collected.reasoning += frame.reasoning ?? ''
        if (frame.toolCalls !== undefined) collected.pieces.push(...readToolCallPieces(frame.toolCalls))
        return ''
      case 'refused':
        ended = true
        return JSON.stringify(toJobError(frame.reason, frame.param).body)
      case 'end':
        ended = true
        return writeBody(meta, frame, collected)
      default:
        throw new Error(`no place for frame ${(frame satisfies never as AnswerFrame).type}`)
    }
  }
}

function writeBody(meta: AnswerMeta, end: End, { text, reasoning, pieces }: Collected): string {
  const calls = joinToolCallPieces(pieces, meta.jobId)
  const reason = end.reason ?? 'engine-failed'
  const isEmpty = text === '' && reasoning === '' && calls.length === 0
  if (end.finish === 'failed' && isEmpty) return JSON.stringify(toJobError(reason).body)
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
  const choice = { index: 0, message, logprobs: null, finish_reason: toFinishReason(end.finish) }
  const { jobId, model, createdAtS } = meta
  const head = { id: `chatcmpl-${jobId}`, object: 'chat.completion', created: createdAtS, model }
  const broken = end.finish === 'failed' ? `,"sharnaqa":${JSON.stringify({ reason })}` : ''
  return `${JSON.stringify({ ...head, choices: [choice] }).slice(0, -1)},"usage":${chatUsageJson(end.usage)}${broken}}`
}
