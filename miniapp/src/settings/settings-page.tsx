import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import './settings.css'
import '../ui/columns.css'
import { MachinesCard } from '../sealed/machines/machines-card.tsx'
import { useSession } from '../session/session-context.tsx'
import { Page } from '../shell/page.tsx'
import { useGo } from '../shell/use-go.ts'
import { useWide } from '../ui/use-wide.ts'
import { useWords } from '../words/define-words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { AboutCard } from './about-card.tsx'
import { AppCard } from './app-card.tsx'
import { DataCard } from './data/data-card.tsx'
import { LanguageCard } from './language-card.tsx'
import { DeletedCard } from './leave/deleted-card.tsx'
import { LeaveCard } from './leave/leave-card.tsx'
import { PrivacyCard } from './privacy/privacy-card.tsx'
import { SETTINGS_WORDS } from './words/words.ts'

const DETAILS = { machines: 'machines', privacy: 'where', leave: 'leave', deleted: 'deleted-title' } as const
type Detail = keyof typeof DETAILS

/** The settings; what is stored where, and leaving, beside them, or in their place on a phone. */
export function SettingsPage(): ReactNode {
  const general = useSpeech().words
  const words = useWords(SETTINGS_WORDS)
  const session = useSession()
  const isWide = useWide()
  const go = useGo()
  const [pathname] = useLocation()
  const asked = pathname.split('/')[2] ?? ''
  const known = Object.hasOwn(DETAILS, asked) ? (asked as Detail) : undefined
  const detail = (known === 'leave' || known === 'machines') && !session ? undefined : known
  return (
    <Page
      className="settings"
      title={detail && !isWide ? words[DETAILS[detail]] : general['place-settings']}
      onBack={detail && (() => go('/settings', 'replace'))}
    >
      <div className="whole two-columns" data-detail={detail}>
        <div className="column list">
          <LanguageCard />
          <DataCard session={session} />
          <AboutCard />
          <AppCard />
        </div>
        <div className="column">
          {detail === 'machines' && session && <MachinesCard session={session} />}
          {detail === 'leave' && session && <LeaveCard session={session} />}
          {detail === 'deleted' && <DeletedCard />}
          {(detail === 'privacy' || (!detail && isWide)) && <PrivacyCard />}
        </div>
      </div>
    </Page>
  )
}
