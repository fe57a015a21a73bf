import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useWords } from '../../words/define-words.ts'
import { useChat } from '../chat-context.tsx'
import type { AnswerJob } from '../conversation.ts'
import { CHAT_WORDS } from '../words/words.ts'
import type { JobRecord } from './read-job.ts'
import { receiptsHere } from './receipts-here.ts'

/** What checks a receipt is loaded when somebody wants one checked. */
const VerifySteps = lazy(async () => ({
  default: (await import('../../sealed/verify/verify-steps.tsx')).VerifySteps,
}))

type Props = { readonly job: AnswerJob; readonly record: JobRecord | undefined }

/** Checks the receipts of a job on this device. Nothing where there is none. */
export function Verify({ job, record }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { session } = useChat()
  const [isOpen, setOpen] = useState(false)
  const receipts = receiptsHere(job, record)
  if (receipts.length === 0) return null
  if (!isOpen) {
    return (
      <button type="button" className="button quiet" data-testid="verify" onClick={() => setOpen(true)}>
        {words['receipt-verify']}
      </button>
    )
  }
  return (
    <Suspense>
      {receipts.map((here) => (
        <VerifySteps key={`${here.jobId}/${here.attempt}`} session={session} here={here} />
      ))}
    </Suspense>
  )
}
