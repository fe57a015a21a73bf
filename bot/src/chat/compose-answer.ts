import type { InlineKeyboardMarkup } from 'grammy/types'
import { formatTon, nano, parseNano } from '../../../protocol/src/money.ts'
import type { WordId } from '../words/en.ts'
import { type Words, wordsFor } from '../words/words.ts'
import { answerKeyboard } from './buttons.ts'
import type { Ending, Running } from './conversation-state.ts'
import { REASON_WORDS } from './reason-words.ts'
import { renderAnswer } from './render-answer.ts'
import { joinRich, plain, type RichText } from './rich-text.ts'
import { splitAnswer } from './split-answer.ts'

export type ComposedAnswer = {
  /** At least one. */
  readonly parts: readonly RichText[]
  /** Under the last part. */
  readonly keyboard?: InlineKeyboardMarkup
}

/**
 * Makes the messages of a turn that has ended. The same turn always gives the same messages, so that a delivery which
 * was interrupted goes on where it was.
 */
export function composeAnswer(running: Running): ComposedAnswer {
  const { turn, text, ending } = running
  const words = wordsFor(turn.language)
  if (turn.kind === 'notice') return { parts: [plain(words(turn.text as WordId))] }
  if (!ending) throw new Error('only a turn that has ended can be composed')
  const answer = renderAnswer(text)
  const note = answer.text ? noteBelow(words, ending) : insteadOfAnswer(words, ending)
  return {
    parts: splitAnswer(note ? joinRich(answer, note) : answer),
    keyboard: answerKeyboard(words, { seq: turn.seq, canContinue: canContinue(running), ending }),
  }
}

/** An answer can go on when it has begun and did not come to its own end. */
export function canContinue({ text, ending }: Running): boolean {
  return text.trim() !== '' && ending !== undefined && ending.finish !== 'stop'
}

/** A line under an answer that broke off. One that was stopped by its reader needs none. */
function noteBelow(words: Words, ending: Ending): RichText | undefined {
  switch (ending.finish) {
    case 'failed':
    case 'refused':
      return italic(`${words('note-failed')} ${charge(words, ending)}`)
    case 'interrupted':
      return italic(words('note-interrupted'))
    case 'stop':
    case 'length':
    case 'cancelled':
      return undefined
    default:
      return ending.finish satisfies never
  }
}

function insteadOfAnswer(words: Words, ending: Ending): RichText {
  switch (ending.finish) {
    case 'cancelled':
      return plain(`${words('stopped-empty')} ${charge(words, ending)}`)
    case 'stop':
    case 'length':
      return plain(words('empty-answer'))
    case 'failed':
    case 'refused':
    case 'interrupted': {
      const seconds = Math.ceil(ending.retryAfterSeconds ?? 0)
      const sentences = [
        words(REASON_WORDS[ending.reason ?? 'coordinator-restarted']),
        charge(words, ending),
        ...(seconds > 0 ? [words('try-later', { seconds })] : []),
      ]
      return plain(sentences.join(' '))
    }
    default:
      return ending.finish satisfies never
  }
}

function charge(words: Words, { usage }: Ending): string {
  const cost = parseNano(usage?.costNano) ?? nano(0n)
  return cost === 0n ? words('nothing-charged') : words('charged-delivered', { cost: formatTon(cost) })
}

function italic(text: string): RichText {
  return { text, entities: [{ type: 'italic', offset: 0, length: text.length }] }
}
