import * as z from 'zod/mini'
import { readStrict } from '../attestation/read-strict.ts'
import { type Bytes, fromCanonicalBase64Url, fromHex, toCanonicalBase64Url, utf8 } from '../bytes.ts'
import { canonicalJson, toHex } from '../canonical-json.ts'
import { type SigningKey, signText, verifyEd25519 } from '../ed25519.ts'
import { tierSchema } from '../miniapp/fields.ts'
import { sha256 } from './hashes.ts'

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = z.int().check(z.minimum(0))
const DIRECTORY_BYTES_MAX = 2_000_000
/** How old a directory may be when candidates are chosen from it, ms. */
export const DIRECTORY_AGE_MAX_MS = 120_000

/** One runner that opens sealed requests, with its keys of one epoch. Nothing in it is believed before its evidence was. */
export const directoryRunnerSchema = z.strictObject({
  /** What the header names: `run_…` of a paired runner, SHA-256 of its signing key in a TEE. */
  runner_id: z.string().check(z.minLength(1), z.maxLength(80)),
  /** `tee`: evidence; `paired`: the runner's signed announcement. Read at `GET /v1/sealed/evidence/:digest`. */
  kind: z.enum(['tee', 'paired']),
  epoch: count,
  evidence_digest: hash,
  until_ms: count,
  features: z.array(z.string().check(z.maxLength(32))).check(z.maxLength(16)),
  context_tokens: count,
  /** Whole: a document that is hashed and signed has no fractions. */
  tokens_per_second: count,
  free_slots: count,
  /** Nano per 1,000,000 tokens. */
  price: z.strictObject({ input: count, output: count }),
})
export type DirectoryRunner = z.infer<typeof directoryRunnerSchema>

/** Every runner that takes sealed requests of one model in one tier now. */
export const directorySchema = z.strictObject({
  version: z.literal(1),
  network: z.string().check(z.maxLength(32)),
  model: z.string().check(z.maxLength(96)),
  manifest_digest: hash,
  tier: tierSchema,
  /** Of the policy by which evidence was judged at admission; 0 without one. */
  policy_seq: count,
  issued_at_ms: count,
  runners: z.array(directoryRunnerSchema).check(z.maxLength(10_000)),
})
export type Directory = z.infer<typeof directorySchema>

const signedDirectorySchema = z.strictObject({
  /** What was signed, byte for byte, base64url. */
  directory: z.string().check(z.maxLength(Math.ceil((DIRECTORY_BYTES_MAX * 4) / 3))),
  /** Ed25519 of the coordinator, hex: two directories that differ for two people can be shown to others. */
  signer: hash,
  signature: z.string().check(z.maxLength(128)),
})

const LABEL = 'e2e/1 directory'

/** Signs a directory, its speeds made whole; the result is what a client reads. */
export async function signDirectory(
  directory: Directory,
  signer: { readonly publicKey: Bytes; readonly privateKey: SigningKey },
): Promise<Bytes> {
  const runners = directory.runners.map((runner) => ({
    ...runner,
    tokens_per_second: Math.round(runner.tokens_per_second),
  }))
  const text = canonicalJson({ ...directory, runners })
  const signature = await signText(signer.privateKey, LABEL + text)
  const carried = { directory: toCanonicalBase64Url(utf8(text)), signer: toHex(signer.publicKey), signature }
  return utf8(JSON.stringify(carried))
}

export type ReadDirectory =
  | { readonly ok: true; readonly directory: Directory; readonly digest: string; readonly signer: string }
  | { readonly ok: false; readonly reason: 'directory-malformed' | 'directory-signature' | 'directory-stale' }

/** Reads a directory and checks its signature and its age. `digest` is the header's `dir_digest`. */
export async function readDirectory(document: Bytes, nowMs: number): Promise<ReadDirectory> {
  const carried = document.length <= DIRECTORY_BYTES_MAX * 1.5 && readStrict(signedDirectorySchema, document)
  const bytes = carried ? fromCanonicalBase64Url(carried.directory) : undefined
  const directory = bytes && readStrict(directorySchema, bytes)
  if (!carried || !bytes || !directory) return { ok: false, reason: 'directory-malformed' }
  const [key, signature] = [fromHex(carried.signer), fromCanonicalBase64Url(carried.signature)]
  const text = LABEL + new TextDecoder().decode(bytes)
  if (!key || !signature || !(await verifyEd25519(key, signature, text)))
    return { ok: false, reason: 'directory-signature' }
  if (!(Math.abs(nowMs - directory.issued_at_ms) <= DIRECTORY_AGE_MAX_MS))
    return { ok: false, reason: 'directory-stale' }
  return { ok: true, directory, digest: toHex(await sha256(bytes)), signer: carried.signer }
}
