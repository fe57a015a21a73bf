import * as z from 'zod/mini'
import type { ReceiptToVerify } from '../../../protocol/src/receipts/receipt-facts.ts'
import {
  receiptProofPendingSchema,
  receiptProofSchema,
} from '../../../protocol/src/receipts/receipt-proof.ts'
import type { NetworkReply } from '../../../protocol/src/sealed-client/sealed-network.ts'

/** Receipts of one job. */
const RECEIPTS_MAX = 101
const JOB_BYTES_MAX = 2_000_000
const REPLY_MS = 20_000

/** `GET /v1/jobs/:id`, as far as receipts are concerned. */
const jobSchema = z.object({
  id: z.string(),
  charge_nano: z.string(),
  completion_tokens: z.nullable(z.int()),
  receipts: z.array(z.unknown()).check(z.maxLength(RECEIPTS_MAX)),
  runner_keys: z.record(z.string(), z.string()),
})
export type JobFacts = z.infer<typeof jobSchema>

/** Asks the network, whose errors matter here by their body as well. */
export type GetJson = (
  path: string,
) => Promise<NetworkReply<{ readonly status: number; readonly json: unknown }>>

/** Asks the coordinator for JSON. Nobody there, or no answer in time, is `unreachable`. */
export function createGetJson(
  { origin, key }: { readonly origin: string; readonly key?: string | undefined },
  fetch = globalThis.fetch,
): GetJson {
  return async (path) => {
    try {
      const response = await fetch(`${origin}${path}`, {
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
        redirect: 'error',
        signal: AbortSignal.timeout(REPLY_MS),
      })
      const text = await response.text()
      if (text.length > JOB_BYTES_MAX) return { ok: false, reason: 'too-long' }
      return { ok: true, value: { status: response.status, json: JSON.parse(text) } }
    } catch {
      return { ok: false, reason: 'unreachable' } // or no JSON: whatever answered, it is not the network
    }
  }
}

/** A job of the key's account. */
export async function readJob(getJson: GetJson, jobId: string): Promise<NetworkReply<JobFacts>> {
  const reply = await getJson(`/v1/jobs/${encodeURIComponent(jobId)}`)
  if (!reply.ok) return reply
  const { status, json } = reply.value
  if (status === 401) return { ok: false, reason: 'unauthorized' }
  const job = jobSchema.safeParse(json).data
  return status === 200 && job ? { ok: true, value: job } : { ok: false, reason: 'job-not-found' }
}

/** The keys of runners that stand in a job's JSON, where it is one. */
export function readKeys(json: unknown): JobFacts['runner_keys'] {
  return z.object({ runner_keys: jobSchema.shape.runner_keys }).safeParse(json).data?.runner_keys ?? {}
}

/** Where the job's receipts stand in their day's tree, or from when on that can be asked. */
export async function readProof(getJson: GetJson, jobId: string): Promise<ReceiptToVerify['proof']> {
  const reply = await getJson(`/v1/jobs/${encodeURIComponent(jobId)}/proof`)
  if (!reply.ok) return undefined
  const { status, json } = reply.value
  const pending = status === 409 ? receiptProofPendingSchema.safeParse(json).data : undefined
  if (pending) return { readyAtMs: pending.ready_at_ms }
  return status === 200 ? receiptProofSchema.safeParse(json).data : undefined
}

/** Whose signature the network's directories and days have, hex. */
export async function readSigner(getJson: GetJson): Promise<string | undefined> {
  const reply = await getJson('/v1/sealed/signer')
  return reply.ok ? z.object({ signer: z.string() }).safeParse(reply.value.json).data?.signer : undefined
}
