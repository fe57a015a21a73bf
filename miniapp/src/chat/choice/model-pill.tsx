import type { ReactNode } from 'react'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useChat } from '../chat-context.tsx'
import { CHAT_WORDS } from '../words/words.ts'

/** Who answers: the tier's glyph and the model. A tap shows who else could. */
export function ModelPill(): ReactNode {
  const words = useWords(CHAT_WORDS)
  const general = useSpeech().words
  const { choice, openSheet } = useChat()
  const { picked, choices } = choice
  const isLoading = picked === undefined && choices.live.state === 'loading'
  const model = picked?.choice.model ?? (isLoading ? general.loading : words['no-model'])
  const tier = picked?.choice.tier ?? 'open'
  return (
    <button
      type="button"
      className="model-pill"
      data-testid="model-pill"
      data-tier={tier}
      aria-busy={isLoading}
      aria-label={fillText(words['model-pill'], { model, tier: words[`tier-${tier}`] })}
      onClick={() => openSheet({ sheet: 'choice' })}
    >
      <TierGlyph tier={tier} />
      {isLoading ? <i className="pill-bone" /> : <bdi>{model}</bdi>}
    </button>
  )
}
