import { writeEvidence } from '../../../protocol/src/attestation/evidence.ts'
import {
  beaconNonce,
  bindEvidence,
  evidenceDigest,
  gpuNonceOf,
} from '../../../protocol/src/attestation/policy/binding.ts'
import { type Statement, writeStatement } from '../../../protocol/src/attestation/policy/statement.ts'
import { type Bytes, fromHex, readUtf8 } from '../../../protocol/src/bytes.ts'
import { toHex } from '../../../protocol/src/canonical-json.ts'
import type { SigningKey } from '../../../protocol/src/ed25519.ts'
import { sha256 } from '../../../protocol/src/sealed/hashes.ts'
import { CHUNK_BUCKETS } from '../../../protocol/src/sealed/padding.ts'
import type { SealKeys } from '../../../protocol/src/sealed/seal-keys.ts'
import { type Announced, type Announcer, epochWindow, type SealedModel } from './announcer.ts'
import type { NetworkBeacon, ReadBeacon } from './read-beacon.ts'
import { notMade, type Tee } from './tee/tee.ts'

export type EvidenceDeps = {
  readonly tee: Tee
  readonly readBeacon: ReadBeacon
  readonly signer: TeeSigner
  /** The paired runner that is paid: `run_…`. */
  readonly owner: string
  /** SHA-256 that the image was published under, hex. */
  readonly image: string
  readonly models: readonly SealedModel[]
}

/** The key that signs receipts of a runner in a TEE: made when the process begins, in memory alone. */
export type TeeSigner = {
  /** SHA-256 of `publicKey`, hex. */
  readonly runnerId: string
  readonly publicKey: Bytes
  readonly privateKey: SigningKey
}

/** The longest document that a `seal.keys` frame carries, in UTF-16 units. */
const DOCUMENT_CHARS_MAX = 900_000
/** Evidence is made anew so long before its certificates and lists end. */
const COLLATERAL_MARGIN_MS = 10 * 60_000

/** Makes the key of this process. */
export async function makeTeeSigner(): Promise<TeeSigner> {
  // Not extractable: not even this program can write it anywhere.
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('Ed25519 keys come in pairs')
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  return { runnerId: toHex(await sha256(publicKey)), publicKey, privateKey: pair.privateKey }
}

/** Shows by the TEE's evidence whose the keys are. */
export function createTeeAnnouncer(deps: EvidenceDeps): Announcer {
  const { runnerId, privateKey } = deps.signer
  return { kind: 'tee', runnerId, signingKey: privateKey, announce: (kem) => makeEvidence(deps, kem) }
}

/** Makes evidence for the keys of one epoch: statement, GPUs, quote, collateral. The first that fails names the reason. */
async function makeEvidence(deps: EvidenceDeps, kem: SealKeys): Promise<Announced> {
  const { tee } = deps
  const beacon = await deps.readBeacon()
  if (!beacon.ok) return beacon
  const value = fromHex(beacon.value.value)
  if (!value) return notMade('beacon-malformed')
  const gpu = await tee.readGpu()
  if (!gpu.ok) return gpu
  const eventLog = await tee.readEventLog()
  if (!eventLog.ok) return eventLog
  const statement = writeStatement(stateOf(deps, { beacon: beacon.value, gpu: gpu.value, kem }))
  const nonce = await beaconNonce(value)
  const gpuNonce = await gpuNonceOf(nonce, await sha256(statement))
  const devices = await tee.collectDevices(gpuNonce, gpu.value.count)
  if (!devices.ok) return devices
  const { reportData } = await bindEvidence(nonce, statement, devices.value)
  const quote = await tee.quote(reportData)
  if (!quote.ok) return quote
  const dated = await tee.readCollateral(quote.value)
  if (!dated.ok) return dated
  const { collateral, untilMs } = dated.value
  const parts = { statement, quote: quote.value, devices: devices.value }
  const bytes = writeEvidence({ format: tee.format, ...parts, collateral, eventLog: eventLog.value })
  const document = readUtf8(bytes) ?? ''
  if (document.length > DOCUMENT_CHARS_MAX) return notMade('evidence-too-large')
  const renewAtMs = untilMs - COLLATERAL_MARGIN_MS
  return {
    ok: true,
    document,
    digest: await evidenceDigest(statement, devices.value, quote.value),
    ...(renewAtMs < epochWindow(kem.epoch).expiresAtMs ? { renewAtMs } : {}),
  }
}

function stateOf(
  { signer, owner, image, models }: EvidenceDeps,
  said: { readonly beacon: NetworkBeacon; readonly gpu: Statement['gpu']; readonly kem: SealKeys },
): Statement {
  return {
    version: 1,
    network: said.beacon.network,
    runnerId: signer.runnerId,
    signingKey: toHex(signer.publicKey),
    owner,
    kem: said.kem,
    ...epochWindow(said.kem.epoch),
    beacon: said.beacon.value,
    image,
    models: [...models],
    gpu: said.gpu,
    paddingBuckets: [...CHUNK_BUCKETS],
  }
}
