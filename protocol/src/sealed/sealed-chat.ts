import * as z from 'zod/mini'
import { envelopeSchema } from './envelope.ts'

const count = z.int().check(z.minimum(0), z.maximum(1_000_000_000_000))

/**
 * The body of `POST /v1/sealed/chat`. The answer is newline-delimited JSON: `RelayFrame`s. With an `Idempotency-Key` the
 * same body reads the same answer, from its beginning.
 */
export const sealedChatSchema = z.strictObject({
  model: z.string().check(z.minLength(1), z.maxLength(96)),
  ...envelopeSchema.shape,
  linger_seconds: z.optional(z.int().check(z.minimum(0), z.maximum(120))),
  /** The most that a runner may ask, nano per 1,000,000 tokens. */
  max_price: z.optional(z.strictObject({ input: count, output: count })),
})
export type SealedChatBody = z.infer<typeof sealedChatSchema>
