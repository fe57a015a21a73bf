import type { ReactNode } from 'react'
import { sealPath } from '../../sealed/seal-path.ts'
import { SEAL_WORDS } from '../../sealed/words/words.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useWords } from '../../words/define-words.ts'
import type { AnswerJob } from '../conversation.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { CopyFact, Fact } from './fact.tsx'

/** Of a sealed answer: for which machines it was sealed, and what this device knows of each of them. */
export function SealedParts({ job }: { readonly job: AnswerJob }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const seals = useWords(SEAL_WORDS)
  return job.sealed?.map((part) => (
    <dl className="receipt-facts" key={part.requestHash} data-testid="sealed-part">
      <Fact name={words['receipt-sealed']} look="sentence">
        {words['receipt-sealed-for']}
      </Fact>
      <CopyFact name={words['receipt-runner']} text={part.runnerId} />
      <CopyFact name={words['receipt-signature']} text={part.receipt.signature} />
      <Fact name={words['receipt-evidence']}>
        <PlaceLink to={sealPath(part)} testId="evidence">
          {seals[part.kind === 'paired' ? 'why-own' : 'why']}
        </PlaceLink>
      </Fact>
    </dl>
  ))
}
