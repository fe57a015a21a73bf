import { and, asc, eq, gte, inArray, lt, ne, sql } from 'drizzle-orm'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import type { Audience } from '../../../protocol/src/miniapp/runners.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { PAIRING_CODE_TTL_MS } from '../../../protocol/src/runner/pairing.ts'
import { ledgerAccounts, ledgerTransfers } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { hashPairingCode, makePairingCode } from './pairing.ts'
import { pairingCodes, runners } from './runners-schema.ts'

/** How many pairing codes an account can have at once; a new one takes the place of the oldest. */
export const OPEN_CODES_MAX = 5
/** How long a code that is over stays, so that its owner sees what became of it. */
export const CODE_KEPT_MS = 24 * 60 * 60_000
/** How many characters of a code's hash name it: enough to be nobody else's. */
export const PAIRING_ID_CHARS = 16
/** How many runners a list shows. */
export const LISTED_RUNNERS_MAX = 1000
/** Right above every job's id: `` ` `` follows `_` in the order of bytes. */
const JOB_IDS_END = 'job`'
const DAY_MS = 86_400_000

export type RunnerState = 'active' | 'paused' | 'removed'
export type Runner = {
  readonly runnerId: string
  readonly accountId: number
  /** Its place in the ledger. */
  readonly ledgerId: number
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string
  readonly name: string
  readonly state: RunnerState
  readonly audience: Audience
  /** With audience `group`: which one. */
  readonly groupId: string | null
}
export type OwnedRunner = Runner & {
  readonly createdAt: number
  readonly earned: Nano
  /** From jobs that came since midnight, UTC. */
  readonly earnedToday: Nano
}

export type CreatePairingCodeResult =
  | {
      readonly ok: true
      /** The first characters of its hash: names it, and pairs nothing. */
      readonly id: string
      readonly code: string
      readonly expiresAtMs: number
    }
  | { readonly ok: false; readonly reason: 'account-gone' }

/** Makes a pairing code and keeps only its hash. Codes of anyone that expired a day ago go on this occasion. */
export async function createPairingCode(
  db: Db,
  input: {
    readonly accountId: number
    readonly nowMs: number
    /** 8 random bytes. */
    readonly random: Uint8Array
  },
): Promise<CreatePairingCodeResult> {
  const { accountId, nowMs } = input
  const code = makePairingCode(input.random)
  const hash = await hashPairingCode(code)
  const expiresAtMs = nowMs + PAIRING_CODE_TTL_MS
  const kept = sql`select hash from pairing_codes where account_id = ${accountId}
    order by expires_at desc, hash limit ${OPEN_CODES_MAX - 1}`
  const readBack = () =>
    db
      .select({ accountId: pairingCodes.accountId })
      .from(pairingCodes)
      .where(and(eq(pairingCodes.hash, hash), eq(pairingCodes.accountId, accountId)))
  try {
    await db.batch([
      db.delete(pairingCodes).where(
        sql`${pairingCodes.expiresAt} <= ${nowMs - CODE_KEPT_MS}
            or (${pairingCodes.accountId} = ${accountId} and ${pairingCodes.hash} not in (${kept}))`,
      ),
      db.insert(pairingCodes).select(
        sql`select ${hash}, id, ${expiresAtMs}, null from accounts
          where id = ${accountId} and telegram_id is not null`,
      ),
    ])
  } catch (error) {
    const committed = await readBack()
    if (committed.length === 0) throw error
  }
  const made = await readBack()
  if (made.length === 0) return { ok: false, reason: 'account-gone' }
  return { ok: true, id: hash.slice(0, PAIRING_ID_CHARS), code, expiresAtMs }
}

export type PairRunner = {
  readonly codeHash: string
  readonly runnerId: string
  /** Raw Ed25519 public key, base64url. The caller has checked that the runner holds it. */
  readonly publicKey: string
  readonly name: string
  readonly nowMs: number
  /** A random safe integer above 2^32, for the place in the ledger of a runner that is new. */
  readonly newId: () => number
}
export type PairResult =
  | { readonly ok: true; readonly runnerId: string; readonly name: string }
  | { readonly ok: false; readonly reason: 'unknown-code' | 'used-code' | 'belongs-to-another-account' }

/**
 * Puts a runner into the account of a pairing code, and spends the code, in one batch. A runner of the same account is
 * renamed and active again. A runner of another account leaves the code unspent. The runner that spent a code can repeat
 * its request while the code lasts, since its reply may have been lost: that changes nothing.
 */
export async function pairRunner(db: Db, input: PairRunner): Promise<PairResult> {
  const { codeHash, runnerId, publicKey, name, nowMs, newId } = input
  const ledgerCode = `liab:runner:${runnerId}`
  const open = sql`c.hash = ${codeHash} and c.used_by is null and c.expires_at > ${nowMs}`
  const statements = [
    db.insert(ledgerAccounts).select(
      sql`select ${newId()}, ${ledgerCode}, 'credit', 0, 0, 0 from pairing_codes c
        where ${open} and not exists (select 1 from ledger_accounts where code = ${ledgerCode})`,
    ),
    db
      .insert(runners)
      .select(
        sql`select ${runnerId}, c.account_id, l.id, ${publicKey}, ${name}, 'active', ${nowMs},
            'everyone', null, null, null, null
          from pairing_codes c join ledger_accounts l on l.code = ${ledgerCode} where ${open}`,
      )
      .onConflictDoUpdate({
        target: runners.id,
        set: { name, state: 'active' },
        setWhere: sql`runners.account_id = excluded.account_id`,
      }),
    db
      .update(pairingCodes)
      .set({ usedBy: runnerId })
      .where(
        and(
          eq(pairingCodes.hash, codeHash),
          sql`${pairingCodes.usedBy} is null and ${pairingCodes.expiresAt} > ${nowMs}`,
          sql`exists (select 1 from runners r
            where r.id = ${runnerId} and r.account_id = ${pairingCodes.accountId})`,
        ),
      ),
  ] as const
  try {
    await db.batch(statements)
  } catch (error) {
    const committed = await readPairing(db, input)
    if (!committed?.ok) throw error
    return committed
  }
  const outcome = await readPairing(db, input)
  if (!outcome) throw new Error('a pairing was neither made nor refused')
  return outcome
}

/** What a pairing has come to, by what stands in the tables; undefined when it was not tried yet. */
async function readPairing(
  db: Db,
  { codeHash, runnerId, nowMs }: PairRunner,
): Promise<PairResult | undefined> {
  const [[code], runner] = await Promise.all([
    db.select().from(pairingCodes).where(eq(pairingCodes.hash, codeHash)),
    findRunner(db, runnerId),
  ])
  if (!code || code.expiresAt <= nowMs) return { ok: false, reason: 'unknown-code' }
  if (code.usedBy !== null && code.usedBy !== runnerId) return { ok: false, reason: 'used-code' }
  if (runner && runner.accountId !== code.accountId) {
    return { ok: false, reason: 'belongs-to-another-account' }
  }
  if (!runner || code.usedBy === null) return undefined
  return { ok: true, runnerId, name: runner.name }
}

/** Finds a runner, also one that was removed. */
export async function findRunner(db: Db, runnerId: string): Promise<Runner | undefined> {
  const [row] = await db.select(runnerColumns).from(runners).where(eq(runners.id, runnerId))
  return row
}

/** The runners of an account that were not removed, the oldest first, with what they earned. */
export async function listRunners(db: Db, accountId: number, nowMs: number): Promise<readonly OwnedRunner[]> {
  const mine = and(eq(runners.accountId, accountId), ne(runners.state, 'removed'))
  const midnightMs = Math.floor(nowMs / DAY_MS) * DAY_MS
  const [rows, today] = await db.batch([
    db
      .select({ ...runnerColumns, createdAt: runners.createdAt, earned: ledgerAccounts.credits })
      .from(runners)
      .innerJoin(ledgerAccounts, eq(ledgerAccounts.id, runners.ledgerId))
      .where(mine)
      .orderBy(asc(runners.createdAt), asc(runners.id))
      .limit(LISTED_RUNNERS_MAX),
    db
      .select({
        ledgerId: ledgerTransfers.credit,
        amount: sql`sum(${ledgerTransfers.amount} - ${ledgerTransfers.fee})`
          .mapWith(ledgerTransfers.amount)
          .as('amount_today'),
      })
      .from(ledgerTransfers)
      .where(
        and(
          // A job's pay is `<job>/earn/<attempt>`, and ids of jobs sort by time: the primary key finds today's.
          gte(ledgerTransfers.id, firstJobIdAt(midnightMs)),
          lt(ledgerTransfers.id, JOB_IDS_END),
          eq(ledgerTransfers.kind, 'usage'),
          inArray(ledgerTransfers.credit, db.select({ id: runners.ledgerId }).from(runners).where(mine)),
        ),
      )
      .groupBy(ledgerTransfers.credit),
  ])
  const todayById = new Map(today.map((row) => [row.ledgerId, row.amount]))
  return rows.map((row) => ({ ...row, earnedToday: todayById.get(row.ledgerId) ?? nano(0n) }))
}

type OwnRunner = { readonly accountId: number; readonly runnerId: string }

/** Renames a runner. False when the account has no such runner. */
export function renameRunner(db: Db, own: OwnRunner, name: string): Promise<boolean> {
  return updateRunner(db, own, { name })
}

/** Pauses, resumes or removes a runner. False when the account has no such runner; removed, it is none. */
export function setRunnerState(db: Db, own: OwnRunner, state: RunnerState): Promise<boolean> {
  return updateRunner(db, own, { state })
}

async function updateRunner(
  db: Db,
  { accountId, runnerId }: OwnRunner,
  change: { readonly name: string } | { readonly state: RunnerState },
): Promise<boolean> {
  const rows = await db
    .update(runners)
    .set(change)
    .where(and(eq(runners.id, runnerId), eq(runners.accountId, accountId), ne(runners.state, 'removed')))
    .returning({ id: runners.id })
  return rows.length > 0
}

const runnerColumns = {
  runnerId: runners.id,
  accountId: runners.accountId,
  ledgerId: runners.ledgerId,
  publicKey: runners.publicKey,
  name: runners.name,
  state: runners.state,
  audience: runners.audience,
  groupId: runners.groupId,
}
