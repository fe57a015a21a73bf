import * as z from 'zod/mini'
import { count, nanoRequest, nanoText } from './fields.ts'

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(64))
/** Null is no limit. A day and a month are UTC's. */
const limitRequest = z.optional(z.nullable(nanoRequest))

/** `POST /v1/keys`, as the page sends it. */
export const createKeySchema = z.strictObject({
  name,
  limit_day_nano: limitRequest,
  limit_month_nano: limitRequest,
})
export type CreateKeyJson = z.infer<typeof createKeySchema>

/** `PATCH /v1/keys/:id`: what is left out stays as it is. */
export const updateKeySchema = z.strictObject({
  name: z.optional(name),
  limit_day_nano: limitRequest,
  limit_month_nano: limitRequest,
})
export type UpdateKeyJson = z.infer<typeof updateKeySchema>

const keyFields = {
  id: z.int(),
  name: z.string(),
  /** The first characters, by which a person recognises the key. */
  prefix: z.string(),
  limit_day_nano: z.nullable(nanoText),
  limit_month_nano: z.nullable(nanoText),
  held_nano: nanoText,
  spent_nano: nanoText,
  spent_day_nano: nanoText,
  spent_month_nano: nanoText,
  /** Unix seconds. */
  created_at: count,
  /** When the last job of this key ended, Unix seconds; null: none has. */
  last_used_at: z.nullable(count),
}

/** A key as its owner sees it. The key itself is not part of it. */
export const apiKeySchema = z.object(keyFields)
export type ApiKeyJson = z.infer<typeof apiKeySchema>

/** `GET /v1/keys`: the keys that work, the oldest first. */
export const apiKeyListSchema = z.object({ data: z.array(apiKeySchema) })
export type ApiKeyListJson = z.infer<typeof apiKeyListSchema>

/** The answer of `POST /v1/keys`, the only one that carries the key. */
export const createdApiKeySchema = z.object({ ...keyFields, key: z.string().check(z.minLength(1)) })
export type CreatedApiKeyJson = z.infer<typeof createdApiKeySchema>

/** The answer of `DELETE /v1/keys/:id`. */
export const revokedKeySchema = z.object({ id: z.int(), deleted: z.literal(true) })
