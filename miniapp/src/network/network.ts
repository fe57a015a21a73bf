import { type Nano, parseNano } from '../../../protocol/src/money.ts'

/** What 1,000,000 tokens cost: those that the model reads, and those that it writes. */
export type Price = { readonly input: Nano; readonly output: Nano }

export type NetworkModel = {
  readonly id: string
  readonly kind: string
  readonly parameters: number
  readonly contextTokens: number
  readonly runners: number
  readonly slots: number
  readonly freeSlots: number
  readonly waiting: number
  readonly waitSeconds: number
  readonly tokensPerSecond: number
  readonly price: Price | undefined
}

export type Network = {
  readonly runners: number
  readonly slots: number
  readonly freeSlots: number
  readonly running: number
  readonly waiting: number
  readonly models: readonly NetworkModel[]
}

/** More models than this are not shown. */
export const MODELS_MAX = 200

/** Reads the answer of `GET /v1/network`. Gives undefined where it is not one, such as a proxy's error page. */
export function parseNetwork(value: unknown): Network | undefined {
  if (!isRecord(value) || !Array.isArray(value.models)) return undefined
  const models = value.models.slice(0, MODELS_MAX).filter(isRecord).flatMap(parseModel)
  return {
    runners: count(value.runners),
    slots: count(value.slots),
    freeSlots: models.reduce((sum, { freeSlots }) => sum + freeSlots, 0),
    running: count(value.running),
    waiting: count(value.waiting),
    models: models.toSorted(byUse),
  }
}

function parseModel(value: Record<string, unknown>): NetworkModel[] {
  if (typeof value.id !== 'string' || typeof value.kind !== 'string') return []
  const slots = count(value.slots)
  return [
    {
      id: value.id,
      kind: value.kind,
      parameters: count(value.parameters),
      contextTokens: count(value.context_tokens),
      runners: count(value.runners),
      slots,
      freeSlots: Math.min(slots, count(value.free_slots)),
      waiting: count(value.waiting),
      waitSeconds: count(value.wait_seconds),
      tokensPerSecond: count(value.tokens_per_second),
      price: parsePrice(value.price_nano_per_million),
    },
  ]
}

function parsePrice(value: unknown): Price | undefined {
  if (!isRecord(value)) return undefined
  const [input, output] = [parseNano(value.input), parseNano(value.output)]
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is missing or senseless counts as 0. */
function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0
}
