import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from './is-alive.ts'
import { StartError } from './start-error.ts'

/** Takes a state folder for this process; a lock that a dead process left is passed over. Gives the way to let go. */
export async function lockState(stateDir: string): Promise<() => Promise<void>> {
  const file = join(stateDir, 'lock')
  for (let tries = 0; tries < 2; tries++) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx', mode: 0o600 })
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const pid = Number(await readFile(file, 'utf8').catch(() => '0')) // gone in between
      if (isOther(pid)) {
        throw new StartError(
          `A network already runs here (process ${pid}). Stop it with Ctrl-C in its terminal, or start a second one with: npm start -- --state another-folder`,
        )
      }
      await rm(file, { force: true })
    }
  }
  throw new Error(`The lock ${file} could not be taken.`)
}

function isOther(pid: number): boolean {
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid)
}
