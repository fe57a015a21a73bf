import { z } from 'zod'
import { amountTextSchema } from '../accounts/amount.ts'

/** The longest range that a usage report covers, in days. */
export const USAGE_DAYS_MAX = 92

/** `GET /v1/usage?from=2026-11-01&to=2026-11-30&group_by=day`. Days are UTC's, both included; by when a job was asked. */
export const usageQuerySchema = z.strictObject({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  group_by: z.enum(['key', 'model', 'day']).default('day'),
})
export type UsageGroup = z.infer<typeof usageQuerySchema>['group_by']

export const usageSchema = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  group_by: z.enum(['key', 'model', 'day']),
  data: z.array(
    z.object({
      /** The key's id (`null`: none, from the bot or the Mini App), the model's name, or the day. */
      group: z.union([z.string(), z.int(), z.null()]),
      /** The key's name; null for other groups, and where the key is gone. */
      name: z.string().nullable(),
      jobs: z.int(),
      prompt_tokens: z.int(),
      completion_tokens: z.int(),
      charge_nano: amountTextSchema,
      charge_ton: z.string(),
    }),
  ),
  total: z.object({
    jobs: z.int(),
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    charge_nano: amountTextSchema,
    charge_ton: z.string(),
  }),
})
export type UsageJson = z.infer<typeof usageSchema>
