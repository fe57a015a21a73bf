import { type Network, parseNetwork } from './network.ts'
import type { NetworkEvent } from './network-view.ts'

export const REFRESH_MS = 5000
const ANSWER_TIMEOUT_MS = 8000

export type WatchDeps = {
  readonly fetchNetwork: (signal: AbortSignal) => Promise<unknown>
  readonly isVisible: () => boolean
  readonly nowMs: () => number
  readonly report: (event: NetworkEvent) => void
}

export type Watch = {
  /** Asks now, unless a question is already on its way. */
  readonly ask: () => void
  readonly stop: () => void
}

/** Asks the network now and then every five seconds while somebody looks. Never two questions at once. */
export function watchNetwork({ fetchNetwork, isVisible, nowMs, report }: WatchDeps): Watch {
  const leaving = new AbortController()
  let asking = false
  const ask = async () => {
    if (asking || leaving.signal.aborted) return
    asking = true
    const network = await readNetwork(fetchNetwork, leaving.signal)
    asking = false
    if (leaving.signal.aborted) return
    report(network ? { type: 'answered', network, nowMs: nowMs() } : { type: 'unreachable' })
  }
  const timer = setInterval(() => {
    if (isVisible()) void ask()
  }, REFRESH_MS)
  void ask()
  return {
    ask: () => void ask(),
    stop: () => {
      clearInterval(timer)
      leaving.abort()
    },
  }
}

/** Gives undefined when there is no answer within eight seconds, or none that can be read. */
async function readNetwork(
  fetchNetwork: WatchDeps['fetchNetwork'],
  leaving: AbortSignal,
): Promise<Network | undefined> {
  try {
    return parseNetwork(
      await fetchNetwork(AbortSignal.any([leaving, AbortSignal.timeout(ANSWER_TIMEOUT_MS)])),
    )
  } catch {
    return undefined // offline, refused, too slow or not JSON: to the page all of it is "out of reach"
  }
}
