import { type ReactNode, useState } from 'react'
import './keys.css'
import type { Session } from '../../session/session.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { Bone } from '../../ui/bones.tsx'
import { Chevron } from '../../ui/chevron.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useCreatedKey, useKeys } from '../use-build.ts'
import { KeyCreated } from './key-created.tsx'
import { KeyRow } from './key-row.tsx'
import { NewKey } from './new-key.tsx'
import { KEY_WORDS } from './words/words.ts'

const AGE_MS = 10_000

/** The person's keys: a new one, and those that work. */
export function KeysSection({ session }: { readonly session: Session }): ReactNode {
  const words = useWords(KEY_WORDS)
  const keys = useKeys(session)
  const nowMs = useNow(AGE_MS)
  const [created, keepCreated] = useCreatedKey()
  const [revoked, setRevoked] = useState<string>()
  return (
    <>
      <article className="card">
        {created ? (
          <>
            <KeyCreated created={created} onCopied={() => keepCreated(undefined)} />
            <PlaceLink to="/build" className="link">
              {words['created-try']}
              <Chevron />
            </PlaceLink>
          </>
        ) : (
          <>
            <h2>{words['new-title']}</h2>
            <NewKey session={session} />
          </>
        )}
      </article>
      <LiveView of={keys} skeleton={<Bone rows={5} />}>
        {({ data }) => (
          <article className="card">
            <h2>{words['list-title']}</h2>
            <p role="status" className="hint">
              {revoked === undefined
                ? data.length === 0 && words['list-none']
                : fillText(words.revoked, { name: revoked })}
            </p>
            <ul className="rows">
              {data.toReversed().map((one) => (
                <KeyRow key={one.id} apiKey={one} session={session} nowMs={nowMs} onRevoked={setRevoked} />
              ))}
            </ul>
          </article>
        )}
      </LiveView>
    </>
  )
}
