import type { ReactNode } from 'react'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { useCopy } from '../../ui/use-copy.ts'
import { useWords } from '../../words/define-words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { chosenOf, useChat } from '../chat-context.tsx'
import type { Answer } from '../conversation.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { wayOn } from './trouble-words.ts'

/** What can be done with the last answer: copy it, let it go on, ask for another one; and what helps where it failed. */
export function AnswerActions({ message }: { readonly message: Answer }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { engine, choice, openSheet } = useChat()
  const telegram = useTelegram()
  const { conversation, text, ending } = message
  const chosen = chosenOf(choice)
  const way = ending.trouble === undefined ? undefined : wayOn(ending.trouble)
  const retry = () => {
    telegram.haptic('tap')
    if (chosen) void engine.retry(conversation, chosen)
  }
  const goOn = () => {
    telegram.haptic('tap')
    if (chosen) void engine.goOn(conversation, words['continue-please'], chosen)
  }
  return (
    <div className="answer-actions">
      {text !== '' && ending.how !== 'done' && (
        <button
          type="button"
          className="pill-button"
          data-testid="continue"
          disabled={!chosen}
          onClick={goOn}
        >
          {words.continue}
        </button>
      )}
      {text === '' ? (
        <button type="button" className="pill-button" data-testid="retry" disabled={!chosen} onClick={retry}>
          {words['send-again']}
        </button>
      ) : (
        <>
          <CopyButton text={text} />
          <button
            type="button"
            className="icon-button"
            data-testid="retry"
            aria-label={words.retry}
            title={words.retry}
            disabled={!chosen}
            onClick={retry}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4" />
            </svg>
          </button>
        </>
      )}
      {way === 'choose' && (
        <button type="button" className="pill-button" onClick={() => openSheet({ sheet: 'choice' })}>
          {words['choose-another']}
        </button>
      )}
      {way === 'top-up' && (
        <PlaceLink to="/wallet" className="pill-button">
          {words['to-wallet']}
        </PlaceLink>
      )}
    </div>
  )
}

function CopyButton({ text }: { readonly text: string }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { words: common } = useSpeech()
  const { isCopied, copy } = useCopy()
  return (
    <button
      type="button"
      className="icon-button"
      data-testid="copy"
      aria-label={isCopied ? common.copied : words['copy-answer']}
      title={isCopied ? common.copied : words['copy-answer']}
      onClick={() => copy(text)}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        {isCopied ? <path d="m5 12.5 4.5 4.5L19 7.5" /> : <path d="M9 9h9.5v11H9zM15 9V4.5H5.5v11H9" />}
      </svg>
    </button>
  )
}
