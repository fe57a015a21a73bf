import { readFile } from 'node:fs/promises'
import { simulateCollateral } from '../../../../protocol/src/attestation/simulated/simulated-collateral.ts'
import { simulateDevices } from '../../../../protocol/src/attestation/simulated/simulated-gpu.ts'
import { simulateQuote } from '../../../../protocol/src/attestation/simulated/simulated-quote.ts'
import { importSimulatedTee } from '../../../../protocol/src/attestation/simulated/simulated-tee-file.ts'
import type { SimulatedTee } from '../../../../protocol/src/attestation/simulated-evidence.ts'
import { type EventLog, replayEvents } from '../../../../protocol/src/attestation/tdx/event-log.ts'
import type { Clock } from '../../clock.ts'
import type { SealedModel } from '../announcer.ts'
import { type Made, made, notMade, type Tee } from './tee.ts'

/** What is said, loudly, wherever a simulated TEE is. */
export const SIMULATED_SENTENCE =
  'SIMULATED TEE: this proves NOTHING. Whoever owns this machine can read every prompt. For trying things out only.'

/** How long the simulation's own lists hold: they are made anew for each evidence. */
const COLLATERAL_MS = 24 * 60 * 60_000

/** Reads the file that `exportSimulatedTee` wrote. */
export async function readSimulatedTee(file: string): Promise<Made<SimulatedTee>> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const tee = text === undefined ? undefined : await importSimulatedTee(text)
  return tee ? made(tee) : notMade('simulated-tee-unreadable')
}

/** A TEE made of software: it goes through the same steps as a real one, and proves nothing. */
export function createSimulatedTee(
  { pki, gpus }: SimulatedTee,
  {
    clock,
    image,
    models,
  }: { readonly clock: Clock; readonly image: string; readonly models: readonly SealedModel[] },
): Tee {
  const eventLog: EventLog = [
    { name: 'image', digest: image },
    ...models.map((model) => ({ name: 'model' as const, digest: model.manifestDigest })),
  ]
  return {
    format: 'sim-tdx',
    readGpu: async () => made({ count: gpus.gpus.length, mode: 'on' }),
    readEventLog: async () => made(eventLog),
    collectDevices: async (nonce) => made(await simulateDevices(gpus.gpus, { nonce })),
    quote: async (reportData) =>
      made(await simulateQuote(pki, { reportData, rtmr3: await replayEvents(eventLog) })),
    readCollateral: async () => {
      const nowMs = clock.nowMs()
      return made({ collateral: await simulateCollateral(pki, { nowMs }), untilMs: nowMs + COLLATERAL_MS })
    },
  }
}
