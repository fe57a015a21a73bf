import { join } from 'node:path'
import { z } from 'zod'
import { startChild } from '../local/child.ts'

const measuredSchema = z.object({
  device: z.string(),
  loadMs: z.number(),
  firstTokenMs: z.number(),
  tokensPerSecond: z.number(),
  tokensPerSecondFourStreams: z.number(),
  /** The most memory that the process ever had. */
  memoryMb: z.number(),
})
export type BundledModel = z.infer<typeof measuredSchema>

const MODEL = 'silkworm'
const MEASURE_MS = 60_000

/** Measures the model that comes with the runner, by the runner's own command. */
export async function measureBundledModel(stateDir: string): Promise<BundledModel> {
  const args = ['bench', MODEL, '--json', '--data-dir', join(stateDir, 'bench-runner')]
  const runner = await startChild('bench-runner', 'gpu-runner/src/main.ts', args, {
    logFile: join(stateDir, 'logs', 'bench-runner.log'),
  })
  try {
    return measuredSchema.parse(await runner.next(({ event }) => event === 'model-measured', MEASURE_MS))
  } finally {
    await runner.stop()
  }
}
