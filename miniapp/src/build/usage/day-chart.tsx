import type { ReactNode } from 'react'
import { formatTon } from '../../../../protocol/src/money.ts'
import { dayWords } from '../../ui/duration-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { BUILD_WORDS } from '../words/words.ts'
import type { UsageLine } from './usage-figures.ts'

const HEIGHT = 72
const BAR = 6
const GAP = 3
/** A day on which anything was spent is seen. */
const BAR_HEIGHT_MIN = 2

/** What was spent each day, as bars; from right to left in Arabic, as its days are read. */
export function DayChart({ lines }: { readonly lines: readonly UsageLine[] }): ReactNode {
  const { language } = useSpeech()
  const label = useChartWords(lines)
  const width = Math.max(1, lines.length * (BAR + GAP) - GAP)
  const day = (line: UsageLine | undefined) => dayWords(language, String(line?.group ?? ''))
  if (lines.length === 0) return null
  return (
    <figure className="day-chart">
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {lines.map(({ group, charge, share }, at) => {
          const height = charge === 0n ? 0 : Math.max(BAR_HEIGHT_MIN, share * HEIGHT)
          return <rect key={group} x={at * (BAR + GAP)} y={HEIGHT - height} width={BAR} height={height} />
        })}
      </svg>
      <figcaption className="hint" aria-hidden="true">
        <bdi>{day(lines[0])}</bdi>
        <bdi>{day(lines.at(-1))}</bdi>
      </figcaption>
    </figure>
  )
}

function useChartWords(lines: readonly UsageLine[]): string {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const day = (line: UsageLine | undefined) => dayWords(language, String(line?.group))
  const most = lines.find(({ share }) => share === 1)
  const range = { from: day(lines[0]), to: day(lines.at(-1)) }
  if (!most) return fillText(words['usage-flat'], range)
  return fillText(words['usage-chart'], { ...range, amount: formatTon(most.charge), day: day(most) })
}
