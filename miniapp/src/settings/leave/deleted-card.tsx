import type { ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import { SETTINGS_WORDS } from '../words/words.ts'

/** What is left to say when an account is gone. */
export function DeletedCard(): ReactNode {
  const words = useWords(SETTINGS_WORDS)
  return (
    <article className="card" data-testid="deleted">
      <h2 className="detail-title">{words['deleted-title']}</h2>
      <p>{words.deleted}</p>
    </article>
  )
}
