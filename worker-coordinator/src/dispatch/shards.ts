import { mergeConfidential } from './sealed-supply.ts'
import type { DispatchSnapshot } from './snapshot.ts'

/** Other objects of a model that are asked when the first has nobody free: a bound on what a chat may cost. */
const TRIES_MAX = 3

/** The name of the dispatch object that keeps one shard of a model's runners. */
export function objectName(model: string, shard: number): string {
  return `${model}:${shard}`
}

/** Reads an object's name back. */
export function parseObjectName(name: string): { readonly model: string; readonly shard: number } {
  const end = name.lastIndexOf(':')
  return { model: name.slice(0, end), shard: Number(name.slice(end + 1)) || 0 }
}

/** The shard of a runner or a conversation: always the same one while the number of shards stays. */
export function shardOf(key: string, shards: number): number {
  // FNV-1a, 32 bit (draft-eastlake-fnv).
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % shards
}

/** The shards to ask for a job, its own first. */
export function shardsToTry(key: string, shards: number): readonly number[] {
  const own = shardOf(key, shards)
  return Array.from({ length: Math.min(shards, TRIES_MAX) }, (_, step) => (own + step) % shards)
}

/** What all shards of a model show together. */
export function mergeSnapshots(snapshots: readonly DispatchSnapshot[]): DispatchSnapshot {
  const sum = (of: (one: DispatchSnapshot) => number) => snapshots.reduce((total, one) => total + of(one), 0)
  const prices = snapshots.flatMap(({ price }) => (price ? [price] : []))
  const runners = sum((one) => one.runners)
  const confidential = mergeConfidential(snapshots.map((one) => one.confidential))
  return {
    runners,
    slots: sum((one) => one.slots),
    freeSlots: sum((one) => one.freeSlots),
    running: sum((one) => one.running),
    waiting: sum((one) => one.waiting),
    waitSeconds: Math.max(0, ...snapshots.map((one) => one.waitSeconds)),
    tokensPerSecond:
      runners === 0 ? 0 : Math.round(sum((one) => one.tokensPerSecond * one.runners) / runners),
    contextTokens: Math.max(0, ...snapshots.map((one) => one.contextTokens)),
    price:
      prices.length === 0
        ? undefined
        : {
            input: Math.min(...prices.map(({ input }) => input)),
            output: Math.min(...prices.map(({ output }) => output)),
          },
    runnerIds: snapshots.flatMap((one) => one.runnerIds),
    links: snapshots.flatMap((one) => one.links),
    privateRunnerIds: snapshots.flatMap((one) => one.privateRunnerIds),
    privateLinks: snapshots.flatMap((one) => one.privateLinks),
    ownerIds: [...new Set(snapshots.flatMap((one) => one.ownerIds))],
    groupIds: [...new Set(snapshots.flatMap((one) => one.groupIds))],
    ...(confidential ? { confidential } : {}),
  }
}
