import { concatBytes, utf8 } from '../bytes.ts'
import type { WebCryptoKey } from '../web-crypto-key.ts'
import { hkdf } from './hashes.ts'

/** The response nonce that a runner makes for each answer. */
export const RESPONSE_NONCE_BYTES = 32
const NONCE_BYTES = 12

/** The keys of one answer. */
export type AnswerKeys = { readonly key: WebCryptoKey; readonly nonceBase: Uint8Array<ArrayBuffer> }

/**
 * The key schedule of chunked OHTTP (draft-ietf-ohai-chunked-ohttp, section 6.2): the exported secret with the
 * encapsulated key and the response nonce as salt.
 */
export async function answerKeys(
  secret: Uint8Array<ArrayBuffer>,
  enc: Uint8Array,
  responseNonce: Uint8Array,
): Promise<AnswerKeys> {
  const salt = concatBytes(enc, responseNonce)
  const [raw, nonceBase] = await Promise.all([
    hkdf({ secret, salt, info: 'key', length: 32 }),
    hkdf({ secret, salt, info: 'nonce', length: NONCE_BYTES }),
  ])
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
  return { key, nonceBase }
}

/** AES-GCM's parameters of one chunk: the counter is in the nonce, and only the last one says that it is the last. */
export function chunkParams({ nonceBase }: AnswerKeys, index: number, isLast: boolean) {
  const iv = nonceBase.slice()
  const view = new DataView(iv.buffer)
  view.setUint32(NONCE_BYTES - 4, (view.getUint32(NONCE_BYTES - 4) ^ index) >>> 0)
  return { name: 'AES-GCM', iv, additionalData: isLast ? utf8('final') : new Uint8Array() }
}
