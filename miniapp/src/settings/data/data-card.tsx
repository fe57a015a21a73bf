import type { ReactNode } from 'react'
import { personOf } from '../../chat/store/person-of.ts'
import type { Session } from '../../session/session.ts'
import { readChosenLanguage } from '../../start/chosen-language.ts'
import { readInitData } from '../../start/telegram-launch.ts'
import { SaveButton } from '../../ui/save-button.tsx'
import { useWords } from '../../words/define-words.ts'
import { Row } from '../row.tsx'
import { SETTINGS_WORDS } from '../words/words.ts'
import { readAccountCopy } from './account-copy.ts'
import { copyConversations } from './device-copy.ts'

/** What is stored, a copy of it, and its end. Without a person only the first. */
export function DataCard({ session }: { readonly session: Session | undefined }): ReactNode {
  const words = useWords(SETTINGS_WORDS)
  return (
    <section className="card rows" aria-labelledby="your-data">
      <h2 id="your-data">{words['your-data']}</h2>
      <ul>
        <Row title={words.where} hint={words['where-hint']} to="/settings/privacy" testId="to-privacy" />
        {session && (
          <Row
            title={words.machines}
            hint={words['machines-hint']}
            to="/settings/machines"
            testId="to-machines"
          />
        )}
        {session && <Row title={words.leave} to="/settings/leave" testId="to-leave" isDangerous />}
      </ul>
      {session && (
        <div className="export">
          <p className="hint">{words['export-hint']}</p>
          <SaveButton
            text={words['export-text']}
            busyText={words['export-busy']}
            savedText={words['export-saved']}
            name="sharnaqa-account.json"
            type="application/json"
            read={() => readCopy(session)}
            testId="export"
          />
        </div>
      )}
    </section>
  )
}

async function readCopy(session: Session) {
  return readAccountCopy({
    open: session.open,
    readConversations: async () => {
      const { openStore } = await import('../../chat/store/open-store.ts')
      return copyConversations(await openStore(personOf(readInitData(location.hash, sessionStorage))))
    },
    settings: { language: readChosenLanguage() },
  })
}
