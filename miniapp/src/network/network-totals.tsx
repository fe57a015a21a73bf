import type { ReactNode } from 'react'
import { RollingNumber } from '../ui/rolling-number.tsx'
import { fillText, pluralOf } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import type { Network } from './network.ts'
import { formatCount } from './price-words.ts'
import { SlotDots } from './slot-dots.tsx'

/** Two numbers: who is here, and how many answers can be written at once. */
export function NetworkTotals({ network }: { readonly network: Network }): ReactNode {
  const { language, words } = useSpeech()
  const { runners, slots, freeSlots, running, waiting } = network
  const queue =
    waiting === 0
      ? words['nobody-waits']
      : fillText(pluralOf(language, words.waiting, waiting), { count: formatCount(language, waiting) })
  return (
    <div className="totals">
      <div className="card">
        <p className="hint">{words.runners}</p>
        <p className="number">
          <RollingNumber value={runners} />
        </p>
        <p className="hint foot">{queue}</p>
      </div>
      <div className="card">
        <p className="hint">{words.places}</p>
        <p className="number">
          <RollingNumber value={freeSlots} />
          <small>{fillText(words['places-of'], { slots: formatCount(language, slots) })}</small>
        </p>
        <SlotDots slots={slots} freeSlots={freeSlots} />
        {running > 0 && <div className="thread" />}
      </div>
    </div>
  )
}
