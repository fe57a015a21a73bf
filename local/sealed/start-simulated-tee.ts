import { writeFile } from 'node:fs/promises'
import { exportSimulatedTee } from '../../protocol/src/attestation/simulated/simulated-tee-file.ts'
import { makeSimulatedTee, type SimulatedTee } from '../../protocol/src/attestation/simulated-evidence.ts'
import { simulatedTeeFileOf } from '../state-folder.ts'
import { keepRenewing } from './keep-renewing.ts'
import { publishPolicy } from './publish-policy.ts'

/** GPUs of the simulated machine. */
const GPUS = 2

export type LocalTee = {
  readonly tee: SimulatedTee
  /** For `sharnaqa-runner start --simulated-tee`. */
  readonly file: string
  readonly stop: () => Promise<void>
}

/** Makes a simulated TEE, keeps its keys for the runners in it, and publishes a policy that takes it. */
export async function startSimulatedTee(api: string, stateDir: string): Promise<LocalTee> {
  const tee = await makeSimulatedTee(Date.now(), { gpus: GPUS })
  const file = simulatedTeeFileOf(stateDir)
  await writeFile(file, await exportSimulatedTee(tee), { mode: 0o600 })
  await publishPolicy(api, tee)
  const { stop } = keepRenewing(() => publishPolicy(api, tee))
  return { tee, file, stop: async () => stop() }
}
