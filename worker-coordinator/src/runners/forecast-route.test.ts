import { expect, test } from 'vitest'
import { forecastSchema } from '../../../protocol/src/miniapp/runners.ts'
import { nano } from '../../../protocol/src/money.ts'
import { forecastRoute } from './forecast-route.ts'
import type { ModelEarnings } from './forecast-store.ts'

const HOUR_MS = 3_600_000

async function read(models: readonly ModelEarnings[]) {
  const route = forecastRoute({ readForecast: async () => ({ models, fromMs: 1, toMs: 2 }) })
  const response = await route.request('/v1/forecast')
  return { response, json: forecastSchema.parse(await response.json()) }
}
const earned = (amount: bigint, connectedMs: number): ModelEarnings => ({
  model: 'm',
  runners: 3,
  connectedMs,
  earned: nano(amount),
})

test('anybody reads what an hour earned, rounded down', async () => {
  const { response, json } = await read([earned(200n, 3 * HOUR_MS)])
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('public, max-age=60')
  expect(json).toEqual({
    data: [{ model: 'm', runners: 3, hours: 3, earned_nano: '200', nano_per_hour: '66' }],
    from_ms: 1,
    to_ms: 2,
  })
})
test('less than an hour foretells nothing', async () => {
  expect((await read([earned(200n, HOUR_MS - 1)])).json.data[0]).toMatchObject({
    nano_per_hour: null,
    hours: 1,
  })
  expect((await read([earned(0n, HOUR_MS)])).json.data[0]).toMatchObject({ nano_per_hour: '0' })
  expect((await read([])).json.data).toEqual([])
})
