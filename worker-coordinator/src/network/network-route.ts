import { Hono } from 'hono'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import type { LedgerAudit } from '../ledger/ledger.ts'
import { findLedgerFaults } from '../ledger/ledger.ts'
import type { ListedModel } from '../models/model-directory.ts'

export type NetworkRouteDeps = {
  readonly listModels: () => Promise<readonly ListedModel[]>
  /** Throws when the database does not answer. */
  readonly pingDatabase: () => Promise<void>
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly readLedgerAudit: () => Promise<LedgerAudit>
}

/** `GET /health`, `GET /v1/network`, `GET /v1/network/audit`: what may be known of the network; the audit with a key. */
export function networkRoute({
  authenticate,
  listModels,
  pingDatabase,
  readLedgerAudit,
}: NetworkRouteDeps): Hono {
  return new Hono()
    .get('/health', async (c) => {
      const database = await pingDatabase().then(
        () => 'ok' as const,
        () => 'unreachable' as const,
      )
      const ok = database === 'ok'
      return c.json({ ok, database }, ok ? 200 : 503, { 'cache-control': 'no-store' })
    })
    .get('/v1/network', async (c) => {
      const listed = await listModels()
      const sum = (of: (one: ListedModel) => number) => listed.reduce((total, one) => total + of(one), 0)
      return c.json({
        runners: countPublicRunners(listed),
        slots: sum(({ now }) => now.slots),
        running: sum(({ now }) => now.running),
        waiting: sum(({ now }) => now.waiting),
        models: listed.map(({ model, now }) => ({
          id: model.id,
          kind: model.kind,
          context_tokens: model.contextTokens,
          parameters: model.parameters,
          manifest_digest: model.manifestDigest,
          runners: now.runners,
          slots: now.slots,
          free_slots: now.freeSlots,
          running: now.running,
          waiting: now.waiting,
          wait_seconds: now.waitSeconds,
          tokens_per_second: now.tokensPerSecond,
          price_nano_per_million: now.price ?? null,
        })),
      })
    })
    .get('/v1/network/audit', async (c) => {
      // It reads whole tables: not for strangers.
      const who = await authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const audit = await readLedgerAudit()
      const faults = findLedgerFaults(audit)
      return c.json({
        ok: faults.length === 0,
        faults,
        debits_nano: String(audit.debits),
        credits_nano: String(audit.credits),
        clearing_nano: String(audit.clearing),
      })
    })
}

/** Runners that serve everyone, each once however many models it has. */
function countPublicRunners(listed: readonly ListedModel[]): number {
  const others = new Set(listed.flatMap(({ now }) => now.privateRunnerIds))
  return new Set(listed.flatMap(({ now }) => now.runnerIds.filter((id) => !others.has(id)))).size
}
