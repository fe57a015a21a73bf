import { Hono } from 'hono'
import type { ForecastJson } from '../../../protocol/src/miniapp/runners.ts'
import type { EarningsByModel, ModelEarnings } from './forecast-store.ts'

export type ForecastRouteDeps = {
  /** Of the last 24 hours; at most FORECAST_CACHE_MS old. */
  readonly readForecast: () => Promise<EarningsByModel>
}

/** How old a forecast may be. */
export const FORECAST_CACHE_MS = 60_000
/** What a forecast looks back at. */
export const FORECAST_MS = 24 * 60 * 60_000
const HOUR_MS = 60 * 60_000

/** `GET /v1/forecast`: what runners earned by model and hour. For everybody: it names no runner. */
export function forecastRoute({ readForecast }: ForecastRouteDeps): Hono {
  return new Hono().get('/v1/forecast', async (c) => {
    const { models, fromMs, toMs } = await readForecast()
    const answer: ForecastJson = { data: models.map(toModelJson), from_ms: fromMs, to_ms: toMs }
    return c.json(answer, 200, { 'cache-control': 'public, max-age=60' })
  })
}

function toModelJson({ model, runners, connectedMs, earned }: ModelEarnings): ForecastJson['data'][number] {
  return {
    model,
    runners,
    hours: Math.round((connectedMs / HOUR_MS) * 100) / 100,
    earned_nano: earned.toString(),
    nano_per_hour:
      connectedMs < HOUR_MS
        ? null
        : ((earned * BigInt(HOUR_MS)) / BigInt(Math.floor(connectedMs))).toString(),
  }
}
