import type { LiveNetworkJson } from '../../../protocol/src/miniapp/network.ts'
import type { ListedModel } from '../models/model-directory.ts'
import { keptFor } from '../platform/kept-for.ts'
import { type NetworkFigures, toLiveNetwork } from './live-network.ts'
import { createFieldKeys } from './live-network-keys.ts'

/** How old an answer may be, in ms. */
const LIVE_MS = 2_000
/** How old the sums of the day may be, in ms. */
const TODAY_MS = 10_000

export type LiveNetworkDeps = {
  readonly listModels: () => Promise<readonly ListedModel[]>
  readonly countJobsLastMinute: () => Promise<number>
  readonly readOwnersToday: () => Promise<Omit<NetworkFigures, 'jobsLastMinute'>>
  /** Keeps the field's keys from telling whose they are. */
  readonly secret: string | undefined
  readonly nowMs: () => number
}

/** Reads the network for its page: many who look cost no more than one. */
export function createLiveNetwork(deps: LiveNetworkDeps): () => Promise<LiveNetworkJson> {
  const { listModels, countJobsLastMinute, nowMs } = deps
  const keyOf = createFieldKeys(deps.secret)
  const readToday = keptFor(TODAY_MS, { ask: deps.readOwnersToday, nowMs })
  return keptFor(LIVE_MS, {
    nowMs,
    ask: async () => {
      const [listed, jobsLastMinute, today] = await Promise.all([
        listModels(),
        countJobsLastMinute(),
        readToday(),
      ])
      return toLiveNetwork({ listed, figures: { jobsLastMinute, ...today }, keyOf, nowMs: nowMs() })
    },
  })
}
