import type { ChoicesJson } from '../../../../protocol/src/miniapp/choices.ts'
import { parseNano } from '../../../../protocol/src/money.ts'
import type { Price } from '../../network/network.ts'
import type { ChatTier, Choice } from '../conversation.ts'

/** Something that can be chosen: a model in a tier, as it is served now. */
export type ModelChoice = Choice & {
  readonly contextTokens: number
  readonly parameters: number
  readonly freeSlots: number
  readonly waitSeconds: number
  readonly tokensPerSecond: number
  readonly price: Price
}

/** Tiers that can be asked for from here, the more private one first. */
export const CHAT_TIERS: readonly ChatTier[] = ['own', 'confidential', 'open']

/** Whether a question in a tier is sealed on this device: always where evidence decides, and for one's own runners once one was confirmed. */
export function isSealedChoice(tier: ChatTier | undefined, confirmed: ReadonlySet<string>): boolean {
  return tier === 'confidential' || (tier === 'own' && confirmed.size > 0)
}

/** What `GET /v1/choices` says, as a list: the more private first, and larger models before smaller ones. */
export function toChoices({ data }: ChoicesJson): readonly ModelChoice[] {
  const choices = data
    .filter(({ kind }) => kind === 'chat')
    .flatMap(({ model, context_tokens, parameters, tiers }) =>
      tiers.flatMap((served): ModelChoice[] => {
        const [input, output] = [parseNano(served.price.input), parseNano(served.price.output)]
        const { tier } = served
        if (input === undefined || output === undefined) return []
        return [
          {
            model,
            tier,
            contextTokens: context_tokens,
            parameters,
            freeSlots: served.free_slots,
            waitSeconds: served.wait_seconds,
            tokensPerSecond: served.tokens_per_second,
            price: { input, output },
          },
        ]
      }),
    )
  return choices.toSorted(
    (one, other) =>
      CHAT_TIERS.indexOf(one.tier) - CHAT_TIERS.indexOf(other.tier) ||
      other.parameters - one.parameters ||
      one.model.localeCompare(other.model),
  )
}

/** What is chosen, and how it is served; `served` is undefined where nobody serves it now. */
export type Picked = { readonly choice: Choice; readonly served: ModelChoice | undefined }

/**
 * What the person chose before, also when nobody serves it now: a tier is never lowered, and a model never changed,
 * behind somebody's back. Who chose nothing yet gets an own GPU, or else the largest open model that has a place free.
 */
export function pickChoice(
  choices: readonly ModelChoice[],
  remembered: Choice | undefined,
): Picked | undefined {
  if (remembered) {
    const { model, tier } = remembered
    return {
      choice: remembered,
      served: choices.find((one) => one.model === model && one.tier === tier),
    }
  }
  const open = choices.filter(({ tier }) => tier === 'open')
  const own = choices.find(({ tier }) => tier === 'own')
  const first = own ?? open.find(({ freeSlots }) => freeSlots > 0) ?? open[0] ?? choices[0]
  return first && { choice: { model: first.model, tier: first.tier }, served: first }
}
