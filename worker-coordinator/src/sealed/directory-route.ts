import { Hono } from 'hono'
import { toHex } from '../../../protocol/src/canonical-json.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import type { DirectorySigner } from './directory-key.ts'
import type { DirectoryReply, DirectoryWish, SealedTier } from './read-directory.ts'
import { refuseSeal } from './seal-errors.ts'

export type DirectoryRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly readDirectory: (wish: DirectoryWish) => Promise<DirectoryReply>
  /** A document by its digest, as its runner sent it. */
  readonly readDocument: (digest: string) => Promise<string | undefined>
  readonly readSigner: () => Promise<DirectorySigner>
}

const JSON_TYPE = { 'content-type': 'application/json' }
const TIERS: readonly string[] = ['own', 'confidential'] satisfies SealedTier[]

/**
 * `GET /v1/sealed/directory` (every runner that takes the caller's sealed requests of a model in a tier, signed),
 * `GET /v1/sealed/evidence/:digest` (what a runner shows for its keys, for whoever checks it) and
 * `GET /v1/sealed/signer` (whose signature directories have).
 */
export function directoryRoute(deps: DirectoryRouteDeps): Hono {
  return new Hono()
    .get('/v1/sealed/directory', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const { model, tier } = c.req.query()
      if (!model) return refuseAccount('wrong-field', { param: 'model' })
      if (!isSealedTier(tier)) return refuseAccount('wrong-field', { param: 'tier' })
      const read = await deps.readDirectory({ model, tier, accountId: who.caller.accountId })
      if (!read.ok) return refuseSeal(read.reason, { param: 'model' })
      return c.body(read.value, 200, { ...JSON_TYPE, 'cache-control': 'no-store' })
    })
    .get('/v1/sealed/evidence/:digest', async (c) => {
      const digest = c.req.param('digest')
      const document = /^[0-9a-f]{64}$/.test(digest) ? await deps.readDocument(digest) : undefined
      if (document === undefined) return refuseSeal('unknown-evidence', { param: 'digest' })
      return c.body(document, 200, { ...JSON_TYPE, 'cache-control': 'public, max-age=60' })
    })
    .get('/v1/sealed/signer', async (c) => {
      const { publicKey } = await deps.readSigner()
      return c.json({ signer: toHex(publicKey) }, 200, { 'cache-control': 'public, max-age=300' })
    })
}

function isSealedTier(tier: string | undefined): tier is SealedTier {
  return tier !== undefined && TIERS.includes(tier)
}
