import type { ReactNode } from 'react'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useChat } from '../chat-context.tsx'
import { CHAT_WORDS } from '../words/words.ts'

/** Who answers: the tier's glyph and the model. A tap shows who else could. */
export function ModelPill(): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { choice, openSheet } = useChat()
  const { picked } = choice
  const model = picked?.choice.model ?? words['no-model']
  const tier = picked?.choice.tier ?? 'open'
  return (
    <button
      type="button"
      className="model-pill"
      data-testid="model-pill"
      data-tier={tier}
      aria-label={fillText(words['model-pill'], { model, tier: words[`tier-${tier}`] })}
      onClick={() => openSheet({ sheet: 'choice' })}
    >
      <TierGlyph tier={tier} />
      <bdi>{model}</bdi>
    </button>
  )
}
