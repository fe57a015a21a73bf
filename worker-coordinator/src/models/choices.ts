import type { ChoicesJson } from '../../../protocol/src/miniapp/choices.ts'
import type { OwnSupply } from '../dispatch/own-supply.ts'
import type { ConfidentialSupply } from '../dispatch/sealed-supply.ts'
import type { ListedModel } from './model-directory.ts'

type ModelChoice = ChoicesJson['data'][number]
type TierChoice = ModelChoice['tiers'][number]

/** A model, and what of it serves the caller's jobs of tier `own`; undefined: nothing. */
export type ModelSupply = ListedModel & { readonly own: OwnSupply | undefined }

/** Models that somebody in a tier of the caller's serves now. */
export function toChoices(supplies: readonly ModelSupply[]): ChoicesJson {
  return { data: supplies.map(toModelChoice).filter(({ tiers }) => tiers.length > 0) }
}

/** True when runners are there that may serve jobs of tier `own` of an account that is in these groups. */
export function mayHaveOwn({ now }: ListedModel, accountId: number, groupIds: readonly string[]): boolean {
  return now.ownerIds.includes(accountId) || now.groupIds.some((groupId) => groupIds.includes(groupId))
}

function toModelChoice({ model, now, own }: ModelSupply): ModelChoice {
  const contextTokens = Math.max(
    now.contextTokens,
    own?.contextTokens ?? 0,
    now.confidential?.contextTokens ?? 0,
  )
  return {
    model: model.id,
    kind: model.kind,
    context_tokens: contextTokens || model.contextTokens,
    parameters: model.parameters,
    tiers: [...openTier(now), ...ownTier(own), ...confidentialTier(now.confidential)],
  }
}

function openTier({
  runners,
  freeSlots,
  waitSeconds,
  tokensPerSecond,
  price,
}: ListedModel['now']): readonly TierChoice[] {
  if (runners === 0 || !price) return []
  return [
    {
      tier: 'open',
      runners,
      free_slots: freeSlots,
      wait_seconds: waitSeconds,
      tokens_per_second: tokensPerSecond,
      price: { input: String(price.input), output: String(price.output) },
    },
  ]
}

function ownTier(own: OwnSupply | undefined): readonly TierChoice[] {
  if (!own || own.runners === 0) return []
  return [
    {
      tier: 'own',
      runners: own.runners,
      free_slots: own.freeSlots,
      wait_seconds: own.waitSeconds,
      tokens_per_second: own.tokensPerSecond,
      price: { input: '0', output: '0' },
    },
  ]
}

function confidentialTier(supply: ConfidentialSupply | undefined): readonly TierChoice[] {
  if (!supply) return []
  const { runners, freeSlots, waitSeconds, tokensPerSecond, price } = supply
  return [
    {
      tier: 'confidential',
      runners,
      free_slots: freeSlots,
      wait_seconds: waitSeconds,
      tokens_per_second: tokensPerSecond,
      price: { input: String(price.input), output: String(price.output) },
    },
  ]
}
