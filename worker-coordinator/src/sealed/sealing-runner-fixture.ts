import type { Beacon } from '../../../protocol/src/attestation/policy/binding.ts'
import { beaconNonce } from '../../../protocol/src/attestation/policy/binding.ts'
import type { PolicyPins } from '../../../protocol/src/attestation/policy/check-policy.ts'
import { type Policy, parseSignedPolicy } from '../../../protocol/src/attestation/policy/policy.ts'
import { signPolicy } from '../../../protocol/src/attestation/policy/sign-policy.ts'
import {
  type Changes,
  HOUR_MS,
  MODEL,
  makePolicy,
  NOW_MS,
  sharedSigners,
  tdxRequest,
} from '../../../protocol/src/attestation/verification-fixture.ts'
import { fromHex } from '../../../protocol/src/bytes.ts'
import { sha256Hex, toBase64Url, toHex } from '../../../protocol/src/canonical-json.ts'
import type { SigningKey } from '../../../protocol/src/ed25519.ts'
import { runnerIdOf } from '../../../protocol/src/ids.ts'
import type { SealKeysFrame } from '../../../protocol/src/runner/up.ts'
import { epochAt } from '../../../protocol/src/sealed/epoch-open.ts'
import { type PairedKeys, signPairedKeys } from '../../../protocol/src/sealed/paired-keys.ts'
import { createBeacons } from './beacons.ts'
import type { StoredPolicy } from './current-policy.ts'

export const EPOCH = epochAt(NOW_MS)
const SECRET = 'test-session-key-of-thirty-two-bytes'
const KEM_KEY = { id: 32, publicKey: 'A'.repeat(43) } as const

/** Beacons as a coordinator tells them. */
export const listTestBeacons: (nowMs: number) => readonly Beacon[] = createBeacons(SECRET)

/** A paired runner's link with a key of its own. */
export async function makeSealingLink() {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const raw = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
  const link = {
    runnerId: await runnerIdOf(raw),
    publicKey: toBase64Url(raw),
    model: MODEL.id,
    manifestDigest: MODEL.manifestDigest,
  }
  return { link, privateKey: pair.privateKey as SigningKey }
}

/** What a paired runner announces. */
export async function makePairedFrame(
  { link, privateKey }: Awaited<ReturnType<typeof makeSealingLink>>,
  change: Partial<PairedKeys> = {},
): Promise<SealKeysFrame> {
  const document = await signPairedKeys(privateKey, {
    version: 1,
    runnerId: link.runnerId,
    signingKey: link.publicKey,
    kem: { epoch: EPOCH, keys: [KEM_KEY] },
    notBeforeMs: NOW_MS - 1000,
    expiresAtMs: NOW_MS + HOUR_MS,
    models: [MODEL],
    ...change,
  })
  return { type: 'seal.keys', kind: 'paired', document: new TextDecoder().decode(document) }
}

/** What a runner in the tests' TEE shows: evidence for one of our beacons, and who is paid. */
export async function makeTeeFrame(owner: string, changes: Changes = {}): Promise<SealKeysFrame> {
  const beacon = changes.statement?.beacon ?? listTestBeacons(NOW_MS)[0]?.value ?? ''
  const { evidence } = await tdxRequest({
    ...changes,
    nonce: await beaconNonce(fromHex(beacon) ?? new Uint8Array()),
    statement: { owner, kem: { epoch: EPOCH, keys: [KEM_KEY] }, ...changes.statement, beacon },
  })
  return { type: 'seal.keys', kind: 'tee', document: new TextDecoder().decode(evidence) }
}

/** Whom the tests' policies are believed from. */
export async function makePins(): Promise<PolicyPins> {
  const signers = (await sharedSigners()).map(({ publicKey }) => toHex(publicKey))
  return { network: 'sim-local', signers, threshold: 2, minSeq: 1 }
}

/** A policy that takes the tests' TEE, as it is kept. */
export async function makeStoredPolicy(change: Partial<Policy> = {}): Promise<StoredPolicy> {
  const document = await signPolicy(await makePolicy({ policy: change }), (await sharedSigners()).slice(0, 2))
  const signed = parseSignedPolicy(document)
  if (!signed) throw new Error('the policy cannot be read')
  return { seq: signed.policy.seq, digest: await sha256Hex(signed.bytes), document }
}
