import type { ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import type { Answer } from '../conversation.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { useTroubleWords } from './trouble-words.ts'

/** How an answer ended, where it did not simply end. */
export function EndingNote({
  message: { text, ending },
  isLast,
}: {
  readonly message: Answer
  readonly isLast: boolean
}): ReactNode {
  const words = useWords(CHAT_WORDS)
  const troubleWords = useTroubleWords()
  const { how, trouble } = ending
  if (trouble !== undefined) {
    const brokeOff = text !== '' && how === 'failed' ? `${words['broke-off']} ` : ''
    return (
      <p className="ending-note is-trouble" role={isLast ? 'alert' : undefined}>
        {brokeOff}
        {troubleWords(trouble)}
      </p>
    )
  }
  if (how === 'stopped' && text === '') return <p className="ending-note">{words['stopped-empty']}</p>
  if (how === 'cut' && isLast) return <p className="ending-note">{words['cut-here']}</p>
  return null
}
