import type { AnswerFrame, JobReason } from '../answer.ts'
import { type AnswerMeta, toFinishReason } from './answer-meta.ts'
import { toJobError } from './openai-error.ts'
import { readToolCallPieces } from './tool-call-pieces.ts'
import { chatUsageJson } from './usage-json.ts'

export type { AnswerMeta } from './answer-meta.ts'

type Delta = Extract<AnswerFrame, { type: 'delta' }>
type End = Extract<AnswerFrame, { type: 'end' }>

const DONE = 'data: [DONE]\n\n'

/**
 * Makes the writer of one streamed answer: it turns each frame into server-sent events in OpenAI's shape, and is called
 * once per frame in the frames' order. The role goes with the first delta; waiting and pausing become comments, which
 * clients skip; after `end` or `refused` nothing more is written.
 */
export function createChunkWriter(meta: AnswerMeta): (frame: AnswerFrame) => string {
  const shell = chunkShell(meta)
  let begun = false
  let ended = false

  return (frame) => {
    if (ended) return ''
    switch (frame.type) {
      case 'job':
        return ''
      case 'queued':
        return `: queued place=${frame.place} wait=${Math.ceil(frame.waitSeconds)}\n\n`
      case 'pause':
        return ': pause\n\n'
      case 'delta': {
        const text = writeDelta(shell, frame, begun)
        begun ||= text !== ''
        return text
      }
      case 'refused':
        ended = true
        return errorEvent(frame.reason, frame.param)
      case 'end':
        ended = true
        return writeEnd(shell, frame, { meta, begun })
      default:
        throw new Error(`no events for frame ${(frame satisfies never as AnswerFrame).type}`)
    }
  }
}

/** The parts of a chunk that are the same in every event of one answer: `head` + members of delta + `tail`. */
type Shell = {
  readonly head: string
  readonly textHead: string
  readonly tail: string
  readonly base: string
}

function chunkShell({ jobId, model, createdAtS, includeUsage }: AnswerMeta): Shell {
  const id = JSON.stringify(`chatcmpl-${jobId}`)
  const base = `data: {"id":${id},"object":"chat.completion.chunk","created":${createdAtS},"model":${JSON.stringify(model)}`
  const head = `${base},"choices":[{"index":0,"delta":{`
  const usage = includeUsage ? ',"usage":null' : ''
  return {
    base,
    head,
    textHead: `${head}"content":`,
    tail: `},"logprobs":null,"finish_reason":null}]${usage}}\n\n`,
  }
}

const ROLE = '"role":"assistant",'

function writeDelta(shell: Shell, delta: Delta, begun: boolean): string {
  if (begun && delta.text !== '' && delta.reasoning === undefined && delta.toolCalls === undefined) {
    return shell.textHead + JSON.stringify(delta.text) + shell.tail
  }
  const members = deltaMembers(delta)
  if (members.length === 0) return ''
  const role = begun ? '' : ROLE
  const content = !begun && delta.text === '' ? ['"content":null'] : []
  return `${shell.head}${role}${[...content, ...members].join(',')}${shell.tail}`
}

function deltaMembers(delta: Delta): readonly string[] {
  const members: string[] = []
  if (delta.reasoning) members.push(`"reasoning_content":${JSON.stringify(delta.reasoning)}`)
  if (delta.text !== '') members.push(`"content":${JSON.stringify(delta.text)}`)
  const pieces = readToolCallPieces(delta.toolCalls ?? [])
  if (pieces.length > 0) members.push(`"tool_calls":${JSON.stringify(pieces)}`)
  return members
}

function writeEnd(shell: Shell, end: End, { meta, begun }: { meta: AnswerMeta; begun: boolean }): string {
  const usage = meta.includeUsage ? `${shell.base},"choices":[],"usage":${chatUsageJson(end.usage)}}\n\n` : ''
  if (end.finish === 'failed') return usage + errorEvent(end.reason ?? 'engine-failed')
  const first = begun ? '' : `${shell.head}${ROLE}"content":""${shell.tail}`
  const finish = JSON.stringify(toFinishReason(end.finish))
  const last = shell.head + shell.tail.replace('"finish_reason":null', `"finish_reason":${finish}`)
  return first + last + usage + DONE
}

function errorEvent(reason: JobReason, param?: string): string {
  return `data: ${JSON.stringify(toJobError(reason, param).body)}\n\n${DONE}`
}
