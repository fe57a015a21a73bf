import { z } from 'zod'

/** How many requests a page of the log has at most. */
export const REQUESTS_PAGE_MAX = 100

/** `GET /v1/requests?limit&cursor&key`: `key` is an API key's id. Its answer is in `miniapp/requests.ts`. */
export const requestLogQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(REQUESTS_PAGE_MAX).default(50),
  cursor: z.string().max(64).optional(),
  key: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
})
