import { type ReactNode, useState } from 'react'
import type { FleetJson } from '../../../../protocol/src/miniapp/runners.ts'
import { BigAmount } from '../../ui/big-amount.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { useWords } from '../../words/define-words.ts'
import { EARN_WORDS } from '../words/words.ts'
import { EarnedChart } from './earned-chart.tsx'
import { daysOf, earnedIn, SPANS, type Span } from './fleet-view.ts'

type Props = {
  readonly of: Pick<FleetJson, 'today_nano' | 'days_7_nano' | 'days_30_nano' | 'days'>
  /** One line below: when it can be paid out, or what else there is to say. */
  readonly children?: ReactNode
}

/** What one runner or all of them earned: today, in 7 days, in 30, with its course. */
export function EarnedCard({ of, children }: Props): ReactNode {
  const words = useWords(EARN_WORDS)
  const [span, setSpan] = useState<Span>('today')
  return (
    <article className="card earned">
      <h2 className="hint">{words[`earned-${span}`]}</h2>
      <BigAmount kind="earned" key={span} of={earnedIn(of, span)} />
      <EarnedChart days={daysOf(of.days, span)} />
      <Segmented
        label={words.span}
        value={span}
        onChange={setSpan}
        options={SPANS.map((value) => ({ value, text: words[`span-${value}`] }))}
        testId="span"
      />
      {children}
    </article>
  )
}
