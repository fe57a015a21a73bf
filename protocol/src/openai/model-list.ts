import { z } from 'zod'
import { modelKindSchema } from '../model-manifest.ts'

/** One model (OpenAI's `Model`); `sharnaqa` is our addition. */
export const modelSchema = z.strictObject({
  id: z.string().min(1),
  object: z.literal('model'),
  created: z.int().min(0),
  owned_by: z.literal('sharnaqa'),
  sharnaqa: z.strictObject({
    kind: modelKindSchema,
    /** Tokens that prompt and answer may have together. */
    context_tokens: z.int().min(0),
    parameters: z.int().min(0),
    /** The lowest price at which it is offered now, nano per 1,000,000 tokens; null while nobody offers it. */
    price_nano: z.strictObject({ input: z.int().min(0), output: z.int().min(0) }).nullable(),
    /** Runners that serve it now. */
    online_runners: z.int().min(0),
  }),
})
export type Model = z.infer<typeof modelSchema>

/** The answer of `GET /v1/models` (OpenAI's `ListModelsResponse`). */
export const modelListSchema = z.strictObject({ object: z.literal('list'), data: z.array(modelSchema) })
export type ModelList = z.infer<typeof modelListSchema>
