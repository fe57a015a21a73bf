import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  type KeyObject,
  verify,
} from 'node:crypto'

// A second, independent implementation for tests: HPKE's base mode (RFC 9180) with DHKEM(X25519) and with X-Wing
// (draft-connolly-cfrg-xwing-kem), HKDF-SHA256 and AES-256-GCM, and the answer's key schedule, written from the RFC and the
// draft on node:crypto and nothing of ours.

const SUITE_KEM = Buffer.concat([Buffer.from('KEM'), Buffer.from([0x00, 0x20])])
const hpkeSuite = (kemId: number) =>
  Buffer.concat([Buffer.from('HPKE'), Buffer.from([kemId >> 8, kemId & 255, 0x00, 0x01, 0x00, 0x02])])
const X25519_KEM = 0x0020
const X_WING_KEM = 0x647a
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')
const SPKI = Buffer.from('302a300506032b656e032100', 'hex')
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex')
const PKCS8_ML_KEM_768 = Buffer.from('3054020100300b060960864801650304040204428040', 'hex')
const ML_KEM_ENC_BYTES = 1088
const X_WING_LABEL = Buffer.from('5c2e2f2f5e5c', 'hex')

/** Whether this Node knows ML-KEM, without which there is no second opinion of X-Wing. */
export const HAS_ML_KEM = typeof decapsulate === 'function'

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const hmac = (key: Uint8Array, data: Uint8Array) => createHmac('sha256', key).update(data).digest()

function expand(prk: Uint8Array, info: Uint8Array, length: number): Buffer {
  let block = Buffer.alloc(0)
  let out = Buffer.alloc(0)
  for (let i = 1; out.length < length; i++) {
    block = hmac(prk, Buffer.concat([block, info, Buffer.from([i])]))
    out = Buffer.concat([out, block])
  }
  return out.subarray(0, length)
}

const labeledExtract = (suite: Buffer, salt: Uint8Array, label: string, ikm: Uint8Array) =>
  hmac(salt, Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from(label), ikm]))
const labeledExpand = (suite: Buffer, prk: Uint8Array, label: string, info: Uint8Array, length: number) =>
  expand(
    prk,
    Buffer.concat([
      Buffer.from([length >> 8, length & 255]),
      Buffer.from('HPKE-v1'),
      suite,
      Buffer.from(label),
      info,
    ]),
    length,
  )

function decrypt(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Buffer {
  const opener = createDecipheriv('aes-256-gcm', key, iv)
  opener.setAAD(aad)
  opener.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()])
}

/** What a wrap is opened with. */
type WrapInput = {
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
  readonly enc: Uint8Array
  readonly wrapped: Uint8Array
  readonly info: Uint8Array
  readonly aad: Uint8Array
}

const x25519Private = (raw: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' })
const agree = (privateKey: KeyObject, publicKey: Uint8Array) =>
  diffieHellman({
    privateKey,
    publicKey: createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' }),
  })

/** Opens a wrap by the book: gives the data key and the exported secret of the answer. */
export function openWrap(input: WrapInput) {
  const { privateKey, publicKey, enc } = input
  const dh = agree(x25519Private(privateKey), enc)
  const eae = labeledExtract(SUITE_KEM, Buffer.alloc(0), 'eae_prk', dh)
  const shared = labeledExpand(SUITE_KEM, eae, 'shared_secret', Buffer.concat([enc, publicKey]), 32)
  return openShared(X25519_KEM, shared, input)
}

/** The same for X-Wing: the private key is its seed of 32 bytes. */
export function openXWingWrap(input: WrapInput) {
  const expanded = createHash('shake256', { outputLength: 96 }).update(input.privateKey).digest()
  const mlKem = createPrivateKey({
    key: Buffer.concat([PKCS8_ML_KEM_768, expanded.subarray(0, 64)]),
    format: 'der',
    type: 'pkcs8',
  })
  const x25519 = x25519Private(expanded.subarray(64))
  const own = createPublicKey(x25519).export({ format: 'der', type: 'spki' }).subarray(-32)
  const [encMl, encX] = [input.enc.subarray(0, ML_KEM_ENC_BYTES), input.enc.subarray(ML_KEM_ENC_BYTES)]
  const parts = [decapsulate(mlKem, encMl), agree(x25519, encX), encX, own, X_WING_LABEL]
  const shared = createHash('sha3-256').update(Buffer.concat(parts)).digest()
  return openShared(X_WING_KEM, shared, input)
}

function openShared(kemId: number, shared: Uint8Array, { info, aad, wrapped }: WrapInput) {
  const suite = hpkeSuite(kemId)
  const none = Buffer.alloc(0)
  const context = Buffer.concat([
    Buffer.from([0]),
    labeledExtract(suite, none, 'psk_id_hash', none),
    labeledExtract(suite, none, 'info_hash', info),
  ])
  const secret = labeledExtract(suite, shared, 'secret', none)
  const key = labeledExpand(suite, secret, 'key', context, 32)
  const nonce = labeledExpand(suite, secret, 'base_nonce', context, 12)
  const exporter = labeledExpand(suite, secret, 'exp', context, 32)
  return {
    dataKey: decrypt(key, nonce, aad, wrapped),
    responseSecret: labeledExpand(suite, exporter, 'sec', Buffer.from('e2e/1 resp'), 32),
  }
}

/** The texts and hashes of the design, once more. */
export const byTheBook = {
  info: (header: string, evidenceDigest: string) =>
    Buffer.concat([
      Buffer.from('e2e/1 req'),
      sha256(Buffer.from(header)),
      Buffer.from(evidenceDigest, 'hex'),
    ]),
  wrapAad: (ct: Uint8Array) => sha256(ct),
  requestHash: (header: string, ct: Uint8Array) => sha256(sha256(Buffer.from(header)), sha256(ct)),
  sha256,
  sha512: (...parts: Uint8Array[]) => createHash('sha512').update(Buffer.concat(parts)).digest(),
  isSigned: (publicKey: Uint8Array, signature: Uint8Array, text: string) =>
    verify(
      null,
      Buffer.from(text),
      createPublicKey({ key: Buffer.concat([SPKI_ED25519, publicKey]), format: 'der', type: 'spki' }),
      signature,
    ),
  openBody: (dataKey: Uint8Array, header: string, ct: Uint8Array) => {
    const padded = decrypt(
      dataKey,
      Buffer.alloc(12),
      sha256(Buffer.from('e2e/1 hdr'), Buffer.from(header)),
      ct,
    )
    return padded.subarray(4, 4 + padded.readUInt32BE(0))
  },
  openChunk: (
    responseSecret: Uint8Array,
    enc: Uint8Array,
    responseNonce: Uint8Array,
    chunk: { readonly index: number; readonly isLast: boolean; readonly bytes: Uint8Array },
  ) => {
    const prk = hmac(Buffer.concat([enc, responseNonce]), responseSecret)
    const iv = expand(prk, Buffer.from('nonce'), 12)
    iv.writeUInt32BE((iv.readUInt32BE(8) ^ chunk.index) >>> 0, 8)
    const padded = decrypt(
      expand(prk, Buffer.from('key'), 32),
      iv,
      Buffer.from(chunk.isLast ? 'final' : ''),
      chunk.bytes,
    )
    return padded.subarray(4, 4 + padded.readUInt32BE(0))
  },
}
