import type { AnswerFrame } from '../answer.ts'
import type { FinishReason } from './chat-completion.ts'

/** What every piece of one answer repeats. */
export type AnswerMeta = {
  readonly jobId: string
  readonly model: string
  readonly createdAtS: number
  /** Whether a stream ends with a chunk of usage. Answers in one piece always carry it. */
  readonly includeUsage: boolean
}

type Finish = Extract<AnswerFrame, { type: 'end' }>['finish']

/** OpenAI's word for how an answer ended. One that broke off ended before its end: `length`. */
export function toFinishReason(finish: Finish): FinishReason {
  switch (finish) {
    case 'cancelled':
      return 'stop'
    case 'failed':
      return 'length'
    default:
      return finish
  }
}
