import type { ReactNode } from 'react'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useWords } from '../../words/define-words.ts'
import { ADD_WORDS } from './words/words.ts'

/** What earns, and a way to see it at once. */
export function TryCard(): ReactNode {
  const words = useWords(ADD_WORDS)
  return (
    <article className="card note">
      <h2>{words['try-title']}</h2>
      <p>{words['try-how']}</p>
      <p className="hint">{words['try-free']}</p>
      <PlaceLink to="/chat" className="button as-link" testId="ask-question">
        {words['try-ask']}
      </PlaceLink>
    </article>
  )
}
