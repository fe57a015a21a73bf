import { useQueryClient } from '@tanstack/react-query'
import type { FleetJson, RunnerDetailJson } from '../../../protocol/src/miniapp/runners.ts'
import { type UsedLive, useLive } from '../data/use-live.ts'
import type { EarnGroup } from './earn-api.ts'
import { useEarnApi } from './earn-context.tsx'

/** Everything of these pages that a change can make old begins so. */
export const EARN_KEY = ['earn'] as const
const FLEET_KEY = [...EARN_KEY, 'fleet'] as const

const OFTEN_MS = 5000
/** A long list is half a megabyte: it is asked for less often. */
const LONG_LIST = 100
const SELDOM_MS = 30_000

/** All runners of the person. */
export function useFleet(): UsedLive<FleetJson> {
  const api = useEarnApi()
  const length = useQueryClient().getQueryData<FleetJson>(FLEET_KEY)?.data.length ?? 0
  return useLive({ key: FLEET_KEY, ask: api.fleet, everyMs: length > LONG_LIST ? SELDOM_MS : OFTEN_MS })
}

/** One runner of the person. */
export function useRunner(id: string): UsedLive<RunnerDetailJson> {
  const api = useEarnApi()
  return useLive({
    key: [...EARN_KEY, 'runner', id],
    ask: (signal) => api.runner(id, signal),
    everyMs: OFTEN_MS,
  })
}

/** The groups that the person is in. */
export function useGroups(): UsedLive<{ readonly data: readonly EarnGroup[] }> {
  const api = useEarnApi()
  return useLive({ key: [...EARN_KEY, 'groups'], ask: api.groups, everyMs: SELDOM_MS })
}
