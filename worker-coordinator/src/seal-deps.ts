import { pinsOfBuild, simulationOfBuild } from '../../protocol/src/build-pins.ts'
import type { Bytes } from '../../protocol/src/bytes.ts'
import type { Deps } from './deps.ts'
import { connectDb } from './ledger/ledger-store.ts'
import { keptFor } from './platform/kept-for.ts'
import { createGuessLimit } from './runners/guess-limit.ts'
import { createBeacons } from './sealed/beacons.ts'
import { createCurrentPolicy } from './sealed/current-policy.ts'
import { makeDirectoryKey } from './sealed/directory-key.ts'
import { addPolicy, findNewestPolicy, readPolicySeq } from './sealed/policy-store.ts'
import { publishPolicy } from './sealed/publish-policy.ts'
import { createDirectoryReader, type SealedTier } from './sealed/read-directory.ts'
import { deleteSealDocuments, readSealDocuments } from './sealed/seal-document-store.ts'

/** How old a policy may be that is told, ms. */
const TOLD_POLICY_MS = 5_000
/** How long documents are kept after they ended, ms: receipts name them. */
const DOCUMENT_KEPT_MS = 7 * 86_400_000
/** Documents that one run of the clock deletes at most. */
const DELETED_MAX = 500
/** Policies that change nothing and are looked at, a minute: of one address, and of all. */
const POLICIES_PER_ADDRESS = 10
const POLICIES_PER_MINUTE = 60

export type SealDeps = ReturnType<typeof makeSealDeps>

const made = new WeakMap<Cloudflare.Env, SealDeps>()

/** The functions of the public side of sealed jobs: policy, beacons, directory, documents. Made once per isolate. */
export function createSealDeps(env: Cloudflare.Env, deps: Deps): SealDeps {
  const known = made.get(env) ?? makeSealDeps(env, deps)
  made.set(env, known)
  return known
}

function makeSealDeps(env: Cloudflare.Env, deps: Deps) {
  const db = connectDb(env.DB)
  const { nowMs, log } = deps
  const pins = pinsOfBuild()
  const findNewest = () => findNewestPolicy(db)
  const policy = createCurrentPolicy({
    readSeq: () => readPolicySeq(db),
    findNewest,
    cacheMs: TOLD_POLICY_MS,
  })
  const beacons = createBeacons(env.SESSION_KEY)
  const readSigner = keptFor(Number.POSITIVE_INFINITY, {
    ask: () => makeDirectoryKey(env.SESSION_KEY),
    nowMs,
  })
  const readDirectory = createDirectoryReader({
    network: pins.network,
    findModel: deps.findModel,
    listGroupIds: deps.listGroupIds,
    readSealedSupply: deps.readSealedSupply,
    policySeq: (atMs) => policy.seq(atMs),
    readSigner,
    random: (max) => Math.floor(Math.random() * max),
    nowMs,
  })
  return {
    authenticate: deps.authenticate,
    network: pins.network,
    readSigner,
    readDirectory,
    readPolicy: () => policy.read(nowMs()),
    readBeacons: () => beacons(nowMs()),
    policyLimit: createGuessLimit({
      nowMs,
      perAddressPerMinute: POLICIES_PER_ADDRESS,
      perMinute: POLICIES_PER_MINUTE,
    }),
    publishPolicy: async (document: Bytes) => {
      const published = await publishPolicy(
        {
          pins,
          simulation: simulationOfBuild(),
          findNewest,
          addPolicy: (added) => addPolicy(db, added),
          nowMs,
        },
        document,
      )
      if (published.ok) await policy.refresh(nowMs())
      if (published.ok && published.isNew)
        log('policy-published', { seq: published.seq, digest: published.digest })
      return published
    },

    /** The signed directory. */
    readDirectoryBytes: (model: string, tier: SealedTier, accountId: number) =>
      readDirectory({ model, tier, accountId }),
    /** A document by its digest, as its runner sent it. */
    readDocument: async (digest: string) => (await readSealDocuments(db, [digest])).get(digest),
    /** The newest policy, as it was signed. */
    readPolicyBytes: async () => (await policy.read(nowMs()))?.document,

    /** Deletes what ended long ago, some of it each minute. */
    pruneSealDocuments: () =>
      deleteSealDocuments(db, { beforeMs: nowMs() - DOCUMENT_KEPT_MS, limit: DELETED_MAX }),
  }
}
