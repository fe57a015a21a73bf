import { type ReactNode, useState } from 'react'
import './big-amount.css'
import { formatTon, type Nano } from '../../../protocol/src/money.ts'
import { formatCount } from '../network/price-words.ts'
import { fillText } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'

type Props = {
  readonly of: Nano
  /** `earned`: in silk, where there is any. */
  readonly kind?: 'earned' | 'price'
  /** It rolls in at once, for it was nothing a moment ago. */
  readonly isNew?: boolean
}

/** The one number of a page, as an amount. It rolls when it grows; a tap shows the last nano. */
export function BigAmount({ of, kind = 'price', isNew = false }: Props): ReactNode {
  const { language, words } = useSpeech()
  const [isExact, setExact] = useState(false)
  const [shown, setShown] = useState({ of, grew: isNew })
  if (shown.of !== of) setShown({ of, grew: of > shown.of })
  const [value, unit] = formatTon(of).split(' ')
  return (
    <button type="button" className="big-amount" aria-expanded={isExact} onClick={() => setExact(!isExact)}>
      <bdi dir="ltr" className={kind === 'earned' && of > 0n ? 'number silk' : 'number'}>
        <span key={of.toString()} className={shown.grew ? 'grew' : undefined}>
          {value}
        </span>{' '}
        <small>{unit}</small>
      </bdi>
      {isExact && (
        <span className="hint">{fillText(words['in-nano'], { count: formatCount(language, of) })}</span>
      )}
    </button>
  )
}
