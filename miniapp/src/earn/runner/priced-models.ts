import type { RunnerDetailJson } from '../../../../protocol/src/miniapp/runners.ts'

type Served = RunnerDetailJson['models'][number]

/** A model that a runner serves, or that its owner set a price for. */
export type PricedModel = {
  readonly id: string
  readonly ask: Served['ask']
  readonly isByOwner: boolean
  /** Undefined: not served right now. */
  readonly served: Served | undefined
}

/** What is served first, then prices that wait for their model. */
export function listPricedModels({
  models,
  asks,
}: Pick<RunnerDetailJson, 'models' | 'asks'>): readonly PricedModel[] {
  const served = models.map((model) => ({
    id: model.id,
    ask: model.ask,
    isByOwner: model.ask_by === 'owner',
    served: model,
  }))
  const waiting = asks
    .filter(({ model }) => !models.some(({ id }) => id === model))
    .map(({ model, ask }) => ({ id: model, ask, isByOwner: true, served: undefined }))
  return [...served, ...waiting]
}
