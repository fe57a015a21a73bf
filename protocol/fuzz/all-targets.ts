import { makeAttestationTargets } from './attestation-targets.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { makeRelayTarget } from './relay-target.ts'
import { makeSealedTargets } from './sealed-targets.ts'

/** Every reader and checker of what anybody may have made. */
export async function makeAllTargets(): Promise<readonly FuzzTarget[]> {
  return [...(await makeAttestationTargets()), ...(await makeSealedTargets()), makeRelayTarget()]
}
