import { z } from 'zod'
import { canonicalJson, fromBase64Url } from '../canonical-json.ts'
import { type SigningKey, signText, verifyEd25519 } from '../ed25519.ts'
import { parseNano } from '../money.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const amount = z.string().refine((text) => parseNano(text) !== undefined, 'not an amount of nano')

/** How many accounts a tree counts at most. */
const LEAVES_MAX = 2 ** 31 - 1

/** A day, `yyyy-mm-dd`. */
export const daySchema = z.iso.date()

/**
 * What the network owed and said it had at one moment, signed. Amounts are nano as decimal text, times Unix ms, the
 * signature Ed25519 over the canonical JSON of everything else, base64url.
 */
export const reserveDocumentSchema = z.strictObject({
  version: z.literal(1),
  /** `-239` the main network of TON, `-3` the test network. */
  network: z.enum(['-239', '-3']),
  /** UTC. */
  day: daySchema,
  /** Hash of the root of the sum tree. */
  root: hash,
  /** All that is owed. */
  total: amount,
  /** How many accounts the tree counts. */
  leaves: z.int().min(0).max(LEAVES_MAX),
  /** Raw address, `0:<64 hex>`. */
  hotWallet: z.string().regex(/^-?[0-9]{1,3}:[0-9a-f]{64}$/),
  /** Coins in the hot and in the cold wallet, as the ledger says at the same moment. */
  hot: amount,
  cold: amount,
  /** The last transaction of the hot wallet that the ledger knows of; empty where there is none. */
  scannedLt: z.string().regex(/^[0-9]{0,20}$/),
  scannedHash: z.union([hash, z.literal('')]),
  createdAtMs: z.int().min(0),
  /** Raw Ed25519, base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  signature: z.string().max(128),
})
export type ReserveDocument = z.infer<typeof reserveDocumentSchema>

/** One account's place in the tree, as its person is told. */
export const reservePathSchema = z.strictObject({
  account: z.string(),
  amount: amount,
  salt: z.string(),
  place: z.int().min(0),
  steps: z.string().array(),
})
export type ReservePath = z.infer<typeof reservePathSchema>

/** All of a person's accounts in the tree of a day. `total` is the tree's. */
export const reservePathsSchema = z.strictObject({
  day: daySchema,
  root: hash,
  total: amount,
  leaves: z.int().min(0).max(LEAVES_MAX),
  paths: reservePathSchema.array(),
})
export type ReservePaths = z.infer<typeof reservePathsSchema>

/** The text that is signed. */
export function reserveSigningText(document: Omit<ReserveDocument, 'signature'>): string {
  const { signature: _, ...rest } = document as ReserveDocument
  return `sharnaqa-reserves-v1\n${canonicalJson(rest)}`
}

export async function signReserveDocument(
  privateKey: SigningKey,
  document: Omit<ReserveDocument, 'signature'>,
): Promise<ReserveDocument> {
  return { ...document, signature: await signText(privateKey, reserveSigningText(document)) }
}

/** Whether the document was signed with the key that it names. */
export async function isSignedReserveDocument(document: ReserveDocument): Promise<boolean> {
  const publicKey = fromBase64Url(document.publicKey)
  const signature = fromBase64Url(document.signature)
  if (!publicKey || !signature) return false
  return verifyEd25519(publicKey, signature, reserveSigningText(document))
}
