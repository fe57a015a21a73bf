import * as z from 'zod/mini'
import { count, priceSchema, tierSchema } from './fields.ts'

/** `GET /v1/choices`: what the caller can chat with right now, by model and tier. Needs a session or a key. */
export const choicesSchema = z.object({
  data: z.array(
    z.object({
      model: z.string(),
      kind: z.enum(['chat', 'embedding']),
      context_tokens: count,
      parameters: count,
      /** Only tiers that somebody serves to this caller. `own` costs nothing. */
      tiers: z.array(
        z.object({
          tier: tierSchema,
          runners: count,
          free_slots: count,
          wait_seconds: z.number(),
          tokens_per_second: z.number(),
          price: priceSchema,
        }),
      ),
    }),
  ),
})
export type ChoicesJson = z.infer<typeof choicesSchema>
