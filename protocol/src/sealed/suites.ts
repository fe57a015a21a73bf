import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'

/**
 * How a data key is sealed to a runner, HPKE (RFC 9180) with HKDF-SHA256 and AES-256-GCM: `x25519` with
 * DHKEM(X25519), `x-wing` with X-Wing (draft-connolly-cfrg-xwing-kem), which also withstands quantum computers.
 */
export const SUITES = ['x25519', 'x-wing'] as const
export type Suite = (typeof SUITES)[number]

/** Lengths in bytes: of a public key, and of what HPKE encapsulates. */
export const SUITE_BYTES = {
  x25519: { publicKey: 32, enc: 32 },
  'x-wing': { publicKey: 1216, enc: 1120 },
} as const satisfies Record<Suite, { readonly publicKey: number; readonly enc: number }>

const made = new Map<Suite, CipherSuite>()

/** The cipher suite; made once. */
export function suiteOf(name: Suite): CipherSuite {
  const known = made.get(name)
  if (known) return known
  const kem = name === 'x25519' ? new DhkemX25519HkdfSha256() : new XWing()
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  made.set(name, suite)
  return suite
}
