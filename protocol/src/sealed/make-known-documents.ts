import { beaconNonce, bindEvidence, evidenceDigest } from '../attestation/policy/binding.ts'
import type { Policy } from '../attestation/policy/policy.ts'
import { signPolicy } from '../attestation/policy/sign-policy.ts'
import { type Statement, writeStatement } from '../attestation/policy/statement.ts'
import { type Bytes, readUtf8, toCanonicalBase64Url } from '../bytes.ts'
import { toHex } from '../canonical-json.ts'
import { runnerIdOf } from '../ids.ts'
import { type Directory, readDirectory, signDirectory } from './directory.ts'
import { sha256 } from './hashes.ts'
import { bytesNamed, KNOWN_EPOCH, KNOWN_MODEL, KNOWN_NOW_MS, type Signer, signerNamed } from './known-keys.ts'
import { checkPairedKeys, type PairedKeys, signPairedKeys } from './paired-keys.ts'
import { SUITE_FACTS } from './suites.ts'

/** Announcement, directory, policy and the binding of evidence, all about one runner with this sealing key. */
export async function makeKnownDocuments(sealKey: Bytes) {
  const [runner, coordinator] = [await signerNamed('runner'), await signerNamed('coordinator')]
  const keys = [{ id: SUITE_FACTS.x25519.kemId, publicKey: toCanonicalBase64Url(sealKey) }]
  const kem = { epoch: KNOWN_EPOCH, keys }
  const runnerId = await runnerIdOf(runner.publicKey)
  const paired = await signPairedKeys(runner.privateKey, announcedBy(runner, runnerId, kem))
  const checked = await checkPairedKeys(paired, KNOWN_NOW_MS)
  const digest = checked.ok ? checked.digest : checked.reason
  const directory = await signDirectory(listing(runnerId, digest), coordinator)
  const read = await readDirectory(directory, KNOWN_NOW_MS)
  return {
    runner: { publicKey: toHex(runner.publicKey), runnerId },
    coordinator: { publicKey: toHex(coordinator.publicKey) },
    paired: { document: readUtf8(paired) ?? '', digest },
    directory: { document: readUtf8(directory) ?? '', digest: read.ok ? read.digest : read.reason },
    evidence: await makeBinding(runner, kem),
    policy: readUtf8(await signPolicy(POLICY, [coordinator, runner])) ?? '',
  }
}

function announcedBy({ publicKey }: Signer, runnerId: string, kem: PairedKeys['kem']): PairedKeys {
  return {
    version: 1,
    runnerId,
    signingKey: toCanonicalBase64Url(publicKey),
    kem,
    notBeforeMs: KNOWN_NOW_MS,
    expiresAtMs: KNOWN_NOW_MS + 3_600_000,
    models: [KNOWN_MODEL],
  }
}

function listing(runnerId: string, evidenceDigest: string): Directory {
  return {
    version: 1,
    network: 'sim-local',
    model: KNOWN_MODEL.id,
    manifest_digest: KNOWN_MODEL.manifestDigest,
    tier: 'own',
    policy_seq: 0,
    issued_at_ms: KNOWN_NOW_MS,
    runners: [
      {
        runner_id: runnerId,
        kind: 'paired',
        epoch: KNOWN_EPOCH,
        evidence_digest: evidenceDigest,
        until_ms: KNOWN_NOW_MS + 3_600_000,
        features: ['tools'],
        context_tokens: 4096,
        // Not whole: signed as 43.
        tokens_per_second: 42.5,
        free_slots: 2,
        price: { input: 0, output: 0 },
      },
    ],
  }
}

async function makeBinding(runner: Signer, kem: Statement['kem']) {
  const statement = writeStatement({
    version: 1,
    network: 'sim-local',
    runnerId: toHex(await sha256(runner.publicKey)),
    signingKey: toHex(runner.publicKey),
    owner: 'run_owner',
    kem,
    notBeforeMs: KNOWN_NOW_MS,
    expiresAtMs: KNOWN_NOW_MS + 3_600_000,
    beacon: 'be'.repeat(32),
    image: '51'.repeat(32),
    models: [KNOWN_MODEL],
    gpu: { count: 1, mode: 'on' },
    paddingBuckets: [256, 1024, 4096],
  })
  const devices = await bytesNamed('devices', 64)
  const quote = await bytesNamed('quote', 96)
  const nonce = await beaconNonce(new Uint8Array(32).fill(0xbe))
  const bound = await bindEvidence(nonce, statement, devices)
  return {
    statement: readUtf8(statement) ?? '',
    devices: toHex(devices),
    quote: toHex(quote),
    beaconNonce: toHex(nonce),
    statementDigest: toHex(bound.statementDigest),
    devicesDigest: toHex(bound.devicesDigest),
    gpuNonce: toHex(bound.gpuNonce),
    reportData: toHex(bound.reportData),
    evidenceDigest: await evidenceDigest(statement, devices, quote),
  }
}

const POLICY: Policy = {
  version: 1,
  network: 'sim-local',
  seq: 3,
  prev: '00'.repeat(32),
  issuedAtMs: KNOWN_NOW_MS,
  expiresAtMs: KNOWN_NOW_MS + 86_400_000,
  formats: ['tdx'],
  minTcbEvaluationNumber: 17,
  allowedTcb: [],
  hardware: [],
  releases: [
    { name: 'known', image: '51'.repeat(32), rtmr1: '53'.repeat(48), rtmr2: '54'.repeat(48), launch: [] },
  ],
  snp: { minTcb: { genoa: snpTcb(1), turin: snpTcb(2) }, platformSet: 0x20, platformClear: 0 },
  gpu: { minCount: 1, maxCount: 8, profiles: [] },
  revoked: { runners: [], platforms: [], certificates: [] },
  platforms: [],
}

function snpTcb(level: number): Policy['snp']['minTcb']['genoa'] {
  return { fmc: 0, bootloader: level, tee: 0, snp: level, microcode: level }
}
