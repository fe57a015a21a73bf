import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import './build.css'
import './fields.css'
import './figures.css'
import type { Session } from '../session/session.ts'
import { useSession } from '../session/session-context.tsx'
import { Page } from '../shell/page.tsx'
import { useGo } from '../shell/use-go.ts'
import { OpenInTelegram } from '../ui/open-in-telegram.tsx'
import { useWide } from '../ui/use-wide.ts'
import { useWords } from '../words/define-words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { KeysSection } from './keys/keys-section.tsx'
import { PlaygroundSection } from './playground/playground-section.tsx'
import { PricesSection } from './prices/prices-section.tsx'
import { ReferenceSection } from './reference-section.tsx'
import { RequestsSection } from './requests/requests-section.tsx'
import { SectionList } from './section-list.tsx'
import { pathOf, type Section, sectionOf } from './sections.ts'
import { PersonalStart, PublicStart } from './start/start-section.tsx'
import { StatusLine } from './status-line.tsx'
import { UsageSection } from './usage/usage-section.tsx'
import { useApiStatus } from './use-build.ts'
import { BUILD_WORDS } from './words/words.ts'

/** What developers need: a list of parts on a phone, the list beside its part where there is room. */
export function BuildPage(): ReactNode {
  const general = useSpeech().words
  const words = useWords(BUILD_WORDS)
  const [pathname] = useLocation()
  const session = useSession()
  const isWide = useWide()
  const go = useGo()
  const { status } = useApiStatus()
  const section = sectionOf(pathname)
  const isAlone = section !== 'start' && !isWide
  return (
    <Page
      title={isAlone ? words[`section-${section}`] : general['place-build']}
      under={<StatusLine status={status} />}
      className="build"
      onBack={isAlone ? () => go('/build') : undefined}
    >
      {isWide && <SectionList current={section} />}
      <div className="column detail" key={pathOf(section)}>
        {session ? <PersonalPart section={section} session={session} /> : <PublicPart section={section} />}
      </div>
    </Page>
  )
}

function PersonalPart({
  section,
  session,
}: {
  readonly section: Section
  readonly session: Session
}): ReactNode {
  switch (section) {
    case 'start':
      return <PersonalStart session={session} />
    case 'keys':
      return <KeysSection session={session} />
    case 'playground':
      return <PlaygroundSection session={session} />
    case 'usage':
      return <UsageSection session={session} />
    case 'requests':
      return <RequestsSection session={session} />
    case 'prices':
      return <PricesSection />
    case 'reference':
      return <ReferenceSection />
    default:
      return section satisfies never
  }
}

function PublicPart({ section }: { readonly section: Section }): ReactNode {
  if (section === 'prices') return <PricesSection />
  if (section === 'reference') return <ReferenceSection />
  if (section === 'start') return <PublicStart />
  return <OpenInTelegram start="build" />
}
