import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import type { SealSuite } from './suites.ts'

const PKCS8_X25519 = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
])

/**
 * X-Wing whose X25519 is the runtime's own: in JavaScript alone it takes most of the time. Where the runtime has none, the
 * library's is taken.
 */
class QuickXWing extends XWing {
  constructor() {
    super()
    const inJavaScript = this._x25519.derive.bind(this._x25519)
    this._x25519.derive = (secret, point) =>
      deriveX25519(secret, point).catch(() => inJavaScript(secret, point))
  }
}

async function deriveX25519(secret: Uint8Array, point: Uint8Array): Promise<Uint8Array> {
  const { subtle } = crypto
  const pkcs8 = new Uint8Array([...PKCS8_X25519, ...secret])
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']),
    subtle.importKey('raw', new Uint8Array(point), 'X25519', false, []),
  ])
  pkcs8.fill(0)
  // Not every runtime's types know the member by the name that the standard gives it.
  const algorithm = { name: 'X25519', public: publicKey } as Parameters<typeof subtle.deriveBits>[0]
  return new Uint8Array(await subtle.deriveBits(algorithm, privateKey, 256))
}

/** The default where the code's size does not matter: withstands quantum computers, too. */
export const X_WING: SealSuite = {
  name: 'x-wing',
  cipher: new CipherSuite({ kem: new QuickXWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() }),
}
