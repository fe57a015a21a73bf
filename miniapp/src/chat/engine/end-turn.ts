import type { Answer, AnswerJob, ChatTier, KeptTurn } from '../conversation.ts'
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
    return { ...old, jobs, ending: { ...ending, how: old.ending.how } }
  }
  const continued = turn.kind === 'continue' ? old : undefined
  const isSealed = turn.tickets !== undefined && (!continued || continued.isSealed === true)
  const thought = turn.kind === 'continue' ? `${old?.reasoning ?? ''}${reasoning}` : reasoning
  return {
    conversation,
    position,
    from: 'model',
    text: joinContinued(turn.before, text),
    ...(thought === '' ? {} : { reasoning: thought }),
    atMs: nowMs,
    model: body.model,
    tier: LESS_PRIVATE.find((tier) => tier === body.tier || tier === continued?.tier) ?? body.tier,
    ...(isSealed ? { isSealed } : {}),
    ending,
    jobs,
  }
}

/** Whoever could read one part of an answer could read of it: the tier that says so comes first. */
const LESS_PRIVATE: readonly ChatTier[] = ['open', 'own', 'confidential']

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
