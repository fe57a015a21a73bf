import type { ModelOffer } from '../../../bot/src/bot-deps.ts'
import { nano } from '../../../protocol/src/money.ts'
import type { ConfidentialSupply } from '../dispatch/sealed-supply.ts'
import type { DispatchSnapshot } from '../dispatch/snapshot.ts'
import { keptFor } from '../platform/kept-for.ts'
import type { Model } from './model-store.ts'

/** A model of the catalog with what its runners show now. */
export type ListedModel = { readonly model: Model; readonly now: DispatchSnapshot }

export type DirectoryDeps = {
  readonly listModels: () => Promise<readonly Model[]>
  readonly snapshot: (model: Model) => Promise<DispatchSnapshot>
  readonly nowMs: () => number
  /** How long an answer is given again without asking, in ms. */
  readonly cacheMs: number
}

/** Reads the models that the network knows, with live figures that are at most `cacheMs` old. */
export function createModelDirectory(deps: DirectoryDeps): () => Promise<readonly ListedModel[]> {
  return keptFor(deps.cacheMs, { ask: () => readDirectory(deps), nowMs: deps.nowMs })
}

async function readDirectory({ listModels, snapshot }: DirectoryDeps): Promise<readonly ListedModel[]> {
  const models = await listModels()
  return Promise.all(models.map(async (model) => ({ model, now: await snapshot(model) })))
}

/**
 * Chat models that a person can use now, once for each tier that serves them, the largest first: the bundled small one
 * comes last. `simulation`: whether this build's evidence comes from the simulated TEE.
 */
export function toModelOffers(
  listed: readonly ListedModel[],
  simulation: 'refused' | 'allowed' = 'refused',
): readonly ModelOffer[] {
  return listed
    .filter(({ model }) => model.kind === 'chat')
    .flatMap(({ model, now }): readonly ModelOffer[] => {
      const { id, parameters } = model
      const { price, confidential } = now
      const isSimulated = simulation === 'allowed' ? { isSimulated: true } : {}
      return [
        ...(price ? [{ id, parameters, tier: 'open' as const, ...supplyOf({ ...now, price }) }] : []),
        ...(confidential
          ? [{ id, parameters, tier: 'confidential' as const, ...isSimulated, ...supplyOf(confidential) }]
          : []),
      ]
    })
    .toSorted((a, b) => sizeOf(b) - sizeOf(a) || a.id.localeCompare(b.id) || b.tier.localeCompare(a.tier))
}

type Supply = Pick<ConfidentialSupply, 'contextTokens' | 'price' | 'freeSlots' | 'tokensPerSecond'>

function supplyOf({ contextTokens, price, freeSlots, tokensPerSecond }: Supply) {
  const { input, output } = price
  const inNano = { input: nano(BigInt(input)), output: nano(BigInt(output)) }
  return { contextTokens, price: inNano, freeSlots, tokensPerSecond }
}

/** A served model whose size is not known stands between the large ones and the bundled one. */
function sizeOf({ parameters }: ModelOffer): number {
  return parameters === 0 ? 100_000_000 : parameters
}
