import type { ReactNode } from 'react'
import { type Nano, nano } from '../../../../protocol/src/money.ts'
import { shortDecimal } from '../../ui/read-decimal.ts'
import { useWords } from '../../words/define-words.ts'
import { type Electricity, powerDay } from './forecast-math.ts'
import { FORECAST_WORDS } from './words/words.ts'

const KWH_DECIMALS = 4
const MICRO_DECIMALS = 6

type Props = {
  readonly electricity: Electricity
  readonly currency: string
  /** Per day; undefined where there is nothing to go by. */
  readonly earned: Nano | undefined
}

/** What a day takes and costs, and from which price of TON on it pays. */
export function DayCosts({ electricity, currency, earned }: Props): ReactNode {
  const words = useWords(FORECAST_WORDS)
  const { kwhTenThousandths, costMicro, breakEvenMicro } = powerDay(electricity, earned ?? nano(0n))
  const money = (micro: bigint) => (
    <bdi>
      <bdi dir="ltr">{shortDecimal(micro, MICRO_DECIMALS)}</bdi> {currency}
    </bdi>
  )
  return (
    <dl className="facts" data-testid="forecast-costs">
      <div>
        <dt>{words.uses}</dt>
        <dd>
          <bdi dir="ltr">{shortDecimal(kwhTenThousandths, KWH_DECIMALS)} kWh</bdi>
        </dd>
      </div>
      <div>
        <dt>{words.costs}</dt>
        <dd>{money(costMicro)}</dd>
      </div>
      {earned !== undefined && (
        <div className="break-even">
          <dt>{breakEvenMicro === undefined ? words['never-pays'] : words.pays}</dt>
          {breakEvenMicro !== undefined && (
            <dd data-testid="forecast-break-even">
              <b>{money(breakEvenMicro)}</b>
            </dd>
          )}
        </div>
      )}
    </dl>
  )
}
