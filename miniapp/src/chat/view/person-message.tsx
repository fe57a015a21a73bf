import { memo, type ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import type { Question } from '../conversation.ts'
import { CHAT_WORDS } from '../words/words.ts'

type Props = {
  readonly message: Question
  /** The last question shows its button at all times, the others when they are pointed at. */
  readonly isLast: boolean
  readonly onEdit: (question: Question) => void
}

/** What the person asked. */
export const PersonMessage = memo(function PersonMessage({ message, isLast, onEdit }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  return (
    <article className="message" data-testid="message" data-from="person" aria-label={words.you}>
      <button
        type="button"
        className={isLast ? 'icon-button edit' : 'icon-button edit is-shy'}
        data-testid="edit"
        aria-label={words.edit}
        title={words.edit}
        onClick={() => onEdit(message)}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="m5 19 .9-4L16.3 4.6a1.8 1.8 0 0 1 2.5 0l.6.6a1.8 1.8 0 0 1 0 2.5L9 18.1z" />
        </svg>
      </button>
      <p className="bubble" dir="auto">
        {message.text}
      </p>
    </article>
  )
})
