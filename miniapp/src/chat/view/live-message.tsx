import type { ReactNode } from 'react'
import { waitWords } from '../../network/wait-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useChat } from '../chat-context.tsx'
import { joinContinued } from '../engine/end-turn.ts'
import type { LiveTurn } from '../engine/live-turns.ts'
import { type TurnState, writtenOf } from '../turn/next-turn.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { AnswerText } from './answer-text.tsx'
import { Thoughts } from './thoughts.tsx'
import { useSmoothText } from './use-smooth-text.ts'

/** An answer that is being written: a thread runs under its last line. */
export function LiveMessage({ live: { turn, state } }: { readonly live: LiveTurn }): ReactNode {
  const { text, reasoning } = writtenOf(state)
  const shown = useSmoothText(joinContinued(turn.before, text))
  const isAway = state.phase === 'out-of-reach'
  return (
    <article className="message" data-testid="message" data-from="model" aria-label={turn.body.model}>
      {reasoning !== '' && <Thoughts text={reasoning} isNow={text === ''} />}
      {shown !== '' && <AnswerText text={shown} />}
      {isAway ? (
        <OutOfReach conversation={turn.conversation} hasText={shown !== ''} />
      ) : (
        <div data-testid="streaming">
          <i className={shown === '' ? 'thread is-alone' : 'thread'} />
          <StateLine state={state} />
        </div>
      )}
    </article>
  )
}

/** Says what happens where words do not come by themselves. */
function StateLine({ state }: { readonly state: TurnState }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { language } = useSpeech()
  const { phase, queue, isStopping } = state
  const say = () => {
    if (isStopping) return words.stopping
    if (phase === 'handing-over') return words['handing-over']
    if (phase !== 'queued' || !queue) return ''
    const wait = waitWords(language, queue.waitSeconds)
    const before = queue.place - 1
    if (before < 1) return fillText(words.next, { wait })
    return fillText(pluralOf(language, words.queued, before), { count: before, wait })
  }
  return (
    <p className="hint state-line" role="status">
      {say()}
    </p>
  )
}

function OutOfReach({
  conversation,
  hasText,
}: {
  readonly conversation: string
  readonly hasText: boolean
}): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { words: common } = useSpeech()
  const { engine } = useChat()
  return (
    <>
      <p className="ending-note is-trouble" role="alert">
        {words[hasText ? 'out-of-reach-half' : 'out-of-reach']}
      </p>
      <div className="answer-actions">
        <button
          type="button"
          className="pill-button"
          data-testid="retry"
          onClick={() => engine.wake(conversation)}
        >
          {hasText ? common.retry : words['send-again']}
        </button>
      </div>
    </>
  )
}
