import * as z from 'zod/mini'
import { count, momentMs, nanoText, parserOf, tierSchema } from '../../../../protocol/src/miniapp/fields.ts'
import type { Reply, Session } from '../../session/session.ts'
import type { AnswerJob } from '../conversation.ts'

/** `GET /v1/jobs/:id`, as far as a receipt shows it. */
const jobSchema = z.object({
  id: z.string(),
  model: z.string(),
  tier: tierSchema,
  state: z.enum(['queued', 'running', 'done', 'stopped', 'failed']),
  charge_nano: nanoText,
  prompt_tokens: count,
  completion_tokens: count,
  created_at_ms: momentMs,
  first_delta_at_ms: z.nullable(momentMs),
  ended_at_ms: z.nullable(momentMs),
  /** Whole, as their runners signed them: the check reads them strictly. */
  receipts: z.array(z.looseObject({ runnerId: z.string(), attempt: count, signature: z.string() })),
  /** Raw Ed25519 of each of these runners, base64url. */
  runner_keys: z.optional(z.record(z.string(), z.string())),
})
export type JobRecord = z.infer<typeof jobSchema>

/** Asks the coordinator for its record of a job. */
export function askJob({ ask }: Session, jobId: string): Promise<Reply<JobRecord>> {
  return ask(`/v1/jobs/${encodeURIComponent(jobId)}`, parserOf(jobSchema))
}

/** Time from the question to the first words, ms; undefined where nothing was delivered. */
export function firstWordsMs({ created_at_ms, first_delta_at_ms }: JobRecord): number | undefined {
  return first_delta_at_ms === null ? undefined : Math.max(0, first_delta_at_ms - created_at_ms)
}

/** What a record says of an answer's job; undefined while it is not over. */
export function recordedOf(record: JobRecord): { wasStopped: boolean; job: AnswerJob } | undefined {
  if (record.ended_at_ms === null) return undefined
  return {
    wasStopped: record.state === 'stopped',
    job: {
      costNano: record.charge_nano,
      promptTokens: record.prompt_tokens,
      completionTokens: record.completion_tokens,
    },
  }
}
