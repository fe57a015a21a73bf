import { z } from 'zod'
import { amountSchema, amountTextSchema, unixSecondsSchema } from './amount.ts'

const name = z.string().trim().min(1).max(64)
/** Null is no limit. A day and a month are UTC's. */
const limit = z.union([z.null(), amountSchema])

/** `POST /v1/keys`. */
export const createKeyRequestSchema = z.strictObject({
  name,
  limit_day_nano: limit.optional(),
  limit_month_nano: limit.optional(),
})

/** `PATCH /v1/keys/:id`: what is left out stays as it is. */
export const updateKeyRequestSchema = z.strictObject({
  name: name.optional(),
  limit_day_nano: limit.optional(),
  limit_month_nano: limit.optional(),
})

/** A key as its owner sees it. The key itself is not part of it. */
export const keySchema = z.object({
  id: z.int(),
  name: z.string(),
  /** The first characters, by which a person recognises the key. */
  prefix: z.string(),
  limit_day_nano: amountTextSchema.nullable(),
  limit_month_nano: amountTextSchema.nullable(),
  held_nano: amountTextSchema,
  spent_nano: amountTextSchema,
  spent_day_nano: amountTextSchema,
  spent_month_nano: amountTextSchema,
  created_at: unixSecondsSchema,
  /** When the last job of this key ended. */
  last_used_at: unixSecondsSchema.nullable(),
})
export type Key = z.infer<typeof keySchema>

/** `GET /v1/keys`: the keys that work, the oldest first. */
export const keyListSchema = z.object({ data: z.array(keySchema) })

/** Answer of `POST /v1/keys`, the only one that carries the key. */
export const createdKeySchema = keySchema.extend({ key: z.string() })
export type CreatedKey = z.infer<typeof createdKeySchema>
