import { z } from 'zod'
import { amountTextSchema, unixSecondsSchema } from './amount.ts'

/** Answer of `POST /v1/pairing-codes`. */
export const pairingCodeResponseSchema = z.object({
  /** Names the code where its pairing is watched, `GET /v1/pairing-codes/:id`; pairs nothing. */
  id: z.string(),
  /** Like K7QM-29XF. */
  code: z.string(),
  expires_at: unixSecondsSchema,
  /** What the owner types on the GPU's machine. */
  command: z.string(),
})
export type PairingCodeResponse = z.infer<typeof pairingCodeResponseSchema>

/** A runner as its owner sees it. */
export const ownedRunnerSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['active', 'paused']),
  online: z.boolean(),
  /** Names of the models that it serves now. */
  models: z.array(z.string()),
  earned_nano: amountTextSchema,
  /** From jobs that came since midnight, UTC. */
  earned_today_nano: amountTextSchema,
  created_at: unixSecondsSchema,
})
export type OwnedRunnerJson = z.infer<typeof ownedRunnerSchema>

/** `GET /v1/runners`, the oldest first. */
export const ownedRunnerListSchema = z.object({ data: z.array(ownedRunnerSchema) })

/** `GET /v1/fleet/:id/jobs?limit&cursor`; the cursor is one that a page came with. */
export const runnerJobsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z
    .string()
    .regex(/^job_[0-9a-hjkmnp-tv-z]{9,25}$/, 'not a cursor of this list')
    .optional(),
})
