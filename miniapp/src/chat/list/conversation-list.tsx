import { type ReactNode, useState } from 'react'
import { useWords } from '../../words/define-words.ts'
import { useChat } from '../chat-context.tsx'
import { useLibrary } from '../engine/use-engine-state.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { ConversationRow } from './conversation-row.tsx'
import { useSearch } from './use-search.ts'

/** Conversations, the newest first, with a field that finds them by their title and by what was said. */
export function ConversationList({ current }: { readonly current: string | undefined }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { engine } = useChat()
  const { conversations } = useLibrary(engine)
  const [query, setQuery] = useState('')
  const hits = useSearch(engine, query, conversations)
  const rows = hits
    ? hits.flatMap(({ conversation, excerpt }) => {
        const found = conversations.find(({ id }) => id === conversation)
        return found ? [{ conversation: found, excerpt }] : []
      })
    : conversations.map((conversation) => ({ conversation, excerpt: undefined }))
  if (conversations.length === 0) return null
  return (
    <>
      <div className="search">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.8-1.7L20 20" />
        </svg>
        <input
          type="search"
          dir={query === '' ? undefined : 'auto'}
          data-testid="search"
          aria-label={words.search}
          placeholder={words.search}
          value={query}
          onChange={({ currentTarget }) => setQuery(currentTarget.value)}
        />
      </div>
      <ul className="conversations" aria-label={words.conversations}>
        {rows.map(({ conversation, excerpt }) => (
          <ConversationRow
            key={conversation.id}
            conversation={conversation}
            excerpt={excerpt}
            isCurrent={conversation.id === current}
            isWriting={engine.view(conversation.id).live !== undefined}
          />
        ))}
      </ul>
      {hits?.length === 0 && (
        <p className="hint list-empty" role="status">
          {words['search-empty']}
        </p>
      )}
    </>
  )
}
