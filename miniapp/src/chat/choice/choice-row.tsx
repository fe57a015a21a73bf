import type { ReactNode } from 'react'
import { formatTon } from '../../../../protocol/src/money.ts'
import { wordsPrice } from '../../network/price-words.ts'
import { speedWords } from '../../network/speed-words.ts'
import { waitWords } from '../../network/wait-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import type { Choice } from '../conversation.ts'
import { CHAT_WORDS } from '../words/words.ts'
import type { ModelChoice } from './model-choice.ts'

type Props = {
  readonly one: ModelChoice
  readonly isChosen: boolean
  readonly onChoose: (choice: Choice) => void
}

/** One model in one tier, to be chosen. */
export function ChoiceRow({ one, isChosen, onChoose }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { language } = useSpeech()
  const { model, tier, price, freeSlots, waitSeconds } = one
  const wait =
    freeSlots > 0
      ? words['wait-none']
      : fillText(words['wait-about'], { wait: waitWords(language, waitSeconds) })
  return (
    <li>
      <button
        type="button"
        className="choice"
        data-testid="choice"
        data-model={model}
        data-tier={tier}
        aria-pressed={isChosen}
        onClick={() => onChoose(one)}
      >
        <bdi className="choice-name">{model}</bdi>
        <span className="hint">
          {tier === 'own' ? (
            words['choice-free']
          ) : (
            <Sentence
              text={words['choice-price']}
              price={<bdi dir="ltr">{formatTon(wordsPrice({ kind: 'chat', price }))}</bdi>}
            />
          )}
        </span>
        <span className="hint">
          {words[speedWords(one)]} · {wait}
        </span>
        {isChosen && (
          <svg className="chosen" viewBox="0 0 24 24" aria-hidden="true">
            <path d="m5 12.5 4.5 4.5L19 7.5" />
          </svg>
        )}
      </button>
    </li>
  )
}
