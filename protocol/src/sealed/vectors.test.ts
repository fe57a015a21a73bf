import { createCipheriv, createDecipheriv } from 'node:crypto'
import {
  AeadId,
  type AeadInterface,
  Aes128Gcm,
  CipherSuite,
  DhkemX25519HkdfSha256,
  HkdfSha256,
} from '@hpke/core'
import { describe, expect, test } from 'vitest'
import { HOW_TO_GET_VECTORS, readVectorText, VECTORS } from '../attestation/vectors-fixture.ts'
import { type Bytes, concatBytes, fromHex, utf8 } from '../bytes.ts'
import { toHex } from '../canonical-json.ts'
import { suiteOf } from './all-suites.ts'
import { answerKeys, chunkParams } from './answer-keys.ts'
import { hkdf } from './hashes.ts'

function bytesOf(hex: string | undefined): Bytes {
  const bytes = fromHex(hex ?? 'no vector')
  if (!bytes) throw new Error('a vector is not hex')
  return bytes
}

function readJson<T>(name: string): T {
  return JSON.parse(readVectorText(`hpke/${name}`))
}

type EhbpVector = {
  readonly exportedSecret: string
  readonly requestEnc: string
  readonly responseNonce: string
  readonly derivedKey: string
  readonly derivedNonceBase: string
  readonly plaintext: string
  readonly encryptedResponse: string
}

function keysOf(vector: EhbpVector) {
  return answerKeys(bytesOf(vector.exportedSecret), bytesOf(vector.requestEnc), bytesOf(vector.responseNonce))
}

/** The raw AES key of an answer: ours cannot be exported. */
function rawKey(secret: Bytes, enc: Bytes, responseNonce: Bytes, length: number): Promise<Bytes> {
  return hkdf({ secret, salt: concatBytes(enc, responseNonce), info: 'key', length })
}

// Encrypted HTTP bodies (EHBP) have our key schedule from the exported secret on, with the same lengths: 32 bytes each of
// secret, encapsulated key, response nonce and AES key. Their label of the export, and that a chunk has its length before
// it and no mark of the end, differ.
describe.skipIf(!VECTORS)(`encrypted HTTP bodies have our answer’s keys${HOW_TO_GET_VECTORS}`, () => {
  test('ehbp-derive.json: the same key and the same first nonce', async () => {
    const vector = readJson<EhbpVector>('ehbp-derive.json')
    const { nonceBase } = await keysOf(vector)
    expect(toHex(nonceBase)).toBe(vector.derivedNonceBase)
    const [secret, enc] = [bytesOf(vector.exportedSecret), bytesOf(vector.requestEnc)]
    expect(toHex(await rawKey(secret, enc, bytesOf(vector.responseNonce), 32))).toBe(vector.derivedKey)
  })

  test('ehbp-response-decryption.json: their first chunk opens under our keys, and not as a last one', async () => {
    const vector = readJson<EhbpVector>('ehbp-response-decryption.json')
    const framed = bytesOf(vector.encryptedResponse)
    const length = new DataView(framed.buffer).getUint32(0)
    expect(framed).toHaveLength(4 + length)
    const keys = await keysOf(vector)
    const open = (index: number, isLast: boolean) =>
      crypto.subtle.decrypt(chunkParams(keys, index, isLast), keys.key, framed.slice(4))
    expect(toHex(new Uint8Array(await open(0, false)))).toBe(vector.plaintext)
    await expect(open(0, true)).rejects.toThrow()
    await expect(open(1, false)).rejects.toThrow()
  })
})

/** The hex blocks of the draft's example, in the order in which they stand there. */
function readDraft(): readonly string[] {
  const text = readVectorText('hpke/chunked-ohttp-draft-example.md')
  return [...text.matchAll(/~~~ hex-dump\n([0-9a-f\s]+?)~~~/g)].map(([, block]) =>
    (block ?? '').replaceAll(/\s/g, ''),
  )
}

const DRAFT = {
  privateKey: 0,
  request: 2,
  enc: 4,
  info: 5,
  encapsulated: 6,
  response: 7,
  secret: 8,
  key: 11,
  nonceBase: 12,
  answer: 13,
  nonces: 14,
} as const

// The draft's example uses AES-128: its exported secret, response nonce and key have 16 bytes where ours have 32, and its
// label is its own. Salt, labels of the expansion, nonces and the mark of the end are the same.
describe.skipIf(!VECTORS)(`the example of the chunked OHTTP draft${HOW_TO_GET_VECTORS}`, () => {
  const block = (name: keyof typeof DRAFT) => bytesOf(readDraft()[DRAFT[name]])
  const responseNonce = () => block('answer').slice(0, 16)

  test('our schedule gives its base nonce and its key', async () => {
    const [secret, enc] = [block('secret'), block('enc')]
    const { nonceBase } = await answerKeys(secret, enc, responseNonce())
    expect(nonceBase).toEqual(block('nonceBase'))
    expect(await rawKey(secret, enc, responseNonce(), 16)).toEqual(block('key'))
  })

  test('its three chunks open in our order of nonces, the last one as “final” alone', async () => {
    const key = await crypto.subtle.importKey('raw', block('key'), 'AES-GCM', false, ['decrypt'])
    const keys = { key, nonceBase: block('nonceBase') }
    const answer = block('answer')
    const chunks = [answer.slice(17, 34), answer.slice(35, 53), answer.slice(54)]
    const open = (at: number, isLast: boolean) =>
      crypto.subtle.decrypt(chunkParams(keys, at, isLast), key, chunks[at] ?? new Uint8Array())
    const pieces = [await open(0, false), await open(1, false), await open(2, true)]
    expect(concatBytes(...pieces.map((piece) => new Uint8Array(piece)))).toEqual(block('response'))
    await expect(open(2, false)).rejects.toThrow()
    await expect(open(1, true)).rejects.toThrow()
    expect(concatBytes(...[0, 1, 2].map((at) => chunkParams(keys, at, false).iv))).toEqual(block('nonces'))
  })

  test('the KEM and KDF of our X25519 suite open its request, and export its secret', async () => {
    const suite = new CipherSuite({
      kem: new DhkemX25519HkdfSha256(),
      kdf: new HkdfSha256(),
      aead: new Aes128Gcm(),
    })
    const recipientKey = await suite.kem.deserializePrivateKey(block('privateKey'))
    const context = await suite.createRecipientContext({
      recipientKey,
      enc: block('enc'),
      info: block('info'),
    })
    const sealed = block('encapsulated').slice(39)
    const chunks = [sealed.slice(1, 29), sealed.slice(30, 59), sealed.slice(60)]
    const pieces: Bytes[] = []
    for (const [at, chunk] of chunks.entries())
      pieces.push(new Uint8Array(await context.open(chunk, utf8(at === 2 ? 'final' : ''))))
    expect(concatBytes(...pieces)).toEqual(block('request'))
    expect(new Uint8Array(await context.export(utf8('message/bhttp chunked response'), 16))).toEqual(
      block('secret'),
    )
  })
})

type HpkeVector = {
  readonly kem_id: number
  readonly kdf_id: number
  readonly aead_id: number
  readonly info: string
  readonly skRm: string
  readonly pkRm: string
  readonly ikmE: string
  readonly enc: string
  readonly shared_secret: string
  readonly encryptions: readonly { readonly aad: string; readonly ct: string; readonly pt: string }[]
  readonly exports: readonly {
    readonly exporter_context: string
    readonly L: number
    readonly exported_value: string
  }[]
}

/** The vectors' cipher, from node:crypto: ours is AES-256-GCM, and only the KEM and the KDF are compared. */
const CHACHA20: AeadInterface = {
  id: AeadId.Chacha20Poly1305,
  keySize: 32,
  nonceSize: 12,
  tagSize: 16,
  createEncryptionContext: (raw) => {
    const key = viewOf(raw)
    const options = { authTagLength: 16 }
    return {
      seal: async (iv, data, aad) => {
        const cipher = createCipheriv('chacha20-poly1305', key, viewOf(iv), options)
        cipher.setAAD(viewOf(aad), { plaintextLength: data.byteLength })
        const text = [cipher.update(viewOf(data)), cipher.final()]
        return concatBytes(...text, cipher.getAuthTag()).buffer
      },
      open: async (iv, data, aad) => {
        const sealed = viewOf(data)
        const decipher = createDecipheriv('chacha20-poly1305', key, viewOf(iv), options)
        decipher.setAAD(viewOf(aad), { plaintextLength: sealed.length - 16 })
        decipher.setAuthTag(sealed.subarray(-16))
        return concatBytes(decipher.update(sealed.subarray(0, -16)), decipher.final()).buffer
      },
    }
  },
}

function viewOf(data: ArrayBufferLike | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(data)) return new Uint8Array(data)
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

// Kem 0x647a: X-Wing. The first vector has our KDF too; its cipher is ChaCha20-Poly1305 where ours is AES-256-GCM. The
// second has a KDF that we do not use: of it, the KEM counts.
describe.skipIf(!VECTORS)(`known answers of X-Wing${HOW_TO_GET_VECTORS}`, () => {
  const vectors = () => readJson<readonly HpkeVector[]>('hpke-pq-mlkem768x25519-vectors.json')
  const { kem } = suiteOf('x-wing').cipher

  test.each([0, 1])('vector %i: the key pair, what is encapsulated, and what comes out of it', async (at) => {
    const vector = vectors()[at]
    if (!vector) throw new Error(`there is no vector ${at}`)
    expect(kem.id).toBe(vector.kem_id)
    const enc = bytesOf(vector.enc)
    const recipientKey = await kem.deserializePrivateKey(bytesOf(vector.skRm))
    const opened = await kem.decap({ recipientKey, enc })
    expect(toHex(new Uint8Array(opened))).toBe(vector.shared_secret)
    const recipientPublicKey = await kem.deserializePublicKey(bytesOf(vector.pkRm))
    const sealed = await kem.encap({ recipientPublicKey, ekm: bytesOf(vector.ikmE) })
    expect(toHex(new Uint8Array(sealed.enc))).toBe(vector.enc)
    expect(toHex(new Uint8Array(sealed.sharedSecret))).toBe(vector.shared_secret)
  })

  test('our KEM and KDF open every message of the vector, and export every secret', async () => {
    const vector = vectors().find(({ kdf_id, aead_id }) => kdf_id === 1 && aead_id === 3)
    if (!vector) throw new Error('no vector has our KDF')
    const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: CHACHA20 })
    const recipientKey = await kem.deserializePrivateKey(bytesOf(vector.skRm))
    const context = await suite.createRecipientContext({
      recipientKey,
      enc: bytesOf(vector.enc),
      info: bytesOf(vector.info),
    })
    for (const { aad, ct, pt } of vector.encryptions)
      expect(toHex(new Uint8Array(await context.open(bytesOf(ct), bytesOf(aad))))).toBe(pt)
    for (const { exporter_context, L, exported_value } of vector.exports)
      expect(toHex(new Uint8Array(await context.export(bytesOf(exporter_context), L)))).toBe(exported_value)
    expect([vector.encryptions.length, vector.exports.length]).toEqual([3, 5])
  })
})
