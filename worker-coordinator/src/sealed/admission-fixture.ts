import { MODEL, NOW_MS } from '../../../protocol/src/attestation/verification-fixture.ts'
import type { SealKeysFrame } from '../../../protocol/src/runner/up.ts'
import { createCurrentPolicy, type StoredPolicy } from './current-policy.ts'
import type { SealingLink } from './judge-keys.ts'
import { createSealAdmission, type SealAdmissionDeps } from './seal-admission.ts'
import type { KeptKey, NewSealDocument, Rejudged } from './seal-document-store.ts'
import { listTestBeacons, makePins, makeStoredPolicy } from './sealing-runner-fixture.ts'

/** An admission whose database is memory, with the tests' policy in force. */
export async function setupAdmission(link: SealingLink, overrides: Partial<SealAdmissionDeps> = {}) {
  const kept: NewSealDocument[] = []
  const settled: Rejudged[] = []
  const lines: unknown[] = []
  const state = { policy: (await makeStoredPolicy()) as StoredPolicy | undefined }
  const deps: SealAdmissionDeps = {
    pins: await makePins(),
    simulation: 'allowed',
    listBeacons: listTestBeacons,
    policy: createCurrentPolicy({
      readSeq: async () => state.policy?.seq ?? 0,
      findNewest: async () => state.policy,
      cacheMs: 30_000,
    }),
    keepDocument: async (document) => {
      kept.push(document)
      return true
    },
    listKeptKeys: async () =>
      kept.map(
        ({ runnerId, key }): KeptKey => ({
          pairedRunnerId: runnerId,
          key,
          manifestDigest: MODEL.manifestDigest,
        }),
      ),
    readDocuments: async (digests) =>
      new Map(
        kept
          .filter(({ key }) => digests.includes(key.evidenceDigest))
          .map(({ key, document }) => [key.evidenceDigest, document]),
      ),
    settleDocuments: async (rejudged) => void settled.push(...rejudged),
    log: (event, facts) => void lines.push({ event, ...facts }),
    ...overrides,
  }
  const admission = createSealAdmission(deps)
  const admit = (frame: SealKeysFrame, nowMs = NOW_MS) => admission.admit(link, frame, nowMs)
  const reload = (nowMs = NOW_MS) => admission.reload([link.runnerId], link.model, nowMs)
  return { kept, settled, lines, state, deps, admission, admit, reload }
}
