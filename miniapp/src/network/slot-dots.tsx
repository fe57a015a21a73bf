import type { ReactNode } from 'react'
import { fillText } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { formatCount } from './price-words.ts'

const DOTS_MAX = 24

/** One dot for each place, the busy ones full. From 25 places on a dot stands for several. */
export function SlotDots({
  slots,
  freeSlots,
}: {
  readonly slots: number
  readonly freeSlots: number
}): ReactNode {
  const { language, words } = useSpeech()
  const busy = slots - freeSlots
  const dots = Math.min(slots, DOTS_MAX)
  const full = slots === 0 ? 0 : Math.ceil((busy / slots) * dots)
  const label = fillText(words['places-busy'], {
    busy: formatCount(language, busy),
    slots: formatCount(language, slots),
  })
  return (
    <div className="dots" role="img" aria-label={label}>
      {Array.from({ length: dots }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a dot is its position
        <i key={at} className={at < full ? 'full' : ''} />
      ))}
    </div>
  )
}
