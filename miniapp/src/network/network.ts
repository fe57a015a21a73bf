import { parserOf } from '../../../protocol/src/miniapp/fields.ts'
import { type LiveNetworkJson, liveNetworkSchema } from '../../../protocol/src/miniapp/network.ts'
import { type Nano, parseNano } from '../../../protocol/src/money.ts'

/** What 1,000,000 tokens cost: those that the model reads, and those that it writes. */
export type Price = { readonly input: Nano; readonly output: Nano }

/** A runner in the field. */
export type FieldRunner = {
  readonly key: string
  readonly region: string | null
  readonly models: readonly string[]
  readonly tokensPerSecond: number
  readonly slots: number
  readonly running: number
}

/** All places that are offered at one price. */
export type AskStep = {
  readonly price: Price
  readonly runners: number
  readonly slots: number
  readonly freeSlots: number
  readonly tokensPerSecond: number
}

export type NetworkModel = {
  readonly id: string
  readonly kind: 'chat' | 'embedding'
  readonly parameters: number
  readonly contextTokens: number
  readonly runners: number
  readonly slots: number
  readonly freeSlots: number
  readonly waiting: number
  readonly waitSeconds: number
  readonly tokensPerSecond: number
  readonly price: Price | undefined
  readonly asks: readonly AskStep[]
}

export type Network = {
  readonly field: readonly FieldRunner[]
  readonly runners: number
  readonly slots: number
  readonly freeSlots: number
  readonly running: number
  readonly waiting: number
  readonly jobsLastMinute: number
  readonly ownersToday: Nano
  readonly jobsToday: number
  readonly models: readonly NetworkModel[]
}

/** More models than this are not shown. */
export const MODELS_MAX = 200

const parseAnswer = parserOf(liveNetworkSchema)

/** Reads the answer of `GET /v1/network/live`. Gives undefined where it is not one, such as a proxy's error page. */
export function parseNetwork(value: unknown): Network | undefined {
  const json = parseAnswer(value)
  const ownersToday = parseNano(json?.owners_today_nano)
  if (!json || ownersToday === undefined) return undefined
  return {
    field: json.field.map(({ tokens_per_second, ...runner }) => ({
      ...runner,
      tokensPerSecond: tokens_per_second,
    })),
    runners: json.runners,
    slots: json.slots,
    freeSlots: json.models.reduce((sum, { free_slots }) => sum + free_slots, 0),
    running: json.running,
    waiting: json.waiting,
    jobsLastMinute: json.jobs_last_minute,
    ownersToday,
    jobsToday: json.jobs_today,
    models: json.models.map(toModel).toSorted(byUse).slice(0, MODELS_MAX),
  }
}

function toModel(json: LiveNetworkJson['models'][number]): NetworkModel {
  return {
    id: json.id,
    kind: json.kind,
    parameters: json.parameters,
    contextTokens: json.context_tokens,
    runners: json.runners,
    slots: json.slots,
    freeSlots: Math.min(json.slots, json.free_slots),
    waiting: json.waiting,
    waitSeconds: json.wait_seconds,
    tokensPerSecond: json.tokens_per_second,
    price: json.price ? toPrice(json.price) : undefined,
    asks: json.asks.flatMap((ask) => {
      const price = toPrice(ask.price)
      const { runners, slots, free_slots: freeSlots, tokens_per_second: tokensPerSecond } = ask
      return price ? [{ price, runners, slots, freeSlots: Math.min(slots, freeSlots), tokensPerSecond }] : []
    }),
  }
}

function toPrice(json: { readonly input: string; readonly output: string }): Price | undefined {
  const [input, output] = [parseNano(json.input), parseNano(json.output)]
  return input !== undefined && output !== undefined ? { input, output } : undefined
}

/** Models that are served come first, chat before the rest, the larger before the smaller. */
function byUse(one: NetworkModel, other: NetworkModel): number {
  return (
    Number(other.runners > 0) - Number(one.runners > 0) ||
    Number(other.kind === 'chat') - Number(one.kind === 'chat') ||
    other.parameters - one.parameters ||
    one.id.localeCompare(other.id)
  )
}
