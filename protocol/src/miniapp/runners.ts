import * as z from 'zod/mini'
import { count, day, momentMs, nanoRequest, nanoText, priceSchema } from './fields.ts'

/** Whose jobs a runner takes: everybody's, those of one group, or its owner's alone. */
export const audienceSchema = z.enum(['everyone', 'group', 'own'])
export type Audience = z.infer<typeof audienceSchema>

/** A model that a runner serves now, with what it asks for it. */
export const servedModelSchema = z.object({
  id: z.string(),
  slots: count,
  running: count,
  tokens_per_second: z.number(),
  /** Nano per 1,000,000 tokens. */
  ask: priceSchema,
  /** Who set it: the runner's own settings, or the owner here. */
  ask_by: z.enum(['runner', 'owner']),
})

const runnerFields = {
  id: z.string(),
  name: z.string(),
  state: z.enum(['active', 'paused']),
  online: z.boolean(),
  models: z.array(servedModelSchema),
  /** The GPU or processor, in the runner's words; null before it first connected. */
  device: z.nullable(z.string()),
  /** Continent (`EU`, `AS` and so on, as Cloudflare names it); null where it is not known. */
  region: z.nullable(z.string()),
  audience: audienceSchema,
  group_id: z.nullable(z.string()),
  /** Ever. */
  earned_nano: nanoText,
  /** Since midnight, UTC; and with the 6, and the 29 days before. */
  today_nano: nanoText,
  days_7_nano: nanoText,
  days_30_nano: nanoText,
  /** Earned, and not old enough to be paid out. */
  accruing_nano: nanoText,
  jobs_today: count,
  created_at_ms: momentMs,
  /** When it was last connected; null: never. Now, while it is online. */
  last_seen_at_ms: z.nullable(momentMs),
}

/** A runner as its owner sees it in the list. */
export const fleetRunnerSchema = z.object(runnerFields)
export type FleetRunnerJson = z.infer<typeof fleetRunnerSchema>

/** `GET /v1/fleet`: all runners of an account, the oldest first. */
export const fleetSchema = z.object({
  data: z.array(fleetRunnerSchema),
  /** Of all runners, those that were removed included. */
  today_nano: nanoText,
  days_7_nano: nanoText,
  days_30_nano: nanoText,
  /** Earned per day for 30 days, the oldest first; days without anything are there with 0. */
  days: z.array(z.object({ day, earned_nano: nanoText, jobs: count })),
  /** How long earnings accrue before they can be paid out. */
  matures_after_s: count,
})
export type FleetJson = z.infer<typeof fleetSchema>

/** `GET /v1/fleet/:id`: one runner. */
export const runnerDetailSchema = z.object({
  ...runnerFields,
  days: z.array(z.object({ day, earned_nano: nanoText, jobs: count })),
  /** Share of the time that it was connected, 0 to 1; since it was paired, where that is shorter. */
  online_share_24h: z.number(),
  online_share_7d: z.number(),
  /** When it was not connected, the newest first; `to_ms` null: still. The last 7 days. */
  downtimes: z.array(z.object({ from_ms: momentMs, to_ms: z.nullable(momentMs) })),
  /** Prices that the owner set here, also for models that are not served right now. */
  asks: z.array(z.object({ model: z.string(), ask: priceSchema })),
})
export type RunnerDetailJson = z.infer<typeof runnerDetailSchema>

/** `GET /v1/fleet/:id/jobs?limit&cursor`: what it worked on, the newest first, paid or not and why. */
export const runnerJobsSchema = z.object({
  data: z.array(
    z.object({
      job: z.string(),
      model: z.string(),
      amount_nano: nanoText,
      completion_tokens: count,
      /** See UNPAID_REASONS in billing/earnings.ts; null: paid in full. */
      unpaid_reason: z.nullable(z.string()),
      /** Why the job failed; null: it did not. */
      job_reason: z.nullable(z.string()),
      ended_at_ms: momentMs,
    }),
  ),
  next_cursor: z.nullable(z.string()),
})
export type RunnerJobsJson = z.infer<typeof runnerJobsSchema>

/** `PATCH /v1/runners/:id`: what is left out stays as it is. `audience: 'group'` needs `group_id`. */
export const updateRunnerSchema = z.strictObject({
  name: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(64))),
  state: z.optional(z.enum(['active', 'paused'])),
  audience: z.optional(audienceSchema),
  group_id: z.optional(z.string()),
})
export type UpdateRunnerJson = z.infer<typeof updateRunnerSchema>

/** `PUT /v1/runners/:id/asks/:model`; `DELETE` gives the price back to the runner's own settings. */
export const setAskSchema = z.strictObject({ input: nanoRequest, output: nanoRequest })

/** `GET /v1/pairing-codes/:id`: how far a pairing is. `id` comes with the code; it cannot pair anything. */
export const pairingProgressSchema = z.object({
  state: z.enum(['waiting', 'paired', 'expired']),
  expires_at_ms: momentMs,
  runner: z.nullable(
    z.object({
      id: z.string(),
      name: z.string(),
      device: z.nullable(z.string()),
      online: z.boolean(),
      models: z.array(z.string()),
      jobs_done: count,
      earned_nano: nanoText,
    }),
  ),
})
export type PairingProgressJson = z.infer<typeof pairingProgressSchema>

/**
 * `GET /v1/forecast`: what runners earned by model in the last 24 hours, from settled receipts. `hours`: how long they
 * were connected, all together.
 */
export const forecastSchema = z.object({
  data: z.array(
    z.object({
      model: z.string(),
      runners: count,
      hours: z.number(),
      earned_nano: nanoText,
      /** `earned_nano / hours`, rounded down; null with less than an hour to go by. */
      nano_per_hour: z.nullable(nanoText),
    }),
  ),
  from_ms: momentMs,
  to_ms: momentMs,
})
export type ForecastJson = z.infer<typeof forecastSchema>
