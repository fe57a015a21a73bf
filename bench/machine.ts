import { readFile } from 'node:fs/promises'
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  readonly node: string
  readonly workerd: string
  readonly date: string
  /** Programs that wanted a core before the run began, mean of a minute. */
  readonly load: number
}

const packageSchema = z.object({ version: z.string() })

/** Says on what the figures were made. Read it before the load begins. */
export async function describeMachine(): Promise<Machine> {
  const file = join(import.meta.dirname, '../node_modules/workerd/package.json')
  const workerd = packageSchema.parse(JSON.parse(await readFile(file, 'utf8'))).version
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    workerd,
    date: new Date().toISOString().slice(0, 10),
    load: loadavg()[0] ?? 0,
  }
}
