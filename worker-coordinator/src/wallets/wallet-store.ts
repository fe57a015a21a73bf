import { and, eq, lte, sql } from 'drizzle-orm'
import { sha256Hex, toBase64Url } from '../../../protocol/src/canonical-json.ts'
import { brokenRule } from '../ledger/broken-rule.ts'
import { guards } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { bindWallet, settleWallet, type Wallet } from './wallet.ts'
import { proofNonces, wallets } from './wallets-schema.ts'

/** How long a nonce is good: time to find the phone and unlock the wallet. */
export const NONCE_TTL_MS = 15 * 60_000
/** How many nonces an account can have at once; a new one takes the place of the oldest. */
export const OPEN_NONCES_MAX = 5
/** How many random bytes a nonce takes. */
export const NONCE_BYTES = 32
/** How often a binding is planned again because another request came between. */
const BIND_TRIES = 3

/** Makes a nonce for an account and keeps only its hash. Repeatable. */
export async function issueNonce(
  db: Db,
  input: { readonly accountId: number; readonly nowMs: number; readonly random: Uint8Array },
): Promise<{ readonly nonce: string; readonly expiresAtMs: number }> {
  const { accountId, nowMs } = input
  const nonce = toBase64Url(input.random)
  const hash = await sha256Hex(nonce)
  const expiresAtMs = nowMs + NONCE_TTL_MS
  const kept = sql`select hash from proof_nonces where account_id = ${accountId} and expires_at > ${nowMs}
    order by expires_at desc, hash limit ${OPEN_NONCES_MAX - 1}`
  try {
    await db.batch([
      db
        .delete(proofNonces)
        .where(and(eq(proofNonces.accountId, accountId), sql`${proofNonces.hash} not in (${kept})`)),
      db.insert(proofNonces).values({ hash, accountId, expiresAt: expiresAtMs }),
    ])
  } catch (error) {
    const [committed] = await db.select().from(proofNonces).where(eq(proofNonces.hash, hash))
    if (!committed) throw error
  }
  return { nonce, expiresAtMs }
}

/** The wallet as it stands at a moment; undefined where none was ever proven. */
export async function readWallet(db: Db, accountId: number, nowMs: number): Promise<Wallet | undefined> {
  const wallet = await readRow(db, accountId)
  return wallet && settleWallet(wallet, nowMs)
}

export type BindResult =
  | { readonly ok: true; readonly wallet: Wallet }
  | {
      readonly ok: false
      readonly reason: 'unknown-nonce' | 'expired-nonce' | 'used-nonce' | 'wallet-taken'
    }

/**
 * Binds an address whose proof was checked, and spends the proof's nonce, in one batch: of two proofs with one nonce one
 * counts. Safe when the batch commits and its reply is lost.
 */
export async function bindProvenWallet(
  db: Db,
  input: {
    readonly accountId: number
    readonly nonce: string
    readonly address: string
    readonly nowMs: number
  },
): Promise<BindResult> {
  const { accountId, address, nowMs } = input
  const hash = await sha256Hex(input.nonce)
  for (let tries = 1; ; tries++) {
    const [nonce, seen] = await Promise.all([readNonce(db, hash, accountId), readRow(db, accountId)])
    if (!nonce) return { ok: false, reason: 'unknown-nonce' }
    if (nonce.usedAt !== null) return { ok: false, reason: 'used-nonce' }
    if (nonce.expiresAt <= nowMs) return { ok: false, reason: 'expired-nonce' }
    const wallet = bindWallet(seen, address, nowMs)
    try {
      await db.batch(bindStatements(db, { hash, accountId, seen, wallet, nowMs }))
      return { ok: true, wallet }
    } catch (error) {
      if (brokenRule(error).includes('wallet-taken')) return { ok: false, reason: 'wallet-taken' }
      const [used, bound] = await Promise.all([readNonce(db, hash, accountId), readRow(db, accountId)])
      const isOurs = used?.usedAt === nowMs && fingerprint(bound) === fingerprint(wallet)
      if (isOurs) return { ok: true, wallet }
      // Otherwise another request came between, and the next try sees what it did.
      if (tries === BIND_TRIES) throw error
    }
  }
}

async function readNonce(db: Db, hash: string, accountId: number) {
  const [row] = await db
    .select()
    .from(proofNonces)
    .where(and(eq(proofNonces.hash, hash), eq(proofNonces.accountId, accountId)))
  return row
}

function bindStatements(
  db: Db,
  {
    hash,
    accountId,
    seen,
    wallet,
    nowMs,
  }: {
    readonly hash: string
    readonly accountId: number
    readonly seen: Wallet | undefined
    readonly wallet: Wallet
    readonly nowMs: number
  },
) {
  const row = {
    address: wallet.address,
    provenAt: wallet.provenAtMs,
    nextAddress: wallet.next?.address ?? null,
    nextFrom: wallet.next?.fromMs ?? null,
  }
  return [
    db.insert(guards).select(
      sql`select exists (select 1 from proof_nonces where hash = ${hash} and account_id = ${accountId}
            and used_at is null and expires_at > ${nowMs})
          and coalesce((select address || '/' || coalesce(next_address, '') || '/' || coalesce(next_from, '')
            from wallets where account_id = ${accountId}), '') = ${fingerprint(seen)}`,
    ),
    db.update(proofNonces).set({ usedAt: nowMs }).where(eq(proofNonces.hash, hash)),
    db
      .insert(wallets)
      .values({ accountId, ...row })
      .onConflictDoUpdate({ target: wallets.accountId, set: row }),
    db.delete(guards),
  ] as const
}

/** Takes a waiting change back. Repeatable; does nothing where none waits. */
export async function cancelWalletChange(db: Db, accountId: number, nowMs: number): Promise<void> {
  await db
    .update(wallets)
    .set({ nextAddress: null, nextFrom: null })
    .where(and(eq(wallets.accountId, accountId), sql`${wallets.nextFrom} > ${nowMs}`))
}

/** Writes down the changes whose time has come, so that the old wallet is free for others. Repeatable. */
export async function settleWalletChanges(db: Db, nowMs: number): Promise<void> {
  await db
    .update(wallets)
    .set({
      address: sql`${wallets.nextAddress}`,
      provenAt: sql`${wallets.nextFrom}`,
      nextAddress: null,
      nextFrom: null,
    })
    .where(and(sql`${wallets.nextAddress} is not null`, lte(wallets.nextFrom, nowMs)))
}

async function readRow(db: Db, accountId: number): Promise<Wallet | undefined> {
  const [row] = await db.select().from(wallets).where(eq(wallets.accountId, accountId))
  if (!row) return undefined
  const { address, provenAt, nextAddress, nextFrom } = row
  const next =
    nextAddress === null || nextFrom === null ? undefined : { address: nextAddress, fromMs: nextFrom }
  return { address, provenAtMs: provenAt, next }
}

/** What of a wallet a concurrent request may have changed. The same text is made in SQL. */
function fingerprint(wallet: Wallet | undefined): string {
  if (!wallet) return ''
  return `${wallet.address}/${wallet.next?.address ?? ''}/${wallet.next?.fromMs ?? ''}`
}
