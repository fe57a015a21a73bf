import type { Model } from '../../../protocol/src/openai/model-list.ts'
import type { ListedModel } from './openai-deps.ts'

/** A model as `GET /v1/models` shows it. */
export function toModel(model: ListedModel): Model {
  const { price } = model
  return {
    id: model.id,
    object: 'model',
    created: model.createdAtS,
    owned_by: 'sharnaqa',
    sharnaqa: {
      kind: model.kind,
      context_tokens: model.contextTokens,
      parameters: model.parameters,
      price_nano: price === undefined ? null : { input: Number(price.input), output: Number(price.output) },
      online_runners: model.online,
    },
  }
}
