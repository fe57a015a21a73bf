import type { ReactNode } from 'react'
import type { Session } from '../../session/session.ts'
import { SaveButton } from '../../ui/save-button.tsx'
import { useWords } from '../../words/define-words.ts'
import { WALLET_WORDS } from '../words/words.ts'
import { readCsv } from './read-csv.ts'

/** All lines of the account as a table. */
export function CsvButton({ session }: { readonly session: Session }): ReactNode {
  const words = useWords(WALLET_WORDS)
  return (
    <SaveButton
      text={words.csv}
      busyText={words['csv-busy']}
      savedText={words['csv-saved']}
      name="sharnaqa-transfers.csv"
      type="text/csv"
      read={() => readCsv(session)}
      testId="csv"
    />
  )
}
