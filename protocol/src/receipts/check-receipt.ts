import type { AnyReceipt } from '../answer.ts'
import { type Bytes, fromCanonicalBase64Url, toCanonicalBase64Url } from '../bytes.ts'
import { sha256Hex } from '../canonical-json.ts'
import { verifyEd25519 } from '../ed25519.ts'
import { runnerIdOf } from '../ids.ts'
import { ceilDiv, parseNano } from '../money.ts'
import { receiptSigningText } from '../receipt.ts'
import { sealedReceiptText } from '../sealed/sealed-receipt.ts'
import type { ChargeOfJob, KnownOfJob, ReceiptToVerify } from './receipt-facts.ts'
import { leaveOpen, pass, type ReceiptStepReason, refuse, type StepVerdict } from './receipt-steps.ts'

/** A key, and who gave it; `key` is undefined where it could not be read. */
export type FoundKey = { readonly key: Bytes | undefined; readonly from: 'evidence' | 'network' }

const MILLION = 1_000_000n
/** Bytes of a raw Ed25519 key. */
const KEY_BYTES = 32

/** Whether the key is the runner's: an id follows from its key, so nobody can put another in its place. */
export async function checkRunner(receipt: AnyReceipt, found: FoundKey | undefined): Promise<StepVerdict> {
  const inputs = { runnerId: receipt.runnerId }
  if (!found) return leaveOpen('not-given', inputs)
  const { key, from } = found
  if (key?.length !== KEY_BYTES) return refuse('key-malformed', { ...inputs, from })
  const id = receipt.runnerId.startsWith('run_') ? await runnerIdOf(key) : await sha256Hex(key)
  const known = { ...inputs, key: toCanonicalBase64Url(key), from }
  return id === receipt.runnerId ? pass(known) : refuse('wrong-runner', { ...known, idOfKey: id })
}

/** Whether the key signed the receipt. */
export async function checkSignature(receipt: AnyReceipt, found: FoundKey | undefined): Promise<StepVerdict> {
  const inputs = { algorithm: 'Ed25519', signature: receipt.signature }
  const signature = fromCanonicalBase64Url(receipt.signature)
  const text = receipt.version === 1 ? receiptSigningText(receipt) : sealedReceiptText(receipt)
  const isSigned = found?.key && signature && (await verifyEd25519(found.key, signature, text))
  return isSigned ? pass(inputs) : refuse('bad-signature', inputs)
}

/** Whether the caller's own verifier accepted what the receipt names. */
export function checkEvidence(
  receipt: AnyReceipt,
  { evidence, pairedDigest }: Pick<ReceiptToVerify, 'evidence' | 'pairedDigest'>,
): StepVerdict {
  if (receipt.version === 1) return leaveOpen('not-sealed')
  const inputs = { evidenceDigest: receipt.evidenceDigest }
  if (receipt.runnerId.startsWith('run_')) {
    if (pairedDigest === undefined) return leaveOpen('not-given', inputs)
    return pairedDigest === receipt.evidenceDigest ? pass(inputs) : refuse('wrong-evidence', inputs)
  }
  if (!evidence) return leaveOpen('not-given', inputs)
  const { document, accepted } = evidence
  const seen = { ...inputs, policySeq: document.policySeq ?? 0, isSimulated: String(document.isSimulated) }
  if (!accepted || document.verdict !== 'accepted') return refuse('evidence-refused', seen)
  const { statement, evidenceDigest } = accepted
  const isSame = evidenceDigest === receipt.evidenceDigest && statement.runnerId === receipt.runnerId
  if (!isSame) return refuse('wrong-evidence', seen)
  const hasModel = statement.models.some(({ manifestDigest }) => manifestDigest === receipt.manifestDigest)
  return hasModel ? pass(seen) : refuse('wrong-model', seen)
}

/** Whether the receipt says what the caller knows from elsewhere. */
export function checkHashes(receipt: AnyReceipt, known: KnownOfJob): StepVerdict {
  const { price } = known
  const rows: readonly (readonly [
    ReceiptStepReason,
    string,
    string | number,
    string | number | undefined,
  ])[] = [
    ['wrong-job', 'jobId', receipt.jobId, known.jobId],
    ['wrong-job', 'attempt', receipt.attempt, known.attempt],
    ['wrong-runner', 'runnerId', receipt.runnerId, known.runnerId],
    ['wrong-model', 'manifestDigest', receipt.manifestDigest, known.manifestDigest],
    ['wrong-input', 'inputHash', receipt.inputHash, known.inputHash],
    ['wrong-output', 'outputHash', receipt.outputHash, known.outputHash],
    ['wrong-price', 'priceInput', receipt.price.input, price?.input],
    ['wrong-price', 'priceOutput', receipt.price.output, price?.output],
  ]
  const compared = rows.filter(([, , , knownAs]) => knownAs !== undefined)
  if (compared.length === 0) return leaveOpen('not-given')
  const inputs = Object.fromEntries(compared.map(([, name, said]) => [name, said]))
  const wrong = compared.find(([, , said, knownAs]) => said !== knownAs)
  return wrong ? refuse(wrong[0], { ...inputs, expected: wrong[3] ?? '' }) : pass(inputs)
}

/**
 * Whether the job's receipts come to what was charged, or to more: of a runner's count and the network's the smaller is
 * charged, the prompt once, and the sum is rounded up once.
 */
export function checkCharge(receipt: AnyReceipt, charge: ChargeOfJob | undefined): StepVerdict {
  if (!charge) return leaveOpen('not-given')
  const { receipts } = charge
  const charged = parseNano(charge.nano)
  const isOfJob = receipts.every(({ jobId }) => jobId === receipt.jobId)
  const holdsThis = receipts.some(({ signature }) => signature === receipt.signature)
  if (charged === undefined || !isOfJob || !holdsThis) return refuse('wrong-job', { charged: charge.nano })
  const prompts = receipts.map(({ price, promptTokens }) => BigInt(price.input) * BigInt(promptTokens))
  const prompt = prompts.reduce((most, cost) => (cost > most ? cost : most), 0n)
  const completion = receipts.reduce(
    (sum, { price, completionTokens }) => sum + BigInt(price.output) * BigInt(completionTokens),
    0n,
  )
  const cost = ceilDiv(prompt + completion, MILLION)
  const completionTokens = receipts.reduce((sum, part) => sum + part.completionTokens, 0)
  const inputs = { chargedNano: charge.nano, costNano: String(cost), receipts: receipts.length }
  if (charged <= cost) return pass(inputs)
  return charge.completionTokens > completionTokens
    ? leaveOpen('part-without-receipt', inputs)
    : refuse('overcharged', inputs)
}
