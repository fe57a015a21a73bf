import * as z from 'zod/mini'

// These schemas are read by the Mini App as well: `zod/mini` keeps its first load small.

/** An amount in an answer: nano as decimal text. */
export const nanoText = z.string().check(z.regex(/^(0|[1-9][0-9]{0,15})$/))
/** An amount in a request: the same. */
export const nanoRequest = nanoText
/** A moment, Unix ms. */
export const momentMs = z.int().check(z.minimum(0))
/** A day of UTC, such as `2026-11-22`. */
export const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))
/** How many there are. */
export const count = z.int().check(z.minimum(0))
/** Prices, nano per 1,000,000 tokens: read ones and written ones. */
export const priceSchema = z.object({ input: nanoText, output: nanoText })
export const tierSchema = z.enum(['open', 'own', 'confidential'])
export type Tier = z.infer<typeof tierSchema>

/** Reads an answer by its schema; undefined where it is not one, such as a proxy's error page. */
export function parserOf<T>(schema: z.ZodMiniType<T>): (value: unknown) => T | undefined {
  return (value) => schema.safeParse(value).data
}
