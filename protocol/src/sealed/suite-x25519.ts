import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import type { SealSuite } from './suites.ts'

/** What every browser can do. */
export const X25519: SealSuite = {
  name: 'x25519',
  cipher: new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  }),
}
