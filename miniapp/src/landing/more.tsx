import type { ReactNode } from 'react'
import { PlaceLink } from '../shell/place-link.tsx'
import { Chevron } from '../ui/chevron.tsx'
import { useWords } from '../words/define-words.ts'
import { LANDING_WORDS } from './words/words.ts'

/** What is public, and can be checked. */
export function More(): ReactNode {
  const words = useWords(LANDING_WORDS)
  return (
    <nav className="landing-more" aria-label={words.more}>
      <a className="link" href={`/reserves.html${location.search}`}>
        {words['more-reserves']}
        <Chevron />
      </a>
      <PlaceLink to="/network" className="link">
        {words['more-models']}
        <Chevron />
      </PlaceLink>
      <a className="link" href="/v1/network/live">
        {words['more-json']}
        <Chevron />
      </a>
    </nav>
  )
}
