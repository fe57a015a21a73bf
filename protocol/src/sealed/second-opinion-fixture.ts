import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
} from 'node:crypto'

// A second, independent implementation for tests: HPKE's base mode (RFC 9180) with DHKEM(X25519), HKDF-SHA256 and
// AES-256-GCM, and the answer's key schedule, written from the RFC on node:crypto and nothing of ours.

const SUITE_KEM = Buffer.concat([Buffer.from('KEM'), Buffer.from([0x00, 0x20])])
const SUITE_HPKE = Buffer.concat([Buffer.from('HPKE'), Buffer.from([0x00, 0x20, 0x00, 0x01, 0x00, 0x02])])
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')
const SPKI = Buffer.from('302a300506032b656e032100', 'hex')

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

/** Opens a wrap by the book: gives the data key and the exported secret of the answer. */
export function openWrap(input: {
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
  readonly enc: Uint8Array
  readonly wrapped: Uint8Array
  readonly info: Uint8Array
  readonly aad: Uint8Array
}) {
  const { privateKey, publicKey, enc, wrapped, info, aad } = input
  const dh = diffieHellman({
    privateKey: createPrivateKey({ key: Buffer.concat([PKCS8, privateKey]), format: 'der', type: 'pkcs8' }),
    publicKey: createPublicKey({ key: Buffer.concat([SPKI, enc]), format: 'der', type: 'spki' }),
  })
  const eae = labeledExtract(SUITE_KEM, Buffer.alloc(0), 'eae_prk', dh)
  const shared = labeledExpand(SUITE_KEM, eae, 'shared_secret', Buffer.concat([enc, publicKey]), 32)
  const none = Buffer.alloc(0)
  const context = Buffer.concat([
    Buffer.from([0]),
    labeledExtract(SUITE_HPKE, none, 'psk_id_hash', none),
    labeledExtract(SUITE_HPKE, none, 'info_hash', info),
  ])
  const secret = labeledExtract(SUITE_HPKE, shared, 'secret', none)
  const key = labeledExpand(SUITE_HPKE, secret, 'key', context, 32)
  const nonce = labeledExpand(SUITE_HPKE, secret, 'base_nonce', context, 12)
  const exporter = labeledExpand(SUITE_HPKE, secret, 'exp', context, 32)
  return {
    dataKey: decrypt(key, nonce, aad, wrapped),
    responseSecret: labeledExpand(SUITE_HPKE, exporter, 'sec', Buffer.from('e2e/1 resp'), 32),
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
