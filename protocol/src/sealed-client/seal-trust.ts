import type { PolicyPins } from '../attestation/policy/check-policy.ts'
import type { SealSuite } from '../sealed/suites.ts'

/** What a client believes before it asks anybody. It comes with the program, or from the person; never from the network. */
export type SealTrust = {
  readonly pins: PolicyPins
  /** `allowed` only in builds for tests and for one's own machine: the simulated TEE proves nothing. */
  readonly simulation: 'refused' | 'allowed'
  readonly platforms: 'any' | 'registered'
  /** Ids of runners that the person confirmed on this device, for tier `own`. */
  readonly confirmed: ReadonlySet<string>
  readonly suite: SealSuite
  /** A newer policy was accepted: keep it, so that an older one is refused from now on. */
  readonly notePolicy?: (seen: { readonly seq: number; readonly digest: string }) => void
}
