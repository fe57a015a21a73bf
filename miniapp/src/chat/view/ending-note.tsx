import { lazy, type ReactNode, Suspense } from 'react'
import { useWords } from '../../words/define-words.ts'
import type { Answer } from '../conversation.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { useTroubleWords } from './trouble-words.ts'

const FaultDetails = lazy(async () => ({ default: (await import('./fault-details.tsx')).FaultDetails }))

/** How an answer ended, where it did not simply end. */
export function EndingNote({
  message: { text, ending, isSealed = false },
  isLast,
}: {
  readonly message: Answer
  readonly isLast: boolean
}): ReactNode {
  const words = useWords(CHAT_WORDS)
  const troubleWords = useTroubleWords(isSealed)
  const { how, trouble, detail } = ending
  if (trouble !== undefined) {
    const brokeOff = text !== '' && how === 'failed' ? `${words['broke-off']} ` : ''
    return (
      <>
        <p className="ending-note is-trouble" role={isLast ? 'alert' : undefined}>
          {brokeOff}
          {troubleWords(trouble)}
        </p>
        <Suspense>{detail && <FaultDetails detail={detail} />}</Suspense>
      </>
    )
  }
  if (how === 'stopped' && text === '') return <p className="ending-note">{words['stopped-empty']}</p>
  if (how === 'cut' && isLast) return <p className="ending-note">{words['cut-here']}</p>
  return null
}
