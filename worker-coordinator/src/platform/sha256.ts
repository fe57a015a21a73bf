import { createHash } from 'node:crypto'

/** SHA-256 in lower-case hex, at once: on a chat's path WebCrypto's way through another thread costs more than the hash. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
