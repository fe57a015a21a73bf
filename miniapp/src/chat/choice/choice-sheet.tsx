import type { ReactNode } from 'react'
import { useConfirmed } from '../../sealed/use-sealed.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { useChat } from '../chat-context.tsx'
import type { ChatTier, Choice } from '../conversation.ts'
import { useConversation } from '../engine/use-engine-state.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { ChoiceRow } from './choice-row.tsx'
import { CHAT_TIERS, isSealedChoice, type ModelChoice } from './model-choice.ts'
import { SealLine } from './seal-line.tsx'
import { SimulatedHere } from './simulated-here.tsx'
import { useTierWords } from './tier-words.tsx'

type Props = { readonly conversation: string | undefined; readonly onClose: () => void }

/** Who can answer, by who can read: for how much, how fast, and how soon. */
export function ChoiceSheet({ conversation, onClose }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { choice } = useChat()
  const confirmed = useConfirmed()
  const telegram = useTelegram()
  const choose = (one: Choice) => {
    telegram.haptic('select')
    choice.choose({ model: one.model, tier: one.tier })
    onClose()
  }
  return (
    <Sheet title={words['choose-title']} onClose={onClose}>
      <LiveView
        of={choice.choices}
        skeleton={
          <>
            <Bone rows={2} />
            <Bone rows={2} />
          </>
        }
      >
        {(choices) => (
          <>
            {choices.length === 0 && <p>{words['nobody-at-all']}</p>}
            {CHAT_TIERS.map((tier) => (
              <TierChoices
                key={tier}
                tier={tier}
                choices={choices.filter((one) => one.tier === tier)}
                isSealed={isSealedChoice(tier, confirmed)}
                chosen={choice.picked?.choice}
                onChoose={choose}
              />
            ))}
          </>
        )}
      </LiveView>
      {conversation !== undefined && <TakesAlong conversation={conversation} />}
    </Sheet>
  )
}

type TierProps = {
  readonly tier: ChatTier
  readonly choices: readonly ModelChoice[]
  readonly isSealed: boolean
  readonly chosen: Choice | undefined
  readonly onChoose: (choice: Choice) => void
}

function TierChoices({ tier, choices, isSealed, chosen, onChoose }: TierProps): ReactNode {
  const words = useWords(CHAT_WORDS)
  const tierWords = useTierWords()
  const [first] = choices
  if (!first && tier !== 'own') return null
  return (
    <section className="tier-choices" data-tier={tier}>
      <div className="tier-head">
        <TierGlyph tier={tier} />
        <div>
          <h3>{words[`tier-${tier}-title`]}</h3>
          <p className="hint">{first ? tierWords(tier, isSealed).reads : words['own-none']}</p>
          {first && tier === 'own' && !isSealed && <p className="hint">{words['own-seal-why']}</p>}
        </div>
        {!first && (
          <PlaceLink to="/earn" className="pill-button">
            {words['own-add']}
          </PlaceLink>
        )}
        {first && tier === 'own' && !isSealed && (
          <PlaceLink to="/settings/machines" className="pill-button" testId="seal-it">
            {words['own-seal']}
          </PlaceLink>
        )}
      </div>
      {first && isSealed && (
        <>
          <SimulatedHere choice={first} />
          <SealLine choice={first} look="brief" />
        </>
      )}
      <ul className="choices">
        {choices.map((one) => (
          <ChoiceRow
            key={one.model}
            one={one}
            isChosen={chosen?.model === one.model && chosen.tier === tier}
            onChoose={onChoose}
          />
        ))}
      </ul>
    </section>
  )
}

/** What was said on one's own machine is read by another one's owner when the tier changes: said before it happens. */
function TakesAlong({ conversation }: { readonly conversation: string }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { engine } = useChat()
  const { messages } = useConversation(engine, conversation)
  return messages.length > 0 && <p className="hint">{words['takes-along']}</p>
}
