import type { ReactNode } from 'react'
import { PlaceLink } from '../shell/place-link.tsx'
import { useWords } from '../words/define-words.ts'
import { NETWORK_WORDS } from './words/words.ts'

/** Nobody is here: what that means, and the one way on. */
export function NetworkEmpty(): ReactNode {
  const words = useWords(NETWORK_WORDS)
  return (
    <div className="card note field-place">
      <p>{words.empty}</p>
      <p className="hint">{words['empty-next']}</p>
      <PlaceLink to="/earn" className="button as-link">
        {words['empty-action']}
      </PlaceLink>
    </div>
  )
}
