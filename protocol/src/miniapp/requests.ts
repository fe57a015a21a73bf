import * as z from 'zod/mini'
import { count, momentMs, nanoText, tierSchema } from './fields.ts'

/**
 * `GET /v1/requests?limit&cursor&key`: the jobs that an account paid for, the newest first. No bodies: they are not kept.
 */
export const requestLogSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['chat', 'embedding']),
      model: z.string(),
      tier: tierSchema,
      state: z.enum(['queued', 'running', 'done', 'stopped', 'failed']),
      reason: z.nullable(z.string()),
      /** The API key's name; null: the bot, the Mini App, or a key that is gone. */
      key_name: z.nullable(z.string()),
      prompt_tokens: count,
      completion_tokens: count,
      charge_nano: nanoText,
      created_at_ms: momentMs,
      /** From the request to the first piece of the answer; null: nothing was delivered. */
      first_delta_ms: z.nullable(count),
      /** From the request to the end; null: it is not over. */
      took_ms: z.nullable(count),
    }),
  ),
  /** For the next, older page. A short page can still have one. */
  next_cursor: z.nullable(z.string()),
})
export type RequestLogJson = z.infer<typeof requestLogSchema>
