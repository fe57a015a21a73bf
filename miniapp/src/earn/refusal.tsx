import type { ReactNode } from 'react'
import { useFailureWords } from '../ui/failure-words.ts'
import { useWords } from '../words/define-words.ts'
import { EARN_WORDS } from './words/words.ts'

/** Why the last change was refused, in a line below its button. Nothing where it was not. */
export function Refusal({ reason }: { readonly reason: string | undefined }): ReactNode {
  const words = useWords(EARN_WORDS)
  const sayOther = useFailureWords()
  if (reason === undefined) return null
  const id = `refused-${reason}`
  return (
    <p className="bad" role="alert">
      {Object.hasOwn(words, id) ? String(words[id as keyof typeof words]) : sayOther({ reason })}
    </p>
  )
}
