import type { ReactNode } from 'react'
import type { SealLook } from '../../sealed/sealed-client.ts'
import '../../sealed/sealed.css'
import { sealPath } from '../../sealed/seal-path.ts'
import { SEAL_WORDS } from '../../sealed/words/words.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { useChat } from '../chat-context.tsx'
import type { Choice } from '../conversation.ts'
import { useSealLook } from './use-seal-look.ts'

type Props = {
  readonly choice: Choice
  /** `brief`: where everything is well, only the way to see why. */
  readonly look?: 'whole' | 'brief'
}

/** Of a sealed choice: what this device found when it checked who would answer, and the way to see why. */
export function SealLine({ choice, look: kind = 'whole' }: Props): ReactNode {
  const { session } = useChat()
  const words = useWords(SEAL_WORDS)
  const look = useSealLook(session, choice)
  const value = 'value' in look ? look.value : undefined
  if (!value) return look.state === 'loading' ? <p className="hint">{words['look-checking']}</p> : null
  return (
    <p className={value.ok ? 'seal-line' : 'seal-line is-refused'} data-testid="seal-line" data-ok={value.ok}>
      <TierGlyph tier={choice.tier} />
      <span>
        {(kind === 'whole' || !value.ok) && `${words[sentenceOf(value, choice.tier)]} `}
        {value.evidenceDigest !== undefined && (
          <PlaceLink
            to={sealPath({ ...value, evidenceDigest: value.evidenceDigest, model: choice.model })}
            testId="to-seal"
          >
            {words[value.ok ? (choice.tier === 'own' ? 'why-own' : 'why') : 'why-refused']}
          </PlaceLink>
        )}
      </span>
    </p>
  )
}

function sentenceOf(look: SealLook, tier: Choice['tier']) {
  if (look.ok) return tier === 'own' ? 'look-own' : 'look-confidential'
  return look.reason === 'no-own-runner' ? 'look-no-own' : 'look-refused'
}
