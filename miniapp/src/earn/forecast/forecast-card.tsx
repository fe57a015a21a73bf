import { type ReactNode, useState } from 'react'
import type { ForecastJson } from '../../../../protocol/src/miniapp/runners.ts'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { useWords } from '../../words/define-words.ts'
import { deviceStorage } from '../device-storage.ts'
import { DayCosts } from './day-costs.tsx'
import { ElectricityFields } from './electricity-fields.tsx'
import { DAY_TENTHS, nanoPerDay, readElectricity, readEstimates, readHours } from './forecast-math.ts'
import { type KeptElectricity, keepElectricityText, readElectricityText } from './kept-electricity.ts'
import { ModelEarnings } from './model-earnings.tsx'
import { useForecast } from './use-forecast.ts'
import { FORECAST_WORDS } from './words/words.ts'

/** What a computer would earn, by model, beside what its electricity costs. */
export function ForecastCard(): ReactNode {
  return (
    <LiveView of={useForecast()} skeleton={<Bone rows={4} />}>
      {(forecast) => <Forecast forecast={forecast} />}
    </LiveView>
  )
}

function Forecast({ forecast }: { readonly forecast: ForecastJson }): ReactNode {
  const words = useWords(FORECAST_WORDS)
  const estimates = readEstimates(forecast)
  const [asked, setAsked] = useState<string>()
  const [text, setText] = useState<KeptElectricity>(() => readElectricityText(deviceStorage()))
  const change = (next: KeptElectricity) => {
    setText(next)
    keepElectricityText(deviceStorage(), next)
  }
  const chosen = estimates.find(({ model }) => model === asked) ?? estimates[0]
  const hours = readHours(text.hours)
  const tenths = hours.ok ? hours.value : DAY_TENTHS
  const electricity = readElectricity(text)
  return (
    <article className="card forecast" data-testid="forecast">
      <h2>{words.forecast}</h2>
      <p className="hint">{words.why}</p>
      {chosen ? (
        <ModelEarnings estimates={estimates} chosen={chosen} tenthsOfHours={tenths} onChoose={setAsked} />
      ) : (
        <p>{words['nobody-earned']}</p>
      )}
      <ElectricityFields text={text} onChange={change} />
      {electricity ? (
        <DayCosts
          electricity={electricity}
          currency={text.currency}
          earned={chosen?.nanoPerHour === undefined ? undefined : nanoPerDay(chosen.nanoPerHour, tenths)}
        />
      ) : (
        <p className="hint">{words['fill-in']}</p>
      )}
      <p className="hint">
        {words['where-watts']} {words['stays-here']}
      </p>
    </article>
  )
}
