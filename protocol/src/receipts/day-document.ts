import * as z from 'zod/mini'
import { digest, momentMs } from '../attestation/fields.ts'
import { fromCanonicalBase64Url, fromHex } from '../bytes.ts'
import { canonicalJson } from '../canonical-json.ts'
import { type SigningKey, signText, verifyEd25519 } from '../ed25519.ts'
import { TREE_LEAVES_MAX } from './receipt-tree.ts'

/** A day in UTC, `yyyy-mm-dd`. */
export const receiptDaySchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))

/**
 * What the network says of all receipts of one day, signed by its coordinator: Ed25519 over the canonical JSON of
 * everything else, base64url. A receipt belongs to the day, UTC, in which its job's id was made.
 */
export const receiptDayDocumentSchema = z.strictObject({
  version: z.literal(1),
  day: receiptDaySchema,
  /** Root of the day's tree, hex. */
  root: digest,
  /** How many receipts the tree holds. */
  leaves: z.int().check(z.minimum(0), z.maximum(TREE_LEAVES_MAX)),
  issued_at_ms: momentMs,
  /** Raw Ed25519 of the coordinator, hex: the one that signs its directories. */
  signer: digest,
  signature: z.string().check(z.maxLength(128)),
})
export type ReceiptDayDocument = z.infer<typeof receiptDayDocumentSchema>

/** The text that is signed. */
export function receiptDayText(document: Omit<ReceiptDayDocument, 'signature'>): string {
  const { signature: _, ...rest } = document as ReceiptDayDocument
  return `e2e/1 receipts${canonicalJson(rest)}`
}

/** Signs what a day's document says. */
export async function signReceiptDay(
  privateKey: SigningKey,
  document: Omit<ReceiptDayDocument, 'signature'>,
): Promise<ReceiptDayDocument> {
  return { ...document, signature: await signText(privateKey, receiptDayText(document)) }
}

/** Whether the document was signed with the key that it names. Whose key that is, it does not say. */
export async function isSignedReceiptDay(document: ReceiptDayDocument): Promise<boolean> {
  const key = fromHex(document.signer)
  const signature = fromCanonicalBase64Url(document.signature)
  return (
    key !== undefined && signature !== undefined && verifyEd25519(key, signature, receiptDayText(document))
  )
}
