import { type Context, Hono } from 'hono'
import { type WalletJson, type WalletNonce, walletProofSchema } from '../../../protocol/src/wallets/wallet.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { readBody } from '../accounts/read-body.ts'
import { authenticateSession, refuseCaller } from './authenticate-session.ts'
import { type ProveWalletDeps, proveWallet } from './prove-wallet.ts'
import type { Wallet } from './wallet.ts'
import { refuseWallet } from './wallet-errors.ts'

export type WalletsRouteDeps = ProveWalletDeps & {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  /** `-239` the main network, `-3` the test network. */
  readonly tonNetwork: string
  /** The domain that a proof must name, for a request that came to `origin`. Undefined where none is configured. */
  readonly proofDomain: (origin: string) => string | undefined
  readonly issueNonce: (
    accountId: number,
  ) => Promise<{ readonly nonce: string; readonly expiresAtMs: number }>
  readonly readWallet: (accountId: number) => Promise<Wallet | undefined>
  readonly cancelWalletChange: (accountId: number) => Promise<void>
  /** As wallets show it. */
  readonly formatAddress: (raw: string) => string
}

const NO_STORE = { 'cache-control': 'no-store' }

/** The wallet that an account is paid at. Only a session sees and changes it: a key that leaked must not turn money away. */
export function walletsRoute(deps: WalletsRouteDeps): Hono {
  const sessionOf = (c: Context) => authenticateSession(deps.authenticate, c.req.header('authorization'))
  const place = (address: string) => ({ address, friendly: deps.formatAddress(address) })
  const toJson = (wallet: Wallet | undefined): WalletJson => ({
    network: deps.tonNetwork,
    wallet: wallet ? { ...place(wallet.address), proven_at: toSeconds(wallet.provenAtMs) } : null,
    next: wallet?.next
      ? { ...place(wallet.next.address), counts_from: Math.ceil(wallet.next.fromMs / 1000) }
      : null,
  })

  return new Hono()
    .post('/api/wallet/nonce', async (c) => {
      const who = await sessionOf(c)
      if (!who.ok) return refuseCaller(who.reason)
      const { nonce, expiresAtMs } = await deps.issueNonce(who.caller.accountId)
      const answer: WalletNonce = { nonce, expires_at: toSeconds(expiresAtMs) }
      return c.json(answer, 201, NO_STORE)
    })
    .get('/api/wallet', async (c) => {
      const who = await sessionOf(c)
      if (!who.ok) return refuseCaller(who.reason)
      return c.json(toJson(await deps.readWallet(who.caller.accountId)), 200, NO_STORE)
    })
    .post('/api/wallet', async (c) => {
      const who = await sessionOf(c)
      if (!who.ok) return refuseCaller(who.reason)
      const body = await readBody(c.req.raw, walletProofSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const domain = deps.proofDomain(new URL(c.req.url).origin)
      if (domain === undefined) return refuseWallet('no-public-url')
      const { state_init: stateInit, ...proof } = body.data
      const { accountId } = who.caller
      const proven = await proveWallet(deps, { accountId, proof: { ...proof, stateInit }, domain })
      return proven.ok ? c.json(toJson(proven.wallet), 200, NO_STORE) : refuseWallet(proven.reason)
    })
    .delete('/api/wallet/next', async (c) => {
      const who = await sessionOf(c)
      if (!who.ok) return refuseCaller(who.reason)
      await deps.cancelWalletChange(who.caller.accountId)
      return c.json(toJson(await deps.readWallet(who.caller.accountId)), 200, NO_STORE)
    })
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
