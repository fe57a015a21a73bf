import * as z from 'zod/mini'
import { type Bytes, fromCanonicalBase64Url } from '../bytes.ts'
import { canonicalJson } from '../canonical-json.ts'
import { type SigningKey, signText, verifyEd25519 } from '../ed25519.ts'

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = z.int().check(z.minimum(0))

/**
 * What a runner signs of its part in one sealed job: to the coordinator in clear, and the same inside the answer's last
 * chunk. It names ciphertext alone. Times are Unix ms, prices nano per 1,000,000 tokens, hashes SHA-256 in hex.
 */
export const sealedReceiptSchema = z.strictObject({
  version: z.literal(2),
  jobId: z.string().check(z.maxLength(64)),
  attempt: z.int().check(z.minimum(0), z.maximum(100)),
  /** As the request's header names it: `run_…` of a paired runner, SHA-256 of its signing key in a TEE. */
  runnerId: z.string().check(z.minLength(1), z.maxLength(80)),
  evidenceDigest: hash,
  manifestDigest: hash,
  /** `hashRequest` of header and ciphertext. */
  inputHash: hash,
  /** `outputHash` of the chunks as they went out, base64url, but for the last, which holds this receipt. */
  outputHash: hash,
  promptTokens: count,
  completionTokens: count,
  /** `stopped`: the caller ended it, or left. */
  status: z.enum(['done', 'stopped']),
  price: z.strictObject({ input: count, output: count }),
  startedAtMs: count,
  endedAtMs: count,
  /** Ed25519, base64url. */
  signature: z.string().check(z.maxLength(128)),
})
export type SealedReceipt = z.infer<typeof sealedReceiptSchema>

/** Why a sealed receipt is not what it says. */
export type SealedReceiptFault =
  | 'wrong-job'
  | 'wrong-runner'
  | 'wrong-evidence'
  | 'wrong-model'
  | 'wrong-input'
  | 'wrong-output'
  | 'wrong-price'
  | 'inflated-tokens'
  | 'bad-signature'

/** The text that the runner signs. */
export function sealedReceiptText(receipt: Omit<SealedReceipt, 'signature'>): string {
  const { signature: _, ...rest } = receipt as SealedReceipt
  return `e2e/1 receipt${canonicalJson(rest)}`
}

/** Signs a receipt with the key that the runner's evidence, or its pairing, names. */
export async function signSealedReceipt(
  privateKey: SigningKey,
  receipt: Omit<SealedReceipt, 'signature'>,
): Promise<SealedReceipt> {
  return { ...receipt, signature: await signText(privateKey, sealedReceiptText(receipt)) }
}

/** What a checker knows from elsewhere. Absent parts are not checked. */
export type SealedReceiptFacts = {
  readonly jobId: string
  readonly attempt?: number
  readonly runnerId: string
  readonly evidenceDigest: string
  readonly manifestDigest: string
  readonly inputHash?: string
  readonly outputHash?: string
  readonly price?: { readonly input: number; readonly output: number }
  /** The most that the header allows to be paid. */
  readonly tokensMax?: { readonly prompt: number; readonly completion: number }
  /** Raw Ed25519. */
  readonly signingKey: Bytes
}

/** Checks a sealed receipt. Gives the first fault, or undefined when it holds. */
export async function findSealedReceiptFault(
  receipt: SealedReceipt,
  facts: SealedReceiptFacts,
): Promise<SealedReceiptFault | undefined> {
  const { price, tokensMax } = facts
  const differs = (said: string | number, known: string | number | undefined) =>
    known !== undefined && said !== known
  if (differs(receipt.jobId, facts.jobId) || differs(receipt.attempt, facts.attempt)) return 'wrong-job'
  if (differs(receipt.runnerId, facts.runnerId)) return 'wrong-runner'
  if (differs(receipt.evidenceDigest, facts.evidenceDigest)) return 'wrong-evidence'
  if (differs(receipt.manifestDigest, facts.manifestDigest)) return 'wrong-model'
  if (differs(receipt.inputHash, facts.inputHash)) return 'wrong-input'
  if (differs(receipt.outputHash, facts.outputHash)) return 'wrong-output'
  if (differs(receipt.price.input, price?.input) || differs(receipt.price.output, price?.output))
    return 'wrong-price'
  if (
    tokensMax &&
    (receipt.promptTokens > tokensMax.prompt || receipt.completionTokens > tokensMax.completion)
  )
    return 'inflated-tokens'
  const signature = fromCanonicalBase64Url(receipt.signature)
  const isSigned = signature && (await verifyEd25519(facts.signingKey, signature, sealedReceiptText(receipt)))
  return isSigned ? undefined : 'bad-signature'
}
