import { Hono } from 'hono'
import type { PairingProgressJson } from '../../../protocol/src/miniapp/runners.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { authenticateSession } from '../wallets/authenticate-session.ts'
import type { PairedRunner, PairingCode } from './fleet-store.ts'
import { refuseRunner } from './runner-errors.ts'

export type PairingProgressRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly nowMs: () => number
  /** By its id, and only the account's own. */
  readonly findPairingCode: (own: { accountId: number; id: string }) => Promise<PairingCode | undefined>
  /** A runner that is absent is offline. */
  readonly findLiveModels: (runnerIds: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  /** Jobs that a place in the ledger was paid for, ever. */
  readonly readEarnedEver: (ledgerId: number) => Promise<{ readonly jobs: number; readonly earned: Nano }>
}

const NO_STORE = { 'cache-control': 'no-store' }

/** `GET /v1/pairing-codes/:id`: how far a pairing is, from the code to the first earnings. */
export function pairingProgressRoute(deps: PairingProgressRouteDeps): Hono {
  const readRunner = async (runner: PairedRunner): Promise<PairingProgressJson['runner']> => {
    const [live, ever] = await Promise.all([
      deps.findLiveModels([runner.runnerId]),
      deps.readEarnedEver(runner.ledgerId),
    ])
    const models = live.get(runner.runnerId)
    return {
      id: runner.runnerId,
      name: runner.name,
      device: runner.device,
      online: models !== undefined,
      models: [...(models ?? [])],
      jobs_done: ever.jobs,
      earned_nano: ever.earned.toString(),
    }
  }

  return new Hono().get('/v1/pairing-codes/:id', async (c) => {
    const who = await authenticateSession(deps.authenticate, c.req.header('authorization'))
    if (!who.ok) return refuseAccount(who.reason)
    const id = c.req.param('id')
    const code = /^[0-9a-f]{16}$/.test(id)
      ? await deps.findPairingCode({ accountId: who.caller.accountId, id })
      : undefined
    if (!code) return refuseRunner('pairing-code-not-found')
    const isOpen = deps.nowMs() < code.expiresAtMs
    const progress: PairingProgressJson = {
      state: code.isSpent ? 'paired' : isOpen ? 'waiting' : 'expired',
      expires_at_ms: code.expiresAtMs,
      runner: code.runner ? await readRunner(code.runner) : null,
    }
    return c.json(progress, 200, NO_STORE)
  })
}
