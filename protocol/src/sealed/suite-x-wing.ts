import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import type { SealSuite } from './suites.ts'

/** The default where the code's size does not matter: withstands quantum computers, too. */
export const X_WING: SealSuite = {
  name: 'x-wing',
  cipher: new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() }),
}
