import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type Child, startChild } from '../../local/child.ts'
import { logIn } from '../../local/coordinator-client.ts'
import type { RunnerPlan } from '../../local/runner-plans.ts'
import { readSecrets } from '../../local/secrets.ts'
import { exportSimulatedTee } from '../../protocol/src/attestation/simulated/simulated-tee-file.ts'
import { makeSimulatedTee } from '../../protocol/src/attestation/simulated-evidence.ts'
import { type DirectoryRunner, readDirectory } from '../../protocol/src/sealed/directory.ts'
import type { TestNetwork } from '../setup-network.ts'

const READY_MS = 30_000

type Place = Pick<TestNetwork, 'started' | 'stateDir'>

/** Makes a simulated TEE that no policy knows, and keeps its keys in a file. */
export async function makeUnknownTee({ stateDir }: Pick<Place, 'stateDir'>): Promise<string> {
  const file = join(stateDir, 'unknown-tee.json')
  await writeFile(file, await exportSimulatedTee(await makeSimulatedTee(Date.now(), { gpus: 1 })), {
    mode: 0o600,
  })
  return file
}

/** Pairs and starts one more runner of the local person, beside those of the network. It is not started again. */
export async function startExtraRunner(place: Place, name: string, plan: RunnerPlan): Promise<Child> {
  const { started, stateDir } = place
  const { localBotToken } = await readSecrets(stateDir)
  const person = await logIn(started.miniapp, localBotToken)
  const logFile = join(stateDir, 'logs', `${name}.log`)
  const common = ['--coordinator', started.miniapp, '--data-dir', join(stateDir, name), '--json']
  const paired = ['start', '--pair', await person.createPairingCode(), '--name', name, '--status-port', '0']
  const child = await startChild(name, 'gpu-runner/src/main.ts', [...paired, ...common, ...plan.args], {
    env: plan.env,
    logFile,
  })
  afterAll(child.stop)
  await child.next(({ event }) => event === 'runner-online', READY_MS)
  return child
}

/** The runners that take sealed jobs of a model in a tier, as the coordinator's directory lists them. */
export async function listSealed(
  { started }: Pick<Place, 'started'>,
  model: string,
  tier: 'own' | 'confidential',
): Promise<readonly DirectoryRunner[]> {
  const reply = await fetch(`${started.api}/sealed/directory?${new URLSearchParams({ model, tier })}`, {
    headers: { authorization: `Bearer ${started.apiKey}` },
  })
  if (!reply.ok) throw new Error(`the directory answered ${reply.status}: ${await reply.text()}`)
  const read = await readDirectory(new Uint8Array(await reply.arrayBuffer()), Date.now())
  if (!read.ok) throw new Error(read.reason)
  return read.directory.runners
}
