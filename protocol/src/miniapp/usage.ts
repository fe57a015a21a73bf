import * as z from 'zod/mini'
import { count, day, nanoText } from './fields.ts'

const sums = { jobs: count, prompt_tokens: count, completion_tokens: count, charge_nano: nanoText }

export const usageGroupSchema = z.enum(['key', 'model', 'day'])
export type UsageGroup = z.infer<typeof usageGroupSchema>

/** `GET /v1/usage?from&to&group_by`, as the page reads it. Days without a job are not among its lines. */
export const usageReportSchema = z.object({
  from: day,
  to: day,
  group_by: usageGroupSchema,
  data: z.array(
    z.object({
      /** The key's id (null: none, from the bot or the Mini App), the model's name, or the day. */
      group: z.union([z.string(), z.int(), z.null()]),
      /** The key's name; null for other groups, and where the key is gone. */
      name: z.nullable(z.string()),
      ...sums,
    }),
  ),
  total: z.object(sums),
})
export type UsageReportJson = z.infer<typeof usageReportSchema>
