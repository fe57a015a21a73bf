import { type PointerEvent, type ReactNode, useState } from 'react'
import { formatTon, type Nano, nano, parseNano } from '../../../../protocol/src/money.ts'
import { formatCount } from '../../network/price-words.ts'
import { dayWords } from '../../ui/duration-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { SilkAmount } from '../silk-amount.tsx'
import { EARN_WORDS } from '../words/words.ts'
import { chartShape, nearestPoint } from './chart-path.ts'

type Day = { readonly day: string; readonly earned_nano: string; readonly jobs: number }

const SIZE = { width: 300, height: 72, padding: 4 }

const amountOf = ({ earned_nano }: Day): Nano => parseNano(earned_nano) ?? nano(0n)

/** What was earned per day: a surface of silk, the same as a table, and each day on touch. In Arabic time runs to the left. */
export function EarnedChart({ days }: { readonly days: readonly Day[] }): ReactNode {
  const [touched, setTouched] = useState<number>()
  const shape = chartShape(days.map(amountOf), SIZE)
  const at = touched !== undefined && touched < days.length ? touched : undefined
  const [day, point] = at === undefined ? [undefined, undefined] : [days[at], shape.points[at]]
  const says = useChartWords(days)
  const touch = (event: PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - left) / width
    const isMirrored = document.documentElement.dir === 'rtl'
    setTouched(nearestPoint(days.length, isMirrored ? 1 - share : share))
  }
  return (
    <figure className="earned-chart" data-testid="chart">
      <svg
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={says}
        onPointerMove={touch}
        onPointerDown={touch}
        onPointerLeave={() => setTouched(undefined)}
      >
        <path className="area" d={shape.area} />
        <path className="line" d={shape.line} />
        {point && <path className="mark-line" d={`M${point.x} 0V${SIZE.height}`} />}
      </svg>
      <figcaption className="hint">{day ? <TouchedDay day={day} /> : <Ends days={days} />}</figcaption>
      <DayTable days={days} />
    </figure>
  )
}

function useChartWords(days: readonly Day[]): string {
  const { language } = useSpeech()
  const words = useWords(EARN_WORDS)
  const say = (day: string | undefined) => (day ? dayWords(language, day) : '')
  const most = days.reduce<Day | undefined>(
    (one, other) => (one && amountOf(one) >= amountOf(other) ? one : other),
    undefined,
  )
  const ends = { from: say(days[0]?.day), to: say(days.at(-1)?.day) }
  if (!most || amountOf(most) === 0n) return fillText(words['chart-flat'], ends)
  return fillText(words['chart-says'], { ...ends, amount: formatTon(amountOf(most)), day: say(most.day) })
}

function Ends({ days }: { readonly days: readonly Day[] }): ReactNode {
  const { language } = useSpeech()
  return (
    <>
      <span>{days[0] && dayWords(language, days[0].day)}</span>
      <span>{useWords(EARN_WORDS)['span-today']}</span>
    </>
  )
}

function TouchedDay({ day }: { readonly day: Day }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(EARN_WORDS)
  const jobs = fillText(pluralOf(language, words.jobs, day.jobs), { count: formatCount(language, day.jobs) })
  return (
    <>
      <span>{dayWords(language, day.day)}</span>
      <span>
        <SilkAmount of={amountOf(day)} /> · {jobs}
      </span>
    </>
  )
}

function DayTable({ days }: { readonly days: readonly Day[] }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(EARN_WORDS)
  return (
    <details className="day-table">
      <summary>{words['day-by-day']}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{words['column-day']}</th>
            <th scope="col">{words['column-jobs']}</th>
            <th scope="col">{words['column-earned']}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <tr key={day.day}>
              <th scope="row">{dayWords(language, day.day)}</th>
              <td>{formatCount(language, day.jobs)}</td>
              <td>
                <SilkAmount of={amountOf(day)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
