import { memo, type ReactNode } from 'react'
import type { Answer } from '../conversation.ts'
import { ReceiptLine } from '../receipt/receipt-line.tsx'
import { AnswerActions } from './answer-actions.tsx'
import { AnswerText } from './answer-text.tsx'
import { EndingNote } from './ending-note.tsx'
import { Thoughts } from './thoughts.tsx'

type Props = {
  readonly message: Answer
  readonly isLast: boolean
  readonly onReceipt: (position: number) => void
}

/** An answer that has ended: its text, how it ended, its receipt, and under the last one what can be done with it. */
export const ModelMessage = memo(function ModelMessage({ message, isLast, onReceipt }: Props): ReactNode {
  const { text, reasoning, position, model } = message
  return (
    <article className="message" data-testid="message" data-from="model" aria-label={model}>
      {reasoning && <Thoughts text={reasoning} />}
      {text !== '' && <AnswerText text={text} />}
      <EndingNote message={message} isLast={isLast} />
      {text !== '' && <ReceiptLine message={message} onOpen={() => onReceipt(position)} />}
      {isLast && <AnswerActions message={message} />}
    </article>
  )
})
