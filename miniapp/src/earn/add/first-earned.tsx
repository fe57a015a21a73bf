import { type ReactNode, useEffect } from 'react'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { BigAmount } from '../../ui/big-amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { OpeningCocoon } from './opening-cocoon.tsx'
import type { Pairing } from './pairing-steps.ts'
import { ADD_WORDS } from './words/words.ts'

/** The one moment that celebrates: the hand feels it, the cocoon opens, the first coins roll in. */
export function FirstEarned({ pairing }: { readonly pairing: Pairing }): ReactNode {
  const telegram = useTelegram()
  const words = useWords(ADD_WORDS)
  const name = pairing.name ?? ''
  useEffect(() => telegram.haptic('success'), [telegram])
  return (
    <article className="card first-earned" data-testid="first-earned" role="status">
      <OpeningCocoon />
      <h2>{words['first-earning']}</h2>
      <BigAmount kind="earned" of={pairing.earned} isNew />
      <p className="hint">{fillText(words['first-earning-by'], { name })}</p>
      {pairing.runnerId !== undefined && (
        <PlaceLink to={`/earn/${pairing.runnerId}`} className="button as-link" testId="see-runner">
          {fillText(words['see-runner'], { name })}
        </PlaceLink>
      )}
    </article>
  )
}
