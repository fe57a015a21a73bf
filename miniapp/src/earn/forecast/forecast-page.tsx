import type { ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import { EarnFrame } from '../earn-frame.tsx'
import { ForecastCard } from './forecast-card.tsx'
import { FORECAST_WORDS } from './words/words.ts'

/** What a computer would earn, and from which price of TON on that pays for its electricity. */
export function ForecastPage(): ReactNode {
  const words = useWords(FORECAST_WORDS)
  return (
    <EarnFrame title={words.forecast}>
      <ForecastCard />
    </EarnFrame>
  )
}
