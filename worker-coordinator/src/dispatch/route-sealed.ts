import type { SealedJob } from '../jobs/chat-job.ts'
import type { Model } from '../models/model-store.ts'
import type { Refusal } from './refuse-job.ts'
import type { RouteJobDeps } from './route-job.ts'
import { shardOf } from './shards.ts'

/**
 * Which refusal says most, when several objects refused: the last is what is told. That an answer is not kept says only
 * that another object has to be asked.
 */
const WEIGHTS: readonly string[] = [
  'idempotency-ended',
  'no-runner',
  'no-own-runner',
  'key-epoch',
  'queue-full',
]

/**
 * Runs a sealed job at the object where one of its candidates is linked. A paired runner's id says which that is; where a
 * TEE is linked only the objects know, and each of the model's is asked until one has a candidate.
 */
export async function routeSealed<Outcome extends { readonly ok: true } | Refusal>(
  { findModel, listGroupIds }: Pick<RouteJobDeps, 'findModel' | 'listGroupIds'>,
  job: SealedJob,
  run: (job: SealedJob, shard: number) => Promise<Outcome>,
): Promise<Outcome | Refusal> {
  const model = await findModel(job.model)
  if (!model) return { ok: false, reason: 'unknown-model', param: 'model' }
  if (model.kind !== 'chat') return { ok: false, reason: 'wrong-model-kind', param: 'model' }
  const isOwn = job.tier === 'own'
  const routed = isOwn ? { ...job, groupIds: await listGroupIds(job.caller.accountId) } : job
  let refusal: Refusal | undefined
  for (const shard of shardsOf(job, model)) {
    const outcome = await run(routed, shard)
    if (outcome.ok) return outcome
    if (weightOf(outcome) < 0) return outcome
    if (!refusal || weightOf(outcome) >= weightOf(refusal)) refusal = outcome
  }
  return refusal ?? { ok: false, reason: isOwn ? 'no-own-runner' : 'no-runner' }
}

function shardsOf({ tier, header }: SealedJob, { shards }: Model): readonly number[] {
  if (tier !== 'own') return Array.from({ length: shards }, (_, shard) => shard)
  return [...new Set(header.cand.map(({ runner_id }) => shardOf(runner_id, shards)))]
}

/** Below 0: not about who is linked, so that no other object would say otherwise. */
function weightOf({ reason }: Refusal): number {
  return WEIGHTS.indexOf(reason)
}
