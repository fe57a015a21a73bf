import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { PairingProgressJson } from '../../../../protocol/src/miniapp/runners.ts'
import { type Live, type UsedLive, useLive } from '../../data/use-live.ts'
import { deviceStorage } from '../device-storage.ts'
import { useEarnApi } from '../earn-context.tsx'
import { EARN_KEY } from '../use-earn.ts'
import { askProgress, startPairing } from './ask-pairing.ts'
import { forgetPairing, type KeptPairing, keepPairing } from './kept-pairing.ts'
import { type Pairing, readPairing } from './pairing-steps.ts'

const PAIRING_KEY = [...EARN_KEY, 'pairing'] as const
const STEP_MS = 1000

/** Each opening of the page asks for itself: what an earlier one showed to its end is not shown again. */
let openings = 0

/** The code that is shown: the one that was begun on this device, or a new one. */
export function useStartedPairing(): UsedLive<KeptPairing> & { readonly renew: () => void } {
  const api = useEarnApi()
  const [opening, setOpening] = useState(() => ++openings)
  const used = useLive({
    key: ['started-pairing', opening],
    ask: () => startPairing({ api, storage: deviceStorage(), nowMs: Date.now }),
    freshMs: Number.POSITIVE_INFINITY,
  })
  const renew = () => {
    forgetPairing(deviceStorage())
    setOpening(++openings)
  }
  return { ...used, renew }
}

/** How far it is, asked every second while somebody looks, until it has earned. */
export function usePairingProgress(started: KeptPairing): Live<Pairing> {
  const api = useEarnApi()
  const client = useQueryClient()
  const [runnerId, setRunnerId] = useState(started.runnerId)
  const [isOver, setOver] = useState(false)
  const { live } = useLive<PairingProgressJson>({
    key: [...PAIRING_KEY, started.id],
    ask: (signal) => askProgress({ api, started: { ...started, runnerId }, signal }),
    ...(isOver ? {} : { everyMs: STEP_MS }),
  })
  const pairing = 'value' in live ? readPairing(live.value) : undefined
  useEffect(() => {
    if (pairing?.runnerId === undefined || pairing.runnerId === runnerId) return
    setRunnerId(pairing.runnerId)
    keepPairing(deviceStorage(), { ...started, runnerId: pairing.runnerId })
    void client.invalidateQueries({ queryKey: [...EARN_KEY, 'fleet'] })
  }, [pairing?.runnerId, runnerId, started, client])
  const hasEnded = pairing !== undefined && (pairing.earned > 0n || pairing.state === 'expired')
  useEffect(() => {
    if (!hasEnded) return
    setOver(true)
    forgetPairing(deviceStorage()) // the next visit begins anew
  }, [hasEnded])
  return 'value' in live && pairing ? { ...live, value: pairing } : (live as Live<Pairing>)
}
