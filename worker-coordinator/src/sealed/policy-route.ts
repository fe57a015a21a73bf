import { Hono } from 'hono'
import type { Beacon } from '../../../protocol/src/attestation/policy/binding.ts'
import type { Bytes } from '../../../protocol/src/bytes.ts'
import type { GuessLimit } from '../runners/guess-limit.ts'
import type { StoredPolicy } from './current-policy.ts'
import type { PublishedPolicy } from './publish-policy.ts'
import { readBytesUpTo } from './read-bytes.ts'
import { refuseSeal } from './seal-errors.ts'

/** Largest policy that is taken here, bytes with its signatures. */
export const POLICY_BODY_BYTES_MAX = 262_144

export type PolicyRouteDeps = {
  /** Whose policies and beacons these are. */
  readonly network: string
  /** The newest policy, some seconds old perhaps. */
  readonly readPolicy: () => Promise<StoredPolicy | undefined>
  readonly publishPolicy: (document: Bytes) => Promise<PublishedPolicy>
  /** Limits policies that change nothing: each costs signatures to check. */
  readonly policyLimit: GuessLimit
  readonly readBeacons: () => readonly Beacon[]
}

const NO_STORE = { 'cache-control': 'no-store' }
// A revocation reaches everybody within a minute: no cache may keep it back for long.
const SHORT = 'public, max-age=5'

/**
 * `GET /v1/policy` (the newest policy as it was signed), `POST /v1/policy` (a newer one, from whoever has enough
 * signatures) and `GET /v1/beacons` (public values that show how old evidence is at most).
 */
export function policyRoute(deps: PolicyRouteDeps): Hono {
  return new Hono()
    .get('/v1/policy', async (c) => {
      const policy = await deps.readPolicy()
      if (!policy) return refuseSeal('no-policy')
      const etag = `"${policy.digest}"`
      const headers = { etag, 'cache-control': SHORT, 'content-type': 'application/json' }
      const isKnown = c.req.header('if-none-match')?.includes(etag) ?? false
      return isKnown ? c.body(null, 304, headers) : c.body(policy.document, 200, headers)
    })
    .post('/v1/policy', async (c) => {
      const address = c.req.header('cf-connecting-ip') ?? 'unknown'
      const taken = deps.policyLimit.take(address)
      if (!taken.allowed) {
        const refusal = refuseSeal('too-many-policies')
        refusal.headers.set('retry-after', String(taken.retryAfterSeconds))
        return refusal
      }
      const document = await readBytesUpTo(c.req.raw, POLICY_BODY_BYTES_MAX)
      if (!document) return refuseSeal('policy-too-large')
      const published = await deps.publishPolicy(document)
      if (!published.ok) return refuseSeal(published.reason)
      const { seq, digest, isNew } = published
      // Only a new one is scarce by itself: whoever sends the current one without end is limited, too.
      if (isNew) deps.policyLimit.giveBack(address)
      return c.json({ seq, digest }, isNew ? 201 : 200, NO_STORE)
    })
    .get('/v1/beacons', (c) => {
      const data = deps.readBeacons().map(({ value, publishedAtMs }) => ({
        value,
        published_at_ms: publishedAtMs,
      }))
      return c.json({ network: deps.network, data }, 200, { 'cache-control': SHORT })
    })
}
