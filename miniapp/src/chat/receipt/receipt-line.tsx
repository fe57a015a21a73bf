import type { ReactNode } from 'react'
import { Amount } from '../../ui/amount.tsx'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { useTierWords } from '../choice/tier-words.tsx'
import type { Answer } from '../conversation.ts'
import { costOfAnswer } from '../estimate-price.ts'
import { CHAT_WORDS } from '../words/words.ts'

type Props = { readonly message: Answer; readonly onOpen: () => void }

/** Under an answer: who answered, what it cost, which model. A tap shows the whole receipt. */
export function ReceiptLine({ message: { tier, model, jobs, isSealed = false }, onOpen }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const tierWords = useTierWords()
  const cost = costOfAnswer(jobs)
  return (
    <button type="button" className="receipt" data-testid="receipt" data-tier={tier} onClick={onOpen}>
      <TierGlyph tier={tier} />
      <span className="receipt-tier">{tierWords(tier, isSealed).answered}</span>
      {cost !== undefined && <span>{cost === 0n && tier === 'own' ? words.free : <Amount of={cost} />}</span>}
      <bdi className="receipt-model">{model}</bdi>
    </button>
  )
}
