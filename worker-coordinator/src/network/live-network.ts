import type { LiveNetworkJson } from '../../../protocol/src/miniapp/network.ts'
import type { LiveLink } from '../dispatch/snapshot.ts'
import type { ListedModel } from '../models/model-directory.ts'
import { groupAsks, stepToJson } from './live-network-asks.ts'

/** How many runners the field shows: by their keys, so that it shows the same ones each time. */
export const FIELD_MAX = 500

/** What is counted in the database. */
export type NetworkFigures = {
  readonly jobsLastMinute: number
  readonly ownersTodayNano: bigint
  readonly jobsToday: number
}

/** Writes the network as its page shows it: only runners that serve everyone, and nothing that names one. */
export function toLiveNetwork(input: {
  readonly listed: readonly ListedModel[]
  readonly figures: NetworkFigures
  /** Gives a runner's name in the field, which says nothing of it. */
  readonly keyOf: (runnerId: string) => string
  readonly nowMs: number
}): LiveNetworkJson {
  const { listed, figures, keyOf, nowMs } = input
  const links = listed.flatMap(({ model, now }) => now.links.map((link) => ({ model: model.id, link })))
  const field = [...groupByRunner(links)].map(([runnerId, own]) => toFieldRunner(keyOf(runnerId), own))
  const models = listed.map(toModel)
  return {
    at_ms: nowMs,
    field: field.toSorted((one, other) => (one.key < other.key ? -1 : 1)).slice(0, FIELD_MAX),
    // A model with very many links does not show them all one by one.
    runners: field.length + sum(listed, ({ now }) => Math.max(0, now.runners - now.links.length)),
    slots: sum(listed, ({ now }) => now.slots),
    running: sum(listed, ({ now }) => now.running),
    waiting: sum(listed, ({ now }) => now.waiting),
    jobs_last_minute: figures.jobsLastMinute,
    owners_today_nano: String(figures.ownersTodayNano),
    jobs_today: figures.jobsToday,
    models,
  }
}

type LinkOfModel = { readonly model: string; readonly link: LiveLink }

function groupByRunner(links: readonly LinkOfModel[]): Map<string, LinkOfModel[]> {
  const runners = new Map<string, LinkOfModel[]>()
  for (const one of links) {
    const own = runners.get(one.link.runnerId)
    if (own) own.push(one)
    else runners.set(one.link.runnerId, [one])
  }
  return runners
}

/** A runner with all its models: as fast as its fastest, and with the places of all. */
function toFieldRunner(key: string, own: readonly LinkOfModel[]): LiveNetworkJson['field'][number] {
  return {
    key,
    region: own.find(({ link }) => link.region)?.link.region ?? null,
    models: own.map(({ model }) => model),
    tokens_per_second: Math.max(...own.map(({ link }) => link.tokensPerSecond)),
    slots: sum(own, ({ link }) => link.slots),
    running: sum(own, ({ link }) => link.running),
  }
}

function toModel({ model, now }: ListedModel): LiveNetworkJson['models'][number] {
  const asks = groupAsks(now.links)
  const cheapest = asks[0]
  return {
    id: model.id,
    kind: model.kind,
    context_tokens: now.contextTokens || model.contextTokens,
    parameters: model.parameters,
    runners: now.runners,
    slots: now.slots,
    free_slots: now.freeSlots,
    waiting: now.waiting,
    wait_seconds: now.waitSeconds,
    tokens_per_second: now.tokensPerSecond,
    price: cheapest ? stepToJson(cheapest).price : null,
    asks: asks.map(stepToJson),
  }
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0)
}
