import { expect, test } from 'vitest'
import { NANO_MAX, nano } from '../../../../protocol/src/money.ts'
import {
  bestEstimate,
  DAY_TENTHS,
  nanoPerDay,
  powerDay,
  readElectricity,
  readEstimates,
} from './forecast-math.ts'

const forecast = {
  from_ms: 0,
  to_ms: 86_400_000,
  data: [
    { model: 'small', runners: 3, hours: 40, earned_nano: '4000', nano_per_hour: '100' },
    { model: 'idle', runners: 1, hours: 0.4, earned_nano: '0', nano_per_hour: null },
    { model: 'large', runners: 2, hours: 10, earned_nano: '9000', nano_per_hour: '900' },
  ],
}

test('the model that earns most comes first, and one without figures last', () => {
  expect(readEstimates(forecast).map(({ model }) => model)).toEqual(['large', 'small', 'idle'])
  expect(bestEstimate(readEstimates(forecast))).toEqual({ model: 'large', runners: 2, nanoPerHour: 900n })
})

test('where nobody earned, nothing is promised', () => {
  expect(bestEstimate([])).toBeUndefined()
  expect(bestEstimate(readEstimates({ ...forecast, data: [] }))).toBeUndefined()
  const nothing = { model: 'm', runners: 1, hours: 5, earned_nano: '0', nano_per_hour: '0' }
  expect(bestEstimate(readEstimates({ ...forecast, data: [nothing] }))).toBeUndefined()
})

test('a day has as many hours as the computer is on', () => {
  expect(nanoPerDay(nano(900n), DAY_TENTHS)).toBe(21_600n)
  expect(nanoPerDay(nano(900n), 5n)).toBe(450n)
  expect(nanoPerDay(nano(NANO_MAX), DAY_TENTHS)).toBe(NANO_MAX)
})

test('300 W for 8 hours at 0.35 are 2.4 kWh and 0.84 a day, and pay from that price of TON on', () => {
  const electricity = readElectricity({ watts: '300', hours: '8', price: '0,35' })
  if (!electricity) throw new Error('was not read')
  expect(powerDay(electricity, nano(400_000_000n))).toEqual({
    kwhTenThousandths: 24_000n,
    costMicro: 840_000n,
    breakEvenMicro: 2_100_000n,
  })
})

test('what earns nothing never pays', () => {
  const electricity = { watts: 100n, tenthsOfHours: 240n, microPerKwh: 300_000n }
  expect(powerDay(electricity, nano(0n)).breakEvenMicro).toBeUndefined()
})

test.each([
  { watts: '', hours: '8', price: '0.3' },
  { watts: '300', hours: '25', price: '0.3' },
  { watts: '300', hours: '8', price: 'x' },
])('%j gives no sum', (typed) => {
  expect(readElectricity(typed)).toBeUndefined()
})
