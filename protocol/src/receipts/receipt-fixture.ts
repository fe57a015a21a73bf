import type { AnyReceipt } from '../answer.ts'
import { fromCanonicalBase64Url } from '../bytes.ts'
import { sha256Hex, toHex } from '../canonical-json.ts'
import type { SigningKey } from '../ed25519.ts'
import { makeJobId, runnerIdOf } from '../ids.ts'
import { type Receipt, signReceipt } from '../receipt.ts'
import { type SealedReceipt, signSealedReceipt } from '../sealed/sealed-receipt.ts'
import { type ReceiptDayDocument, signReceiptDay } from './day-document.ts'
import type { ReceiptProof } from './receipt-proof.ts'
import { makeReceiptPath, makeReceiptTree, receiptLeaf } from './receipt-tree.ts'

const AT_MS = Date.UTC(2026, 10, 22, 13)
export const FIXTURE_DAY = '2026-11-22'
export const FIXTURE_JOB = makeJobId(AT_MS, new Uint8Array(16).fill(3))

/** A key of a runner, or of a coordinator, with what tests write of it. */
export type FixtureKey = {
  readonly privateKey: SigningKey
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly base64Url: string
  readonly hex: string
}

export async function makeFixtureKey(): Promise<FixtureKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const { x = '' } = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey
  const publicKey = fromCanonicalBase64Url(x)
  if (!publicKey) throw new Error('the runtime gave no public key')
  return { privateKey: pair.privateKey, publicKey, base64Url: x, hex: toHex(publicKey) }
}

const common = {
  jobId: FIXTURE_JOB,
  attempt: 0,
  manifestDigest: 'ab'.repeat(32),
  inputHash: '2'.repeat(64),
  outputHash: '3'.repeat(64),
  promptTokens: 100,
  completionTokens: 50,
  price: { input: 1_000_000, output: 3_000_000 },
  startedAtMs: AT_MS,
  endedAtMs: AT_MS + 900,
}

/** A receipt of an open job. It comes to 250 nano. */
export async function makeOpenReceipt(key: FixtureKey, changed: Partial<Receipt> = {}): Promise<Receipt> {
  const runnerId = await runnerIdOf(key.publicKey)
  return signReceipt(key.privateKey, { version: 1, ...common, runnerId, model: 'tiny', ...changed })
}

/** A receipt of a sealed job: of a paired runner, or of one in a TEE. */
export async function makeSealedReceipt(
  key: FixtureKey,
  { kind, evidenceDigest }: { readonly kind: 'paired' | 'tee'; readonly evidenceDigest: string },
): Promise<SealedReceipt> {
  const runnerId = kind === 'tee' ? await sha256Hex(key.publicKey) : await runnerIdOf(key.publicKey)
  const receipt = { version: 2, ...common, runnerId, evidenceDigest, status: 'done' } as const
  return signSealedReceipt(key.privateKey, receipt)
}

/** A day that holds this receipt among others, as its coordinator signs it. */
export async function makeFixtureProof(
  coordinator: FixtureKey,
  receipt: AnyReceipt,
  changed: Partial<ReceiptDayDocument> = {},
): Promise<ReceiptProof> {
  const leaves = [receiptLeaf({ other: 1 }), receiptLeaf(receipt), receiptLeaf({ other: 2 })]
  const tree = makeReceiptTree(leaves)
  const document = await signReceiptDay(coordinator.privateKey, {
    version: 1,
    day: FIXTURE_DAY,
    root: tree.root,
    leaves: leaves.length,
    issued_at_ms: AT_MS + 86_400_000,
    signer: coordinator.hex,
    ...changed,
  })
  const paths = [{ attempt: receipt.attempt, place: 1, steps: [...makeReceiptPath(tree, 1)] }]
  return { job_id: receipt.jobId, document, transaction_id: null, paths }
}
