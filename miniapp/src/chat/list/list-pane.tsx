import type { ReactNode } from 'react'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useWords } from '../../words/define-words.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { ConversationList } from './conversation-list.tsx'

/** All conversations beside the one that is open: on a desktop. */
export function ListPane({ current }: { readonly current: string | undefined }): ReactNode {
  const words = useWords(CHAT_WORDS)
  return (
    <section className="chat-list" aria-label={words.conversations}>
      <div className="list-head">
        <h2>{words.conversations}</h2>
        <NewChat />
      </div>
      <ConversationList current={current} />
    </section>
  )
}

/** Begins a conversation. */
export function NewChat(): ReactNode {
  const words = useWords(CHAT_WORDS)
  return (
    <PlaceLink to="/chat" className="icon-button" label={words['new-chat']} testId="new-chat">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M11 5H7a2.5 2.5 0 0 0-2.5 2.5v9.5A2.5 2.5 0 0 0 7 19.5h9.5A2.5 2.5 0 0 0 19 17v-4M9.5 14.5l.6-2.8 7.6-7.6a1.5 1.5 0 0 1 2.2 2.2l-7.6 7.6z" />
      </svg>
    </PlaceLink>
  )
}
