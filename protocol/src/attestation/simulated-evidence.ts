import type { Bytes } from '../bytes.ts'
import { writeEvidence } from './evidence.ts'
import { bindEvidence, gpuNonceOf } from './policy/binding.ts'
import type { SimulatedRoots } from './policy/policy.ts'
import { type Statement, writeStatement } from './policy/statement.ts'
import { sha256 } from './signatures.ts'
import { simulateCollateral } from './simulated/simulated-collateral.ts'
import { makeSimulatedGpus, type SimulatedGpus, simulateDevices } from './simulated/simulated-gpu.ts'
import { makeSimulatedPki, type SimulatedPki } from './simulated/simulated-pki.ts'
import { simulateQuote } from './simulated/simulated-quote.ts'
import {
  makeSimulatedSnp,
  type SimulatedSnp,
  simulateSnpCollateral,
  simulateSnpReport,
} from './simulated/simulated-snp.ts'
import { type EventLog, replayEvents } from './tdx/event-log.ts'

/**
 * A TEE made of software: its evidence passes the same verifier, under its own roots alone, and proves nothing. It is
 * for tests and for one's own machine; every name in it begins with SIMULATED.
 */
export type SimulatedTee = {
  readonly pki: SimulatedPki
  readonly gpus: SimulatedGpus
  /** The processor of `sim-sev-snp`. */
  readonly snp: SimulatedSnp
}

/** Makes one, with roots that nobody else has. */
export async function makeSimulatedTee(
  nowMs: number,
  plan: { readonly gpus: number },
): Promise<SimulatedTee> {
  const [pki, gpus, snp] = await Promise.all([
    makeSimulatedPki(nowMs),
    makeSimulatedGpus(nowMs, { count: plan.gpus }),
    makeSimulatedSnp(nowMs, {}),
  ])
  return { pki, gpus, snp }
}

/** The roots that a policy of a `sim-` network lists for it. */
export function simulatedRootsOf({ pki, gpus, snp }: SimulatedTee): SimulatedRoots {
  return { intel: pki.rootDigest, amd: snp.roots, nvidia: gpus.rootDigest }
}

/** What the simulated image logs for a statement: itself, then each model. */
export function simulatedEventLog(statement: Statement): EventLog {
  const models = statement.models.map((model) => ({ name: 'model' as const, digest: model.manifestDigest }))
  return [{ name: 'image', digest: statement.image }, ...models]
}

/** What is proven: a statement, and N (a client's challenge or `beaconNonce`). */
export type SimulatedRun = { readonly statement: Statement; readonly nonce: Bytes; readonly nowMs: number }

/** Makes evidence of format `sim-tdx`, as a runner in a real TEE would carry it. */
export async function simulateTdxEvidence(tee: SimulatedTee, run: SimulatedRun): Promise<Bytes> {
  const eventLog = simulatedEventLog(run.statement)
  const parts = await bindDevices(tee, run)
  const rtmr3 = await replayEvents(eventLog)
  const quote = await simulateQuote(tee.pki, { reportData: parts.reportData, rtmr3 })
  const collateral = await simulateCollateral(tee.pki, { nowMs: run.nowMs })
  return writeEvidence({ format: 'sim-tdx', ...parts, quote, collateral, eventLog })
}

/** Makes evidence of format `sim-sev-snp`. */
export async function simulateSnpEvidence(tee: SimulatedTee, run: SimulatedRun): Promise<Bytes> {
  const parts = await bindDevices(tee, run)
  const quote = await simulateSnpReport(tee.snp, { reportData: parts.reportData })
  const collateral = await simulateSnpCollateral(tee.snp, { nowMs: run.nowMs })
  return writeEvidence({ format: 'sim-sev-snp', ...parts, quote, collateral, eventLog: [] })
}

async function bindDevices(tee: SimulatedTee, { statement: said, nonce }: SimulatedRun) {
  const statement = writeStatement(said)
  const gpus = tee.gpus.gpus.slice(0, said.gpu.count)
  const devices = await simulateDevices(gpus, { nonce: await gpuNonceOf(nonce, await sha256(statement)) })
  const { reportData } = await bindEvidence(nonce, statement, devices)
  return { statement, devices, reportData }
}
