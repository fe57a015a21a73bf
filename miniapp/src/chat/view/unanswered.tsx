import type { ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import { chosenOf, useChat } from '../chat-context.tsx'
import { CHAT_WORDS } from '../words/words.ts'

/** Under a question whose answer never began, as when the device lost what it kept of it. */
export function Unanswered({ conversation }: { readonly conversation: string }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { engine, choice } = useChat()
  const chosen = chosenOf(choice)
  return (
    <div className="message">
      <p className="ending-note">{words.unanswered}</p>
      <button
        type="button"
        className="pill-button"
        data-testid="retry"
        disabled={!chosen}
        onClick={() => chosen && engine.retry(conversation, chosen)}
      >
        {words['send-again']}
      </button>
    </div>
  )
}
