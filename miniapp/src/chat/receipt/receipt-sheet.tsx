import type { ReactNode } from 'react'
import { Sheet } from '../../ui/sheet.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useChat } from '../chat-context.tsx'
import { useConversation } from '../engine/use-engine-state.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { JobReceipt } from './job-receipt.tsx'

type Props = { readonly conversation: string; readonly position: number; readonly onClose: () => void }

/** The receipts of an answer: one for each job that wrote a part of it. */
export function ReceiptSheet({ conversation, position, onClose }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { engine } = useChat()
  const { messages } = useConversation(engine, conversation)
  const answer = messages.find((message) => message.position === position)
  const jobs = answer?.from === 'model' ? answer.jobs : []
  return (
    <Sheet title={words.receipt} onClose={onClose}>
      {answer?.from === 'model' &&
        jobs.map((job, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the jobs of an answer never move
          <section key={at}>
            {jobs.length > 1 && <h3>{fillText(words['receipt-of'], { number: at + 1 })}</h3>}
            <JobReceipt job={job} answer={answer} />
          </section>
        ))}
      {jobs.length === 0 && <p className="hint">{words['receipt-none']}</p>}
    </Sheet>
  )
}
