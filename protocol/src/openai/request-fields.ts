import { z } from 'zod'
import { tierSchema } from '../miniapp/fields.ts'
import { type Nano, parseNano } from '../money.ts'
import { customIssue, kindOf } from './request-fault.ts'

/** A field that may be left out; null says the same as leaving it out, as in OpenAI's API. */
export function optional<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform((value): z.infer<S> | undefined => value ?? undefined)
}

/** A field that this network cannot do anything with: refused unless it is absent, null or says "nothing". */
export function unsupported(isNothing: (value: unknown) => boolean = () => false) {
  return z
    .unknown()
    .optional()
    .superRefine((value, ctx) => {
      if (value === undefined || value === null || isNothing(value)) return
      const message = 'Unsupported parameter: {} is not supported by this API. Remove it.'
      ctx.addIssue(customIssue(value, { code: 'unsupported_parameter', message }))
    })
}

/** A whole number within bounds, both included. */
export function integer({ min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number }) {
  return z.int().superRefine((value, ctx) => {
    if (value >= min && value <= max) return
    const fault =
      value < min
        ? { code: 'integer_below_min_value', words: 'below minimum value', bound: `>= ${min}` }
        : { code: 'integer_above_max_value', words: 'above maximum value', bound: `<= ${max}` }
    const message = `Invalid {}: integer ${fault.words}. Expected a value ${fault.bound}.`
    ctx.addIssue(customIssue(value, { code: fault.code, message }))
  })
}

/** How deep a value that is passed on to an engine may nest: every later reader can then recurse without harm. */
export const DEPTH_MAX = 64

/** Refuses values that nest deeper than DEPTH_MAX. */
export function withBoundedDepth<S extends z.ZodType>(schema: S) {
  return schema.superRefine((value: unknown, ctx) => {
    if (isDeeperThan(value, DEPTH_MAX)) {
      const message = `Invalid {}: it nests deeper than ${DEPTH_MAX} levels.`
      ctx.addIssue(customIssue(value, { code: 'invalid_value', message }))
    }
  })
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((item) => isDeeperThan(item, levels - 1))
}

/** A list whose length is checked before its items are: a hundred thousand bad items cost one fault. */
export function boundedList<S extends z.ZodType>(item: S, bounds: { min: number; max: number }) {
  return z.array(z.unknown()).min(bounds.min).max(bounds.max).pipe(z.array(item))
}

/** `tier`, our addition to OpenAI's requests: who may read the job. `open` where it is left out. */
export const tierFieldSchema = optional(z.enum(tierSchema.options))

/** The most a caller pays, nano per 1,000,000 tokens; an absent side has no bound. */
export type MaxPrice = { readonly input?: Nano; readonly output?: Nano }

/**
 * Reads `max_price`, our addition to OpenAI's requests: one amount for both sides, or `{input?, output?}`. Amounts are
 * whole, as a number or as a string of digits.
 */
export const maxPriceSchema = z.unknown().transform((value, ctx): MaxPrice => {
  if (typeof value === 'number' || typeof value === 'string') {
    const both = readPrice(value, [], ctx)
    return { input: both, output: both }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `Invalid type for {}: expected an integer or an object, but got ${kindOf(value)} instead.`
    ctx.addIssue(customIssue(value, { code: 'invalid_type', message }))
    return z.NEVER
  }
  return readSides(value as Record<string, unknown>, ctx)
})

function readSides(value: Record<string, unknown>, ctx: z.core.$RefinementCtx): MaxPrice {
  const { input, output, ...rest } = value
  const extra = Object.keys(rest)[0]
  if (extra !== undefined) {
    ctx.addIssue({ code: 'unrecognized_keys', keys: [extra], input: value, path: [] })
  }
  return {
    ...(input === undefined || input === null ? {} : { input: readPrice(input, ['input'], ctx) }),
    ...(output === undefined || output === null ? {} : { output: readPrice(output, ['output'], ctx) }),
  }
}

function readPrice(value: unknown, path: readonly string[], ctx: z.core.$RefinementCtx): Nano {
  const amount = parseNano(value)
  if (amount !== undefined) return amount
  const negative =
    (typeof value === 'number' && value < 0) || (typeof value === 'string' && /^-\d/.test(value))
  const code = negative ? 'integer_below_min_value' : 'invalid_type'
  const message = 'Invalid {}: expected a whole number of nano per 1,000,000 tokens, from 0 to 2^53 - 1.'
  ctx.addIssue(customIssue(value, { code, message, path }))
  return z.NEVER
}
