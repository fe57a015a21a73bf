import { pinsOfBuild, simulationOfBuild } from '../../../protocol/src/build-pins.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { logToConsole } from '../platform/log.ts'
import { createBeacons } from './beacons.ts'
import { createCurrentPolicy } from './current-policy.ts'
import { findNewestPolicy, readPolicySeq } from './policy-store.ts'
import { createSealAdmission, type SealAdmission } from './seal-admission.ts'
import {
  keepSealDocument,
  listKeptKeys,
  readSealDocuments,
  settleSealDocuments,
} from './seal-document-store.ts'

/** How long an object believes a policy, ms: a revocation takes effect within it. */
const POLICY_CACHE_MS = 30_000

/** Admits the sealing keys of one dispatch object's links, by the policy in its database. */
export function openAdmission(db: Db, secret: string | undefined): SealAdmission {
  return createSealAdmission({
    pins: pinsOfBuild(),
    simulation: simulationOfBuild(),
    listBeacons: createBeacons(secret),
    policy: createCurrentPolicy({
      readSeq: () => readPolicySeq(db),
      findNewest: () => findNewestPolicy(db),
      cacheMs: POLICY_CACHE_MS,
    }),
    keepDocument: (document) => keepSealDocument(db, document),
    listKeptKeys: (of) => listKeptKeys(db, of),
    readDocuments: (digests) => readSealDocuments(db, digests),
    settleDocuments: (rejudged) => settleSealDocuments(db, rejudged),
    log: logToConsole,
  })
}
