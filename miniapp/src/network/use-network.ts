import { askPublic } from '../data/ask-public.ts'
import { type UsedLive, useLive } from '../data/use-live.ts'
import { type Network, parseNetwork } from './network.ts'

const EVERY_MS = 3_000

/** The network as it is now, kept fresh while somebody looks. */
export function useNetwork(): UsedLive<Network> {
  return useLive({
    key: ['network', 'live'],
    ask: (signal) => askPublic('/v1/network/live', parseNetwork, signal),
    everyMs: EVERY_MS,
  })
}
