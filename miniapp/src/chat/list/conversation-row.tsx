import { memo, type ReactNode } from 'react'
import { PlaceLink } from '../../shell/place-link.tsx'
import { ageWords } from '../../ui/age-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useChat } from '../chat-context.tsx'
import type { Conversation } from '../conversation.ts'
import { CHAT_WORDS } from '../words/words.ts'

type Props = {
  readonly conversation: Conversation
  /** What a search found in it. */
  readonly excerpt: string | undefined
  readonly isCurrent: boolean
  readonly isWriting: boolean
}

/** One conversation in the list: its name, and what was found in it or when something was last said. */
export const ConversationRow = memo(function ConversationRow(props: Props): ReactNode {
  const { conversation, excerpt, isCurrent, isWriting } = props
  const { language } = useSpeech()
  const words = useWords(CHAT_WORDS)
  const { openSheet } = useChat()
  const { id, updatedAtMs } = conversation
  const title = conversation.title || words.untitled
  const age = ageWords(language, Date.now() - updatedAtMs)
  return (
    <li className="conversation">
      <PlaceLink to={`/chat/${id}`} isCurrent={isCurrent} testId="conversation">
        <span className="conversation-title" dir="auto">
          {title}
        </span>
        <span className="hint" dir="auto">
          {isWriting ? words.writing : (excerpt ?? age)}
        </span>
      </PlaceLink>
      <button
        type="button"
        className="icon-button"
        data-testid="conversation-menu"
        aria-label={fillText(words.menu, { title })}
        onClick={() => openSheet({ sheet: 'menu', conversation: id })}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5.5 12h.01M12 12h.01M18.5 12h.01" strokeWidth="3" />
        </svg>
      </button>
    </li>
  )
})
