import { type Bytes, utf8 } from '../../bytes.ts'
import { ecdsaSignature } from '../der/der-writer.ts'
import type { SignatureKind } from '../signatures.ts'

/** A private key, whatever the runtime calls its type. */
type PrivateKey = Parameters<typeof crypto.subtle.sign>[1]

/** A key that signs certificates or reports, and its public half as certificates carry it. */
export type SigningKey = {
  readonly kind: SignatureKind
  readonly privateKey: PrivateKey
  readonly spki: Bytes
  /** EC: 04 ‖ x ‖ y. Empty for RSA. */
  readonly point: Bytes
}

/** A pair and an exported key, which not every runtime's types promise. */
type KeyPair = { readonly privateKey: PrivateKey; readonly publicKey: PrivateKey }

/** RSA keys of the simulation are short: they keep nothing, and are made in every test. */
const RSA_BITS = 2048

const GENERATE = {
  'ecdsa-sha256': { name: 'ECDSA', namedCurve: 'P-256' },
  'ecdsa-sha384': { name: 'ECDSA', namedCurve: 'P-384' },
  'rsa-pss-sha384': {
    name: 'RSA-PSS',
    hash: 'SHA-384',
    modulusLength: RSA_BITS,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const
const SIGN = {
  'ecdsa-sha256': { name: 'ECDSA', hash: 'SHA-256' },
  'ecdsa-sha384': { name: 'ECDSA', hash: 'SHA-384' },
  'rsa-pss-sha384': { name: 'RSA-PSS', saltLength: 48 },
} as const

/** Makes a key. */
export async function makeSigningKey(kind: SignatureKind): Promise<SigningKey> {
  const pair = (await crypto.subtle.generateKey(GENERATE[kind], true, ['sign', 'verify'])) as KeyPair
  const spki = (await crypto.subtle.exportKey('spki', pair.publicKey)) as ArrayBuffer
  const isEc = kind !== 'rsa-pss-sha384'
  const point = isEc
    ? ((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
    : new ArrayBuffer(0)
  return { kind, privateKey: pair.privateKey, spki: new Uint8Array(spki), point: new Uint8Array(point) }
}

/** A private key as PKCS #8. */
export async function exportSigningKey({ privateKey }: SigningKey): Promise<Bytes> {
  return new Uint8Array((await crypto.subtle.exportKey('pkcs8', privateKey)) as ArrayBuffer)
}

/** Reads a key that `exportSigningKey` wrote. Throws where the bytes are none. */
export async function importSigningKey(
  kind: SignatureKind,
  pkcs8: Bytes,
  publicHalf: Pick<SigningKey, 'spki' | 'point'>,
): Promise<SigningKey> {
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, GENERATE[kind], true, ['sign'])
  return { kind, privateKey, ...publicHalf }
}

/** Signs bytes. ECDSA gives r ‖ s. */
export async function signRaw(key: SigningKey, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(SIGN[key.kind], key.privateKey, data))
}

/** Signs bytes as certificates and lists carry signatures. */
export async function signDer(key: SigningKey, data: Bytes): Promise<Bytes> {
  const raw = await signRaw(key, data)
  return key.kind === 'rsa-pss-sha384' ? raw : ecdsaSignature(raw)
}

/** A text's signature r ‖ s. */
export function signText(key: SigningKey, text: string): Promise<Bytes> {
  return signRaw(key, utf8(text))
}
