import type { Job } from '../jobs/chat-job.ts'
import type { Model } from '../models/model-store.ts'
import type { Refusal } from './refuse-job.ts'
import { shardOf, shardsToTry } from './shards.ts'

export type RouteJobDeps = {
  readonly findModel: (modelId: string) => Promise<Model | undefined>
  /** Groups that an account owns or is in. */
  readonly listGroupIds: (accountId: number) => Promise<readonly string[]>
  /** Runners that take an account's own jobs, linked or not. */
  readonly listReachableRunners: (
    accountId: number,
    groupIds: readonly string[],
  ) => Promise<readonly string[]>
}

/**
 * Runs a job at its model's shard, or, where nobody is free there, at the next. A model that does not exist has none. A
 * job of tier `own` takes its caller's groups along, and goes only where runners of theirs may be.
 */
export async function routeJob<SomeJob extends Job, Outcome extends { readonly ok: true } | Refusal>(
  deps: RouteJobDeps,
  job: SomeJob,
  run: (job: SomeJob, shard: number) => Promise<Outcome>,
): Promise<Outcome | Refusal> {
  const model = await deps.findModel(job.model)
  if (!model) return { ok: false, reason: 'unknown-model', param: 'model' }
  if (model.kind !== job.kind) return { ok: false, reason: 'wrong-model-kind', param: 'model' }
  const groupIds = job.tier === 'own' ? await deps.listGroupIds(job.caller.accountId) : undefined
  const routed = groupIds ? { ...job, groupIds } : job
  const shards = groupIds
    ? await shardsOfOwn(deps, job, model, groupIds)
    : shardsToTry(job.conversation ?? job.jobId, model.shards)
  let refusal: Refusal = groupIds
    ? { ok: false, reason: 'no-own-runner', param: 'tier' }
    : { ok: false, reason: 'no-runner' }
  for (const shard of shards) {
    const outcome = await run(routed, shard)
    if (outcome.ok) return outcome
    if (outcome.reason === 'queue-full') refusal = outcome
    else if (outcome.reason !== 'no-runner' && outcome.reason !== 'no-own-runner') return outcome
    else if (refusal.reason !== 'queue-full') refusal = outcome
  }
  return refusal
}

/** The shards where runners of a caller may be, in an order that a conversation keeps. */
async function shardsOfOwn(
  { listReachableRunners }: RouteJobDeps,
  { conversation, jobId, caller }: Job,
  { shards }: Model,
  groupIds: readonly string[],
): Promise<readonly number[]> {
  if (shards === 1) return [0]
  const runnerIds = await listReachableRunners(caller.accountId, groupIds)
  const first = shardOf(conversation ?? jobId, shards)
  const behind = (shard: number) => (shard - first + shards) % shards
  const own = new Set(runnerIds.map((runnerId) => shardOf(runnerId, shards)))
  return [...own].toSorted((one, other) => behind(one) - behind(other))
}
