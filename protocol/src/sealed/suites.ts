import type { CipherSuite } from '@hpke/core'

/**
 * How a data key is sealed to a runner, HPKE (RFC 9180) with HKDF-SHA256 and AES-256-GCM: `x25519` with
 * DHKEM(X25519), `x-wing` with X-Wing (draft-connolly-cfrg-xwing-kem), which also withstands quantum computers.
 */
export const SUITES = ['x25519', 'x-wing'] as const
export type Suite = (typeof SUITES)[number]

/** HPKE's number of the KEM, and lengths in bytes: of a public key, and of what HPKE encapsulates. */
export const SUITE_FACTS = {
  x25519: { kemId: 32, publicKey: 32, enc: 32 },
  'x-wing': { kemId: 25_722, publicKey: 1216, enc: 1120 },
} as const satisfies Record<
  Suite,
  { readonly kemId: number; readonly publicKey: number; readonly enc: number }
>

/** A suite with its code. Each is a module of its own: a page that needs one does not load the other. */
export type SealSuite = { readonly name: Suite; readonly cipher: CipherSuite }
