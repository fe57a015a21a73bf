import * as z from 'zod/mini'
import { count, momentMs, nanoText, priceSchema } from './fields.ts'

/** `GET /v1/network/live`: the network as its page shows it. Nothing in it names a person or a runner's owner. */
export const liveNetworkSchema = z.object({
  at_ms: momentMs,
  /** Runners that serve everyone, 500 at most: their number in the field, not their id. */
  field: z.array(
    z.object({
      /** The same for a runner as long as it stays connected; says nothing of it. */
      key: z.string(),
      region: z.nullable(z.string()),
      models: z.array(z.string()),
      tokens_per_second: z.number(),
      slots: count,
      running: count,
    }),
  ),
  runners: count,
  slots: count,
  running: count,
  waiting: count,
  /** Jobs that ended with an answer in the last 60 s. */
  jobs_last_minute: count,
  /** Since midnight, UTC: what owners earned, and how many jobs were done. */
  owners_today_nano: nanoText,
  jobs_today: count,
  models: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['chat', 'embedding']),
      context_tokens: count,
      parameters: count,
      runners: count,
      slots: count,
      free_slots: count,
      waiting: count,
      wait_seconds: z.number(),
      tokens_per_second: z.number(),
      /** The lowest ask; null while nobody serves it. */
      price: z.nullable(priceSchema),
      /** What is asked, the cheapest first: places at each price. 20 steps at most. */
      asks: z.array(
        z.object({
          price: priceSchema,
          runners: count,
          slots: count,
          free_slots: count,
          tokens_per_second: z.number(),
        }),
      ),
    }),
  ),
})
export type LiveNetworkJson = z.infer<typeof liveNetworkSchema>
