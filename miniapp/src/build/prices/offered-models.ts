import type { ChoicesJson } from '../../../../protocol/src/miniapp/choices.ts'
import { parseNano } from '../../../../protocol/src/money.ts'
import { BUNDLED_MODEL } from '../../network/bundled-model.ts'
import type { Network, Price } from '../../network/network.ts'
import type { Tier } from '../../ui/tier-glyph.tsx'

/** A model that can be asked for, and by which tiers. */
export type OfferedModel = {
  readonly id: string
  readonly kind: 'chat' | 'embedding'
  readonly contextTokens: number
  /** Those that somebody serves; none: nobody serves the model now. */
  readonly offers: readonly Offer[]
}

/** A tier of a model, as it is served now. */
export type Offer = {
  readonly tier: Tier
  readonly runners: number
  readonly freeSlots: number
  readonly waitSeconds: number
  /** 0: not measured yet. */
  readonly tokensPerSecond: number
  readonly price: Price | undefined
}

/** What a person can ask for, their own runners included. */
export function fromChoices({ data }: ChoicesJson): readonly OfferedModel[] {
  return data.map(({ model, kind, context_tokens, tiers }) => ({
    id: model,
    kind,
    contextTokens: context_tokens,
    offers: tiers.map((one) => ({
      tier: one.tier,
      runners: one.runners,
      freeSlots: one.free_slots,
      waitSeconds: one.wait_seconds,
      tokensPerSecond: one.tokens_per_second,
      price: readPrice(one.price),
    })),
  }))
}

function readPrice(price: { readonly input: string; readonly output: string }): Price | undefined {
  const [input, output] = [parseNano(price.input), parseNano(price.output)]
  return input !== undefined && output !== undefined ? { input, output } : undefined
}

/** What anybody can ask for. */
export function fromNetwork({ models }: Pick<Network, 'models'>): readonly OfferedModel[] {
  return models.map(
    ({ id, kind, contextTokens, runners, freeSlots, waitSeconds, tokensPerSecond, price }) => ({
      id,
      kind,
      contextTokens,
      offers: runners > 0 ? [{ tier: 'open', runners, freeSlots, waitSeconds, tokensPerSecond, price }] : [],
    }),
  )
}

/** Models that can be talked to now, those that everybody can before the rest. */
export function chatModels(models: readonly OfferedModel[]): readonly OfferedModel[] {
  const served = models.filter(({ kind, offers }) => kind === 'chat' && offers.length > 0)
  return served.toSorted((one, other) => Number(!!offerOf(other, 'open')) - Number(!!offerOf(one, 'open')))
}

/** A model's tier; undefined where nobody serves it. */
export function offerOf(model: OfferedModel | undefined, tier: Tier): Offer | undefined {
  return model?.offers.find((offer) => offer.tier === tier)
}

/** A model for the examples: one that answers right now, whoever runs them. */
export function exampleModel(models: readonly OfferedModel[]): string {
  const [first] = chatModels(models)
  return first && offerOf(first, 'open') ? first.id : BUNDLED_MODEL
}
