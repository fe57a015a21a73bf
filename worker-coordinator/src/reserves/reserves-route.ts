import { Hono } from 'hono'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import type { OwnPathsResult } from './own-paths.ts'
import { parseDay, toDayText } from './reserve-day.ts'
import { refuseReserves } from './reserve-errors.ts'
import type { ListedProof } from './reserve-store.ts'

export type ReservesRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly listProofs: () => Promise<{
    readonly latest: string | undefined
    readonly days: readonly ListedProof[]
  }>
  /** The published JSON of a day, as it was signed. */
  readonly findDocument: (day: number) => Promise<string | undefined>
  readonly readOwnPaths: (own: { day: number; accountId: number }) => Promise<OwnPathsResult>
}

const NO_STORE = { 'cache-control': 'no-store' }

/**
 * The proofs of reserves: `GET /v1/reserves` (the newest, and the days that have one), `GET /v1/reserves/:day` (what was
 * signed, never changes), `GET /v1/reserves/:day/path` (the caller's own places in the tree). The page that checks them is
 * /reserves, a file of the Mini App.
 */
export function reservesRoute(deps: ReservesRouteDeps): Hono {
  return new Hono()
    .get('/v1/reserves', async (c) => {
      const { latest, days } = await deps.listProofs()
      const body = { latest: latest === undefined ? null : JSON.parse(latest), days: days.map(toListed) }
      return c.json(body, 200, { 'cache-control': 'public, max-age=30' })
    })
    .get('/v1/reserves/:day', async (c) => {
      const day = parseDay(c.req.param('day'))
      const document = day === undefined ? undefined : await deps.findDocument(day)
      if (document === undefined) return refuseReserves('unknown-day', { param: 'day' })
      const headers = {
        'content-type': 'application/json',
        'cache-control': 'public, max-age=86400, immutable',
      }
      return c.body(document, 200, headers)
    })
    .get('/v1/reserves/:day/path', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const day = parseDay(c.req.param('day'))
      if (day === undefined) return refuseReserves('unknown-day', { param: 'day' })
      const own = await deps.readOwnPaths({ day, accountId: who.caller.accountId })
      return own.ok ? c.json(own.paths, 200, NO_STORE) : refuseReserves(own.reason, { param: 'day' })
    })
}

function toListed({ day, root, total, leaves, transactionId, pathsKept }: ListedProof) {
  return {
    day: toDayText(day),
    root,
    total_nano: total.toString(),
    leaves,
    transaction_id: transactionId,
    paths_kept: pathsKept,
  }
}
