import { useQueryClient } from '@tanstack/react-query'
import { choicesSchema } from '../../../protocol/src/miniapp/choices.ts'
import { parserOf } from '../../../protocol/src/miniapp/fields.ts'
import {
  type ApiKeyListJson,
  apiKeyListSchema,
  type CreatedApiKeyJson,
} from '../../../protocol/src/miniapp/keys.ts'
import { askPublic } from '../data/ask-public.ts'
import { type Live, type UsedLive, useLive } from '../data/use-live.ts'
import { type Network, parseNetwork } from '../network/network.ts'
import type { Reply, Session } from '../session/session.ts'
import { useSession } from '../session/session-context.tsx'
import { type ApiStatus, type Health, parseHealth, readStatus } from './prices/api-status.ts'
import { fromChoices, fromNetwork, type OfferedModel } from './prices/offered-models.ts'
import { useKept } from './use-kept.ts'

const NETWORK_MS = 10_000
const HEALTH_MS = 20_000
const KEYS_MS = 10_000
const HEALTH_TIMEOUT_MS = 8000

const KEYS_KEY = ['build', 'keys'] as const
const parseKeys = parserOf(apiKeyListSchema)
const parseChoices = parserOf(choicesSchema)

/** The person's keys. */
export function useKeys(session: Session): UsedLive<ApiKeyListJson> {
  return useLive({
    key: KEYS_KEY,
    ask: (signal) => session.ask('/v1/keys', parseKeys, { signal }),
    everyMs: KEYS_MS,
  })
}

/** Has the keys asked for again, after one was changed. */
export function useKeysChanged(): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: KEYS_KEY })
}

/** The key that was just made, with its text: as long as it is not put away, and never beyond this page's life. */
export function useCreatedKey() {
  return useKept<CreatedApiKeyJson>('created-key')
}

/** The network as anybody sees it. */
export function useNetworkNow(): UsedLive<Network> {
  return useLive({
    key: ['network', 'live'], // the network page asks the same, more often
    ask: (signal) => askPublic('/v1/network/live', parseNetwork, signal),
    everyMs: NETWORK_MS,
  })
}

/** What can be asked for: with a person's own runners where somebody is known. */
export function useModels(): UsedLive<readonly OfferedModel[]> {
  const session = useSession()
  const network = useNetworkNow()
  const choices = useLive({
    key: ['build', 'choices'],
    ask: async (signal) => session?.ask('/v1/choices', parseChoices, { signal }) ?? NOBODY,
    everyMs: NETWORK_MS,
    isEnabled: session !== undefined,
  })
  if (session && choices.live.state !== 'failed') {
    return { live: mapLive(choices.live, fromChoices), askAgain: choices.askAgain }
  }
  return { live: mapLive(network.live, fromNetwork), askAgain: network.askAgain }
}

const NOBODY = { ok: false, reason: 'unreachable', sentence: undefined } as const

function mapLive<From, To>(live: Live<From>, map: (value: From) => To): Live<To> {
  return 'value' in live ? { ...live, value: map(live.value) } : live
}

export type UsedStatus = {
  readonly status: ApiStatus
  readonly health: Live<Health>
  readonly network: Live<Network>
}

/** Whether a request would be answered now. */
export function useApiStatus(): UsedStatus {
  const { live: health } = useLive({ key: ['build', 'health'], ask: askHealth, everyMs: HEALTH_MS })
  const { live: network } = useNetworkNow()
  return { status: readStatus(health, network), health, network }
}

/** Asks how the API is; an answer of status 503 says it as well. */
async function askHealth(signal: AbortSignal): Promise<Reply<Health>> {
  try {
    const response = await fetch('/health', {
      signal: AbortSignal.any([signal, AbortSignal.timeout(HEALTH_TIMEOUT_MS)]),
      cache: 'no-store',
    })
    const value = parseHealth(await response.json())
    return value ? { ok: true, value } : NOBODY
  } catch {
    return NOBODY // offline, too slow, left, or not JSON
  }
}
