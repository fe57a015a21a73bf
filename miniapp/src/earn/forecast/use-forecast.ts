import { parserOf } from '../../../../protocol/src/miniapp/fields.ts'
import { type ForecastJson, forecastSchema } from '../../../../protocol/src/miniapp/runners.ts'
import { askPublic } from '../../data/ask-public.ts'
import { type UsedLive, useLive } from '../../data/use-live.ts'

const EVERY_MS = 60_000
const parseForecast = parserOf(forecastSchema)

/** What runners earned in the last 24 hours, by model. Anybody may know it. */
export function useForecast(): UsedLive<ForecastJson> {
  return useLive({
    key: ['forecast'],
    ask: (signal) => askPublic('/v1/forecast', parseForecast, signal),
    everyMs: EVERY_MS,
  })
}
