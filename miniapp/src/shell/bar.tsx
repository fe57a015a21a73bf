import type { ReactNode } from 'react'
import { useSpeech } from '../words/words-context.tsx'
import { PlaceIcon } from './icons.tsx'
import { PlaceLink } from './place-link.tsx'
import { PLACES, type Place } from './places.ts'

const IN_BAR = PLACES.filter((place) => place !== 'settings' && place !== 'seal')

/** The way between the pages: at the bottom of a phone, at the side of a desktop. */
export function Bar({ place }: { readonly place: Place }): ReactNode {
  const { words } = useSpeech()
  return (
    <nav className="bar" aria-label={words.pages}>
      {IN_BAR.map((one) => (
        <PlaceLink key={one} to={`/${one}`} isCurrent={one === place} testId={`to-${one}`}>
          <PlaceIcon place={one} />
          <span>{words[`place-${one}`]}</span>
        </PlaceLink>
      ))}
    </nav>
  )
}
