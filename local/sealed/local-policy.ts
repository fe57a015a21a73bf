import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import type { PolicyPins } from '../../protocol/src/attestation/policy/check-policy.ts'
import type { PolicySigner } from '../../protocol/src/attestation/policy/sign-policy.ts'
import { SIMULATED_NETWORK } from '../../protocol/src/attestation/simulated/simulated-policy.ts'

// Anybody can derive this key: it signs policies of simulated networks, which nothing that is deployed believes.
const SEED = createHash('sha256').update('SIMULATED policy signer of a local network').digest()
const PKCS8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SEED])
const PUBLIC_KEY = createPublicKey(createPrivateKey({ key: PKCS8, format: 'der', type: 'pkcs8' }))
  .export({ format: 'der', type: 'spki' })
  .subarray(-32)

/** What builds for one's own machine believe. */
export const LOCAL_PINS: PolicyPins = {
  network: SIMULATED_NETWORK,
  signers: [PUBLIC_KEY.toString('hex')],
  threshold: 1,
  minSeq: 1,
}

/** What a bundler puts in the place of the build's flags. */
export const LOCAL_DEFINES = {
  __SIMULATION__: JSON.stringify('allowed'),
  __POLICY_PINS__: JSON.stringify(LOCAL_PINS),
} as const

/** Signs policies of simulated networks. */
export async function localPolicySigner(): Promise<PolicySigner> {
  const privateKey = await crypto.subtle.importKey('pkcs8', PKCS8, 'Ed25519', false, ['sign'])
  return { publicKey: new Uint8Array(PUBLIC_KEY), privateKey }
}
