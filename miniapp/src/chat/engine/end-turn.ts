import type { Answer, AnswerJob, KeptTurn } from '../conversation.ts'
import { type TurnState, writtenOf } from '../turn/next-turn.ts'

/**
 * The answer that a turn leaves behind. A second answer that never came leaves the first one, with what went wrong; a
 * continuation becomes one answer with what it continues.
 */
export function answerOf(turn: KeptTurn, state: TurnState, old: Answer | undefined, nowMs: number): Answer {
  const { text, reasoning } = writtenOf(state)
  const ending = state.ending ?? { how: 'failed' }
  const jobs = [...turn.jobs, ...(isKnown(state.job) ? [state.job] : [])]
  const { conversation, position, body } = turn
  if (old && text === '' && turn.kind !== 'ask') {
    const { trouble } = ending
    return { ...old, jobs, ending: { how: old.ending.how, ...(trouble ? { trouble } : {}) } }
  }
  const isOpen = body.tier === 'open' || (turn.kind === 'continue' && old?.tier === 'open')
  const thought = turn.kind === 'continue' ? `${old?.reasoning ?? ''}${reasoning}` : reasoning
  return {
    conversation,
    position,
    from: 'model',
    text: joinContinued(turn.before, text),
    ...(thought === '' ? {} : { reasoning: thought }),
    atMs: nowMs,
    model: body.model,
    tier: isOpen ? 'open' : body.tier,
    ending,
    jobs,
  }
}

/** Puts a continuation behind what it continues. Models leave the space between two words out. */
export function joinContinued(before: string, more: string): string {
  const isBetweenWords = ENDS_A_WORD.test(before) && BEGINS_A_WORD.test(more) && !UNSPACED.test(more)
  return `${before}${isBetweenWords ? ' ' : ''}${more}`
}

const ENDS_A_WORD = /[\p{L}\p{N},;:.)؛،]$/u
const BEGINS_A_WORD = /^[\p{L}\p{N}(]/u
/** Scripts that write without spaces. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

function isKnown({ id, costNano }: AnswerJob): boolean {
  return id !== undefined || costNano !== undefined
}
