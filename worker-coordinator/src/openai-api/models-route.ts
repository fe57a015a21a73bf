import { Hono } from 'hono'
import type { ModelList } from '../../../protocol/src/openai/model-list.ts'
import type { OpenAiDeps } from './openai-deps.ts'
import { admit, type OpenAiEnv, refuse } from './openai-edge-route.ts'
import { toModel } from './to-model.ts'

/** `GET /v1/models` and `GET /v1/models/:id`. A model's id may hold slashes, plain or escaped. */
export function modelsRoute(deps: OpenAiDeps): Hono<OpenAiEnv> {
  return new Hono<OpenAiEnv>()
    .get('/v1/models', admit(deps), async (c) => {
      const list: ModelList = { object: 'list', data: (await deps.listModels()).map(toModel) }
      return c.json(list)
    })
    .get('/v1/models/:id{.+}', admit(deps), async (c) => {
      const id = c.req.param('id')
      const model = (await deps.listModels()).find((listed) => listed.id === id)
      return model === undefined ? refuse(c, 'unknown-model') : c.json(toModel(model))
    })
}
