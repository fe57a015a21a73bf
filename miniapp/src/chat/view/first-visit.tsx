import type { ReactNode } from 'react'
import { Mark } from '../../ui/mark.tsx'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { chosenOf, useChat } from '../chat-context.tsx'
import { useTierWords } from '../choice/tier-words.tsx'
import { CHAT_WORDS } from '../words/words.ts'

const EXAMPLES = ['example-1', 'example-2', 'example-3'] as const

/** A conversation before its first question: what this is, who can read, and three questions that a tap asks. */
export function FirstVisit({ onAsk }: { readonly onAsk: (text: string) => void }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { choice } = useChat()
  const tierWords = useTierWords()
  const tier = choice.picked?.choice.tier ?? 'open'
  const canAsk = chosenOf(choice) && (choice.picked?.served || choice.choices.live.state !== 'live')
  return (
    <div className="first-visit">
      <Mark />
      <h2>{words['first-line']}</h2>
      <p className="who-reads hint" data-tier={tier}>
        <TierGlyph tier={tier} />
        {tierWords(tier, choice.isSealed).reads}
      </p>
      <p className="hint">{words['first-kept']}</p>
      <ul className="examples">
        {EXAMPLES.map((id) => (
          <li key={id}>
            <button
              type="button"
              className="example"
              data-testid="example"
              disabled={!canAsk}
              onClick={() => onAsk(words[id])}
            >
              {words[id]}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
