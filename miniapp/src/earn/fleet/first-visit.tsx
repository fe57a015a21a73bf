import type { ReactNode } from 'react'
import type { ForecastJson } from '../../../../protocol/src/miniapp/runners.ts'
import { BigAmount } from '../../ui/big-amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { bestEstimate, DAY_TENTHS, nanoPerDay, readEstimates } from '../forecast/forecast-math.ts'
import { useForecast } from '../forecast/use-forecast.ts'
import { EARN_WORDS } from '../words/words.ts'

const STEPS = ['first-how-1', 'first-how-2', 'first-how-3'] as const

/** For whoever has no runner yet: what it will be. The one action stands below it. */
export function FirstVisit(): ReactNode {
  const words = useWords(EARN_WORDS)
  return (
    <article className="card first-visit">
      <h2>{words['first-title']}</h2>
      <CanEarn />
      <ol className="first-steps">
        {STEPS.map((id, at) => (
          <li key={id}>
            <span className="step-number">{at + 1}</span>
            {words[id]}
          </li>
        ))}
      </ol>
      <p className="hint">{words['first-free']}</p>
    </article>
  )
}

/** Somebody earned, and not for long enough to say what an hour brings. */
function isYoung({ data }: ForecastJson): boolean {
  return data.some((one) => one.nano_per_hour === null && one.earned_nano !== '0')
}

/** What it can earn, from what others earned yesterday. Says so where nobody did. */
function CanEarn(): ReactNode {
  const words = useWords(EARN_WORDS)
  const { live } = useForecast()
  const best = 'value' in live ? bestEstimate(readEstimates(live.value)) : undefined
  return (
    <div className="can-earn" data-testid="can-earn">
      {best ? (
        <>
          <p className="hint">{words['first-can']}</p>
          <BigAmount kind="earned" of={nanoPerDay(best.nanoPerHour, DAY_TENTHS)} />
          <p className="hint">
            <Sentence text={words['first-day']} model={<bdi dir="ltr">{best.model}</bdi>} />
          </p>
        </>
      ) : (
        <p className="hint">
          {live.state === 'live' && words[isYoung(live.value) ? 'first-short' : 'first-none']}
        </p>
      )}
    </div>
  )
}
