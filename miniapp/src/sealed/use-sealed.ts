import { useSyncExternalStore } from 'react'
import { sleep } from '../chat/engine/sleep.ts'
import { personOf } from '../chat/store/person-of.ts'
import type { Session } from '../session/session.ts'
import { readInitData } from '../start/telegram-launch.ts'
import { fetchAsAnybody, fetchAsPerson } from './fetch-api.ts'
import { createSealMemory, type SealMemory } from './seal-memory.ts'
import type { SealedClient } from './sealed-client.ts'

let memory: SealMemory | undefined

/** What this device keeps for the person who opened the page. */
export function sealMemory(): SealMemory {
  memory ??= createSealMemory(deviceStorage(), personOf(readInitData(location.hash, sessionStorage)))
  return memory
}

/** The runners that the person confirmed on this device, as they change. */
export function useConfirmed(): ReadonlySet<string> {
  const { subscribe, confirmed } = sealMemory()
  return useSyncExternalStore(subscribe, confirmed)
}

const NOBODY = {}
const clients = new WeakMap<object, Promise<SealedClient>>()

/** Loads what seals and verifies, once for a session; without one it can only verify. Rejects where it does not arrive: the next call tries again. */
export function loadSealedClient(session: Session | undefined): Promise<SealedClient> {
  const whose = session ?? NOBODY
  const known = clients.get(whose)
  if (known) return known
  const loading = load(session)
  clients.set(whose, loading)
  loading.catch(() => clients.delete(whose))
  return loading
}

async function load(session: Session | undefined): Promise<SealedClient> {
  const [{ createSealedClient }, { createHttpNetwork }, { rememberNetwork }] = await Promise.all([
    import('./sealed-client.ts'),
    import('../../../protocol/src/sealed-client/http-network.ts'),
    import('../../../protocol/src/sealed-client/remember-network.ts'),
  ])
  const overHttp = createHttpNetwork(session ? fetchAsPerson(session) : fetchAsAnybody(fetch))
  const network = rememberNetwork(overHttp, Date.now)
  return createSealedClient({ network, memory: sealMemory(), nowMs: Date.now, sleep })
}

/** Reading `localStorage` throws where a browser keeps nothing. */
function deviceStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  try {
    return localStorage
  } catch {
    return { getItem: () => null, setItem: () => undefined }
  }
}
