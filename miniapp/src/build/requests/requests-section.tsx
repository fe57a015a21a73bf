import { type ReactNode, useId, useState } from 'react'
import './requests.css'
import type { Session } from '../../session/session.ts'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useWords } from '../../words/define-words.ts'
import { useKeys } from '../use-build.ts'
import { BUILD_WORDS } from '../words/words.ts'
import { RequestRow } from './request-row.tsx'
import { useRequests } from './use-requests.ts'

const AGE_MS = 5000

/** What was asked, the newest first: what became of it, what it cost, how long it took. */
export function RequestsSection({ session }: { readonly session: Session }): ReactNode {
  const words = useWords(BUILD_WORDS)
  const [keyId, setKeyId] = useState<number>()
  const { requests, askOlder, isAskingOlder } = useRequests(session, keyId)
  const nowMs = useNow(AGE_MS)
  return (
    <>
      <KeyFilter session={session} keyId={keyId} onChange={setKeyId} />
      <LiveView of={requests} skeleton={<Bone rows={8} />}>
        {(lines) => (
          <article className="card">
            {lines.length === 0 && <p>{words[keyId === undefined ? 'requests-none' : 'requests-none-of']}</p>}
            <ul className="rows">
              {lines.map((request) => (
                <RequestRow key={request.id} request={request} nowMs={nowMs} />
              ))}
            </ul>
            {askOlder ? (
              <button type="button" className="button quiet" disabled={isAskingOlder} onClick={askOlder}>
                {words[lines.length === 0 ? 'requests-further' : 'requests-older']}
              </button>
            ) : (
              lines.length > 0 && <p className="hint">{words['requests-end']}</p>
            )}
            <p className="hint">{words['requests-hint']}</p>
          </article>
        )}
      </LiveView>
    </>
  )
}

type FilterProps = {
  readonly session: Session
  readonly keyId: number | undefined
  readonly onChange: (keyId: number | undefined) => void
}

function KeyFilter({ session, keyId, onChange }: FilterProps): ReactNode {
  const id = useId()
  const words = useWords(BUILD_WORDS)
  const { live } = useKeys(session)
  const keys = 'value' in live ? live.value.data : []
  return (
    <div className="field beside">
      <label htmlFor={id}>{words['requests-of']}</label>
      <select
        id={id}
        value={keyId ?? ''}
        data-testid="requests-key"
        onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value))}
      >
        <option value="">{words['requests-all']}</option>
        {keys.map((key) => (
          <option key={key.id} value={key.id}>
            {key.name}
          </option>
        ))}
      </select>
    </div>
  )
}
