import pins from '../../policy-pins.json' with { type: 'json' }
import type { PolicyPins } from './attestation/policy/check-policy.ts'

// Both are set by builds for one's own machine and for tests, and by no other: what is deployed knows neither.
declare const __SIMULATION__: 'allowed' | undefined
declare const __POLICY_PINS__: PolicyPins | undefined

/** Whether this build may believe the simulated TEE, which proves nothing. */
export function simulationOfBuild(): 'refused' | 'allowed' {
  return typeof __SIMULATION__ !== 'undefined' && __SIMULATION__ === 'allowed' ? 'allowed' : 'refused'
}

/** Whose policies this build believes: `policy-pins.json`. Without signers no evidence passes. */
export function pinsOfBuild(): PolicyPins {
  return typeof __POLICY_PINS__ === 'undefined' ? pins : __POLICY_PINS__
}
