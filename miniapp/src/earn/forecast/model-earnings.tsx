import { type ReactNode, useId } from 'react'
import { formatCount } from '../../network/price-words.ts'
import { BigAmount } from '../../ui/big-amount.tsx'
import { durationWords } from '../../ui/duration-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { type Estimate, nanoPerDay } from './forecast-math.ts'
import { FORECAST_WORDS } from './words/words.ts'

const TENTH_OF_HOUR_MS = 360_000

type Props = {
  readonly estimates: readonly Estimate[]
  readonly chosen: Estimate
  readonly tenthsOfHours: bigint
  readonly onChoose: (model: string) => void
}

/** What one model brings in a day; the others are to be chosen. */
export function ModelEarnings({ estimates, chosen, tenthsOfHours, onChoose }: Props): ReactNode {
  const { language } = useSpeech()
  const words = useWords(FORECAST_WORDS)
  const field = useId()
  const { model, runners, nanoPerHour } = chosen
  const count = formatCount(language, runners)
  return (
    <>
      <label className="labelled" htmlFor={field}>
        <span className="hint">{words.model}</span>
        <select
          id={field}
          className="field"
          value={model}
          data-testid="forecast-model"
          onChange={(event) => onChoose(event.target.value)}
        >
          {estimates.map((one) => (
            <option key={one.model}>{one.model}</option>
          ))}
        </select>
      </label>
      {nanoPerHour !== undefined && nanoPerHour > 0n ? (
        <div data-testid="forecast-day">
          <p className="hint">
            <Sentence text={words['a-day']} hours={hoursWords(language, tenthsOfHours)} />
          </p>
          <BigAmount kind="earned" key={model} of={nanoPerDay(nanoPerHour, tenthsOfHours)} />
          <p className="hint">
            {words['by-model']} · {fillText(pluralOf(language, words.runners, runners), { count })}
          </p>
        </div>
      ) : (
        <p>{words[nanoPerHour === undefined && runners > 0 ? 'too-short' : 'not-earned']}</p>
      )}
    </>
  )
}

/** "8 hours"; half hours are said in minutes where there is no whole one. */
function hoursWords(language: string, tenths: bigint): string {
  if (tenths < 10n) return durationWords(language, Number(tenths) * TENTH_OF_HOUR_MS)
  const form = { style: 'unit', unit: 'hour', unitDisplay: 'long' } as const
  return new Intl.NumberFormat(`${language}-u-nu-latn`, form).format(Number(tenths) / 10)
}
