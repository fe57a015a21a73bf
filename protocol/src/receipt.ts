import * as z from 'zod/mini'
import { canonicalJson, fromBase64Url } from './canonical-json.ts'
import { type SigningKey, signText, verifyEd25519 } from './ed25519.ts'

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = z.int().check(z.minimum(0))

/**
 * What a runner says, and signs, of its part in one job. Times are Unix ms, prices nano per 1,000,000 tokens, hashes
 * SHA-256 in hex, the signature Ed25519 over the canonical JSON of everything else, base64url.
 */
export const receiptSchema = z.strictObject({
  version: z.literal(1),
  jobId: z.string().check(z.maxLength(64)),
  attempt: z.int().check(z.minimum(0), z.maximum(100)),
  runnerId: z.string().check(z.maxLength(64)),
  model: z.string().check(z.maxLength(96)),
  manifestDigest: hash,
  /** `inputHash` of the offer as it came in. */
  inputHash: hash,
  /** `outputHash` of the pieces as they went out, in order. */
  outputHash: hash,
  promptTokens: count,
  completionTokens: count,
  price: z.strictObject({ input: count, output: count }),
  startedAtMs: count,
  endedAtMs: count,
  signature: z.string().check(z.maxLength(128)),
})
export type Receipt = z.infer<typeof receiptSchema>

/** Why a receipt is not what it says. */
export type ReceiptFault =
  | 'bad-signature'
  | 'wrong-job'
  | 'wrong-input'
  | 'wrong-output'
  | 'wrong-price'
  | 'wrong-model'

/** The text that the runner signs. */
export function receiptSigningText(receipt: Omit<Receipt, 'signature'>): string {
  const { signature: _, ...rest } = receipt as Receipt
  return `sharnaqa-receipt-v1\n${canonicalJson(rest)}`
}

/** Signs a receipt with the runner's Ed25519 key. */
export async function signReceipt(
  privateKey: SigningKey,
  receipt: Omit<Receipt, 'signature'>,
): Promise<Receipt> {
  return { ...receipt, signature: await signText(privateKey, receiptSigningText(receipt)) }
}

/** What a checker knows of the job from elsewhere. Absent parts are not checked. */
export type ReceiptFacts = {
  readonly jobId: string
  readonly attempt: number
  readonly runnerId: string
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly manifestDigest?: string
  readonly inputHash?: string
  readonly outputHash?: string
  readonly price?: { readonly input: number; readonly output: number }
}

/** Checks a receipt against what is known. Gives the first fault, or undefined when it holds. */
export async function findReceiptFault(
  receipt: Receipt,
  facts: ReceiptFacts,
): Promise<ReceiptFault | undefined> {
  if (
    receipt.jobId !== facts.jobId ||
    receipt.attempt !== facts.attempt ||
    receipt.runnerId !== facts.runnerId
  ) {
    return 'wrong-job'
  }
  if (facts.manifestDigest !== undefined && receipt.manifestDigest !== facts.manifestDigest)
    return 'wrong-model'
  if (facts.inputHash !== undefined && receipt.inputHash !== facts.inputHash) return 'wrong-input'
  if (facts.outputHash !== undefined && receipt.outputHash !== facts.outputHash) return 'wrong-output'
  if (
    facts.price &&
    (receipt.price.input !== facts.price.input || receipt.price.output !== facts.price.output)
  ) {
    return 'wrong-price'
  }
  const signature = fromBase64Url(receipt.signature)
  return signature && (await verifyEd25519(facts.publicKey, signature, receiptSigningText(receipt)))
    ? undefined
    : 'bad-signature'
}
