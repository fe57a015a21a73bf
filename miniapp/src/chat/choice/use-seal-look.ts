import { type Live, useLive } from '../../data/use-live.ts'
import type { SealLook } from '../../sealed/sealed-client.ts'
import { loadSealedClient } from '../../sealed/use-sealed.ts'
import type { Session } from '../../session/session.ts'
import type { Choice } from '../conversation.ts'

/** Evidence is renewed each hour; a verdict that still holds costs nothing to read again. */
const LOOKED_EVERY_MS = 60_000

/** What this device finds when it checks who would answer; `loading` also where nothing is to be checked. */
export function useSealLook(session: Session, { model, tier }: Choice): Live<SealLook> {
  const { live } = useLive<SealLook>({
    key: ['seal', 'look', tier, model],
    ask: async (signal) => {
      const client = await loadSealedClient(session).catch(() => undefined)
      const look = client && tier !== 'open' ? await client.look(model, tier, signal) : undefined
      const isAway =
        look === undefined || (!look.ok && (look.reason === 'unreachable' || look.why === 'unreachable'))
      return isAway ? { ok: false, reason: 'unreachable', sentence: undefined } : { ok: true, value: look }
    },
    everyMs: LOOKED_EVERY_MS,
    isEnabled: tier !== 'open',
  })
  return live
}
