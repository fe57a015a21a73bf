import { open, readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { base64UrlText, digest, hexText } from '../../../protocol/src/attestation/fields.ts'
import { POLICY_LABEL } from '../../../protocol/src/attestation/policy/check-policy.ts'
import {
  MAX_POLICY_BYTES,
  type Policy,
  parseSignedPolicy,
  policySchema,
  type SignedPolicy,
} from '../../../protocol/src/attestation/policy/policy.ts'
import { type PolicySigner, signPolicy } from '../../../protocol/src/attestation/policy/sign-policy.ts'
import { readStrict } from '../../../protocol/src/attestation/read-strict.ts'
import { type Bytes, concatBytes, toCanonicalBase64Url, utf8 } from '../../../protocol/src/bytes.ts'
import { toHex } from '../../../protocol/src/canonical-json.ts'

/** A policy in a file: as somebody wrote it, or with the signatures that it has so far. */
export type PolicyFile =
  | { readonly kind: 'draft'; readonly policy: Policy }
  | { readonly kind: 'signed'; readonly signed: SignedPolicy; readonly document: Bytes }

/** Reads a policy; undefined where it is none. */
export function readPolicyFile(document: Bytes): PolicyFile | undefined {
  const signed = parseSignedPolicy(document)
  if (signed) return { kind: 'signed', signed, document }
  const policy = document.length <= MAX_POLICY_BYTES ? readStrict(policySchema, document) : undefined
  return policy && { kind: 'draft', policy }
}

const carriedSchema = z.strictObject({
  policy: base64UrlText(MAX_POLICY_BYTES),
  signatures: z.array(z.strictObject({ signer: hexText(32), signature: base64UrlText(64) })),
})

/** Adds a signature. Every signer signs the very bytes that the first one did; who signed before signs anew. */
export async function addSignature(file: PolicyFile, signer: PolicySigner): Promise<Bytes> {
  if (file.kind === 'draft') return signPolicy(file.policy, [signer])
  const carried = carriedSchema.parse(JSON.parse(new TextDecoder().decode(file.document)))
  const signed = concatBytes(utf8(POLICY_LABEL), file.signed.bytes)
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', signer.privateKey, signed))
  const name = toHex(signer.publicKey)
  const others = carried.signatures.filter((one) => one.signer !== name)
  const added = { signer: name, signature: toCanonicalBase64Url(signature) }
  return utf8(JSON.stringify({ policy: carried.policy, signatures: [...others, added] }))
}

const keySchema = z.strictObject({
  version: z.literal(1),
  publicKey: digest,
  /** PKCS #8, base64. */
  privateKey: z.string().check(z.maxLength(256)),
})

/** Makes a key in a file for this user alone. False where the file is there already: no key is ever overwritten. */
export async function makeSignerFile(path: string): Promise<{ readonly publicKey: string } | undefined> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)))
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64')
  const file = await open(path, 'wx', 0o600).catch(() => undefined)
  if (!file) return undefined
  await file.writeFile(`${JSON.stringify({ version: 1, publicKey, privateKey: pkcs8 })}\n`)
  await file.close()
  return { publicKey }
}

/** Reads a signer's key; undefined where the file is none, or its two halves do not belong together. */
export async function readSignerFile(path: string): Promise<PolicySigner | undefined> {
  try {
    const read = keySchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const pkcs8 = Uint8Array.from(Buffer.from(read.privateKey, 'base64'))
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
    const { x } = await crypto.subtle.exportKey('jwk', privateKey)
    const publicKey = Uint8Array.from(Buffer.from(x ?? '', 'base64url'))
    return toHex(publicKey) === read.publicKey ? { publicKey, privateKey } : undefined
  } catch {
    return undefined // not there, no JSON, or no key
  }
}
