import type { ForecastJson } from '../../../../protocol/src/miniapp/runners.ts'
import { NANO_MAX, type Nano, nano, parseNano } from '../../../../protocol/src/money.ts'
import { type ReadDecimal, readDecimal } from '../../ui/read-decimal.ts'

/** What runners earned with a model per hour that they were there; undefined where there is nothing to go by. */
export type Estimate = {
  readonly model: string
  readonly runners: number
  readonly nanoPerHour: Nano | undefined
}

/** Whole numbers all: hours in tenths, the price of 1 kWh in millionths of the person's own currency. */
export type Electricity = {
  readonly watts: bigint
  readonly tenthsOfHours: bigint
  readonly microPerKwh: bigint
}

export type PowerDay = {
  /** Ten thousandths of a kWh per day. */
  readonly kwhTenThousandths: bigint
  /** Per day, in millionths of the currency, rounded up. */
  readonly costMicro: bigint
  /** What 1 TON must be worth for a day to pay, in millionths of the currency; undefined where nothing is earned. */
  readonly breakEvenMicro: bigint | undefined
}

export const DAY_TENTHS = 240n
const WATTS_MAX = 100_000n
const MICRO_MAX = 1_000_000_000_000n

/** The models of a forecast, those that earn most first. */
export function readEstimates({ data }: ForecastJson): readonly Estimate[] {
  return data
    .map(({ model, runners, nano_per_hour }) => ({ model, runners, nanoPerHour: parseNano(nano_per_hour) }))
    .toSorted((one, other) => {
      const by = (other.nanoPerHour ?? -1n) - (one.nanoPerHour ?? -1n)
      return by === 0n ? one.model.localeCompare(other.model) : by > 0n ? 1 : -1
    })
}

/** The model that earns most; undefined where nobody earned. */
export function bestEstimate(estimates: readonly Estimate[]): (Estimate & { nanoPerHour: Nano }) | undefined {
  const [best] = estimates
  return best?.nanoPerHour ? { ...best, nanoPerHour: best.nanoPerHour } : undefined
}

/** What a day earns with so many hours in it. */
export function nanoPerDay(nanoPerHour: Nano, tenthsOfHours: bigint): Nano {
  const earned = (nanoPerHour * tenthsOfHours) / 10n
  return nano(earned > NANO_MAX ? NANO_MAX : earned)
}

/** What a day costs in electricity, and from which price of TON on it pays. */
export function powerDay({ watts, tenthsOfHours, microPerKwh }: Electricity, earned: Nano): PowerDay {
  const kwhTenThousandths = watts * tenthsOfHours
  const costMicro = ceilDiv(kwhTenThousandths * microPerKwh, 10_000n)
  const breakEvenMicro = earned > 0n ? ceilDiv(costMicro * 1_000_000_000n, earned) : undefined
  return { kwhTenThousandths, costMicro, breakEvenMicro }
}

/** What a person types into the three fields. */
export type ElectricityText = { readonly watts: string; readonly hours: string; readonly price: string }

export const readWatts = (typed: string): ReadDecimal => readDecimal(typed, { decimals: 0, max: WATTS_MAX })
export const readHours = (typed: string): ReadDecimal => readDecimal(typed, { decimals: 1, max: DAY_TENTHS })
export const readPrice = (typed: string): ReadDecimal => readDecimal(typed, { decimals: 6, max: MICRO_MAX })

/** All three; undefined while one of them is missing or wrong. */
export function readElectricity({ watts, hours, price }: ElectricityText): Electricity | undefined {
  const [power, time, cost] = [readWatts(watts), readHours(hours), readPrice(price)]
  if (!power.ok || !time.ok || !cost.ok) return undefined
  return { watts: power.value, tenthsOfHours: time.value, microPerKwh: cost.value }
}

function ceilDiv(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}
