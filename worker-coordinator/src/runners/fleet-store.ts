import { and, asc, eq, ne, sql } from 'drizzle-orm'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { ledgerAccounts } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { LISTED_RUNNERS_MAX } from './runner-store.ts'
import { pairingCodes, runners } from './runners-schema.ts'

/** A runner with what its owner is shown of it, but for what is live. */
export type FleetRunner = {
  readonly runnerId: string
  readonly ledgerId: number
  readonly name: string
  readonly isPaused: boolean
  readonly audience: (typeof runners.$inferSelect)['audience']
  readonly groupId: string | null
  readonly device: string | null
  readonly region: string | null
  readonly lastSeenAt: number | null
  readonly createdAt: number
  /** Ever. */
  readonly earned: Nano
  /** Not old enough to be paid out. */
  readonly accruing: Nano
}

/** The runners of an account that were not removed, the oldest first. */
export async function listFleetRunners(db: Db, accountId: number): Promise<readonly FleetRunner[]> {
  const rows = await db
    .select({
      runnerId: runners.id,
      ledgerId: runners.ledgerId,
      name: runners.name,
      state: runners.state,
      audience: runners.audience,
      groupId: runners.groupId,
      device: runners.device,
      region: runners.region,
      lastSeenAt: runners.lastSeenAt,
      createdAt: runners.createdAt,
      earned: ledgerAccounts.credits,
      debits: ledgerAccounts.debits,
      held: ledgerAccounts.held,
    })
    .from(runners)
    .innerJoin(ledgerAccounts, eq(ledgerAccounts.id, runners.ledgerId))
    .where(and(eq(runners.accountId, accountId), ne(runners.state, 'removed')))
    .orderBy(asc(runners.createdAt), asc(runners.id))
    .limit(LISTED_RUNNERS_MAX)
  return rows.map(({ state, debits, held, ...row }) => ({
    ...row,
    isPaused: state === 'paused',
    accruing: nano(row.earned - debits - held),
  }))
}

export type PairingCode = {
  readonly expiresAtMs: number
  /** Whoever spent it; undefined: nobody, or it was removed since. */
  readonly runner: PairedRunner | undefined
  readonly isSpent: boolean
}
export type PairedRunner = {
  readonly runnerId: string
  readonly ledgerId: number
  readonly name: string
  readonly device: string | null
}

/** Finds an account's own pairing code by the first characters of its hash. */
export async function findPairingCode(
  db: Db,
  { accountId, id }: { readonly accountId: number; readonly id: string },
): Promise<PairingCode | undefined> {
  const [row] = await db
    .select({
      expiresAtMs: pairingCodes.expiresAt,
      usedBy: pairingCodes.usedBy,
      runner: {
        runnerId: runners.id,
        ledgerId: runners.ledgerId,
        name: runners.name,
        device: runners.device,
      },
    })
    .from(pairingCodes)
    .leftJoin(runners, and(eq(runners.id, pairingCodes.usedBy), ne(runners.state, 'removed')))
    .where(
      and(
        eq(pairingCodes.accountId, accountId),
        // `g` follows the last digit of a hash.
        sql`${pairingCodes.hash} >= ${id} and ${pairingCodes.hash} < ${`${id}g`}`,
      ),
    )
    .limit(1)
  return (
    row && { expiresAtMs: row.expiresAtMs, isSpent: row.usedBy !== null, runner: row.runner ?? undefined }
  )
}
