import { readdir, readFile } from 'node:fs/promises'

/** Linux counts CPU time in hundredths of a second. */
const MS_PER_TICK = 10

/** CPU time of processes and of all that descend from them, in ms; undefined where the system does not say it this way. */
export async function readCpuMs(pids: readonly number[]): Promise<number | undefined> {
  const table = await readProcesses().catch(() => undefined) // no /proc here
  if (!table) return undefined
  const counted = new Set(pids)
  for (let size = -1; size !== counted.size; ) {
    size = counted.size
    for (const [pid, { parent }] of table) if (counted.has(parent)) counted.add(pid)
  }
  return [...counted].reduce((sum, pid) => sum + (table.get(pid)?.cpuMs ?? 0), 0)
}

async function readProcesses(): Promise<ReadonlyMap<number, { parent: number; cpuMs: number }>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const rows = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '') // it has ended meanwhile
      // The name, in brackets, may hold spaces: fields count from behind it (proc_pid_stat(5)).
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      const cpuMs = (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * MS_PER_TICK
      return [Number(pid), { parent: Number(fields[1] ?? 0), cpuMs }] as const
    }),
  )
  return new Map(rows)
}
