import type { ReactNode } from 'react'
import type { Session } from '../../session/session.ts'
import { useWords } from '../../words/define-words.ts'
import { KeyFieldsForm } from './key-fields.tsx'
import { useKeyChanges } from './use-key-changes.ts'
import { KEY_WORDS } from './words/words.ts'

/** Makes a key. What comes of it is shown by `KeyCreated`. */
export function NewKey({ session }: { readonly session: Session }): ReactNode {
  const words = useWords(KEY_WORDS)
  const { isBusy, trouble, create } = useKeyChanges(session)
  return (
    <KeyFieldsForm
      submit={words.create}
      submitTestId="create-key"
      isBusy={isBusy}
      trouble={trouble}
      onSubmit={create}
    />
  )
}
