import { X_WING } from './suite-x-wing.ts'
import { X25519 } from './suite-x25519.ts'
import type { SealSuite, Suite } from './suites.ts'

const ALL: Readonly<Record<Suite, SealSuite>> = { x25519: X25519, 'x-wing': X_WING }

/** A suite by its name, for runners: they open what came in any of them. */
export function suiteOf(name: Suite): SealSuite {
  return ALL[name]
}
