import type { ReactNode } from 'react'
import { FaultWords } from '../../sealed/page/fault-words.tsx'
import { sealPath } from '../../sealed/seal-path.ts'
import { SEAL_WORDS } from '../../sealed/words/words.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useWords } from '../../words/define-words.ts'
import type { Ending } from '../conversation.ts'

/** What exactly was wrong with a sealed answer, for whoever wants to know. */
export function FaultDetails({ detail }: { readonly detail: NonNullable<Ending['detail']> }): ReactNode {
  const words = useWords(SEAL_WORDS)
  const { why, evidence } = detail
  return (
    <details className="fault-details" data-testid="fault-details">
      <summary>{words.details}</summary>
      <FaultWords why={why} />
      {evidence !== undefined && (
        <PlaceLink to={sealPath({ evidenceDigest: evidence })} className="link">
          {words['why-refused']}
        </PlaceLink>
      )}
    </details>
  )
}
