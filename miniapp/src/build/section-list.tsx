import type { ReactNode } from 'react'
import { useSession } from '../session/session-context.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { Chevron } from '../ui/chevron.tsx'
import { useWords } from '../words/define-words.ts'
import { isPublic, pathOf, SECTIONS, type Section } from './sections.ts'
import { BUILD_WORDS } from './words/words.ts'

/** The parts of the page, each with what it is for. `current` stands beside the list, where there is room for both. */
export function SectionList({ current }: { readonly current?: Section }): ReactNode {
  const words = useWords(BUILD_WORDS)
  const isKnown = useSession() !== undefined
  const listed = SECTIONS.filter(
    (section) => (current !== undefined || section !== 'start') && (isKnown || isPublic(section)),
  )
  return (
    <nav className="card section-list" aria-label={words.sections}>
      <ul className="rows">
        {listed.map((section) => (
          <li key={section}>
            <PlaceLink to={pathOf(section)} isCurrent={section === current} testId={`section-${section}`}>
              <span>
                <b>{words[`section-${section}`]}</b>
                <span className="hint">{words[`about-${section}`]}</span>
              </span>
              <Chevron />
            </PlaceLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
