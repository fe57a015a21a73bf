import { parentPort, workerData } from 'node:worker_threads'
import { createSandboxChain } from '../local/ton/sandbox-chain.ts'
import type { RunResult } from './books.ts'
import { runPayouts } from './run-payouts.ts'
import type { WorldOptions } from './world.ts'

/** After so many runs a chain is left for a fresh one: it remembers everything. */
const RUNS_PER_CHAIN = 20
const START_S = 1_780_000_000

export type RunReport =
  | { readonly options: WorldOptions; readonly ok: true; readonly result: RunResult }
  /** The books broke on the way. */
  | { readonly options: WorldOptions; readonly ok: false; readonly error: string }

/** Runs one after another, and reports each. */
export async function runShare(
  share: readonly WorldOptions[],
  report: (report: RunReport) => void,
): Promise<void> {
  let chain = await createSandboxChain({ nowS: START_S })
  for (const [index, options] of share.entries()) {
    if (index > 0 && index % RUNS_PER_CHAIN === 0) chain = await createSandboxChain({ nowS: START_S })
    try {
      report({ options, ok: true, result: await runPayouts(chain, options) })
    } catch (error) {
      const text = error instanceof Error ? `${error.stack} ${error.cause ?? ''}` : String(error)
      report({ options, ok: false, error: text })
      chain = await createSandboxChain({ nowS: START_S })
    }
  }
}

if (parentPort && Array.isArray(workerData)) {
  const port = parentPort
  await runShare(workerData as readonly WorldOptions[], (report) => port.postMessage(report))
}
