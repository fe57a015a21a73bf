import type { ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import { CHAT_WORDS } from '../words/words.ts'

/** What a reasoning model thought before it answered, for whoever wants to see it. */
export function Thoughts({
  text,
  isNow = false,
}: {
  readonly text: string
  readonly isNow?: boolean
}): ReactNode {
  const words = useWords(CHAT_WORDS)
  return (
    <details className="thoughts">
      <summary>{isNow ? words.thinking : words.thought}</summary>
      <p dir="auto">{text}</p>
    </details>
  )
}
