import type { ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import type { FieldRunner } from '../network.ts'
import { formatCount } from '../price-words.ts'
import { NETWORK_WORDS } from '../words/words.ts'
import type { Area } from './field-areas.ts'
import type { Region } from './field-regions.ts'

/** A continent's name over its points, and how many they are where there is room for it. */
export function AreaName({
  area: { region, label },
  count,
  isAlone,
}: {
  readonly area: Area
  readonly count: number
  readonly isAlone: boolean
}): ReactNode {
  const { language } = useSpeech()
  const name = useRegionName()(region, isAlone)
  return (
    <span
      className="area-name hint"
      aria-hidden="true"
      style={{ left: label.x, top: label.y, maxInlineSize: label.width }}
    >
      <bdi>{name}</bdi> <b>{formatCount(language, count)}</b>
    </span>
  )
}

/** What the points and lines of the field mean. */
export function FieldLegend(): ReactNode {
  const words = useWords(NETWORK_WORDS)
  return (
    <div className="field-legend hint">
      <span className="field-legend-busy">{words['legend-busy']}</span>
      <span className="field-legend-ready">{words['legend-ready']}</span>
      <span className="field-legend-job">{words['legend-job']}</span>
      <span>{words['legend-size']}</span>
    </div>
  )
}

/** The field in words, place by place, for whoever does not see it. */
export function FieldList({
  here,
}: {
  readonly here: ReadonlyMap<Region, readonly FieldRunner[]>
}): ReactNode {
  const words = useWords(NETWORK_WORDS)
  const nameOf = useRegionName()
  const say = useFieldSentence()
  return (
    <ul className="unseen" aria-label={words.field}>
      {[...here].map(([region, runners]) => (
        <li key={region}>{say(runners, { region: nameOf(region, here.size === 1) })}</li>
      ))}
    </ul>
  )
}

/** Says how many runners there are and how many of them answer: of a place, or of the whole network. */
export function useFieldSentence(): (
  field: readonly FieldRunner[],
  about?: { readonly region?: string; readonly runners?: number },
) => string {
  const { language } = useSpeech()
  const words = useWords(NETWORK_WORDS)
  const say = (id: 'field-runners' | 'field-busy', count: number) =>
    fillText(pluralOf(language, words[id], count), { count: formatCount(language, count) })
  return (field, { region, runners = field.length } = {}) =>
    fillText(words[region === undefined ? 'field-says' : 'field-region'], {
      region: region ?? '',
      runners: say('field-runners', runners),
      busy: say('field-busy', field.filter(({ running }) => running > 0).length),
    })
}

/** A place that is not known is "here" where no other is known, and "elsewhere" beside others. */
function useRegionName(): (region: Region, isAlone: boolean) => string {
  const words = useWords(NETWORK_WORDS)
  return (region, isAlone) =>
    words[region === 'unknown' && isAlone ? 'region-here' : (`region-${region}` as const)]
}
