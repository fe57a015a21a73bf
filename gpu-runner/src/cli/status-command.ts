import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { drawScreen } from '../status/screen.ts'
import { runnerStatusSchema } from '../status/status-board.ts'
import { RUNNING_FILE } from '../status/status-server.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { CommandContext } from './run-cli.ts'

const runningSchema = z.object({ pid: z.int(), url: z.url() })
const STATUS_TIMEOUT_MS = 3000

/** Shows what the runner of this data folder does, or says that none runs. */
export async function statusCommand({ dataDir, output }: CommandContext): Promise<ExitCode> {
  const url = await findRunning(dataDir)
  const status = url === undefined ? undefined : await readStatus(url)
  if (url === undefined || !status) {
    output.line(
      output.mode === 'json' ? '{"state":"stopped"}' : 'No runner runs here. Next: sharnaqa-runner start',
    )
    return EXIT.notRunning
  }
  if (output.mode === 'json') output.line(JSON.stringify(status))
  else output.raw(drawScreen(status, url, { columns: output.columns() }))
  return EXIT.ok
}

async function findRunning(dataDir: string): Promise<string | undefined> {
  try {
    return runningSchema.parse(JSON.parse(await readFile(path.join(dataDir, RUNNING_FILE), 'utf8'))).url
  } catch {
    // No file, or a damaged one: nothing runs that we could ask.
    return undefined
  }
}

async function readStatus(url: string) {
  try {
    const response = await fetch(new URL('status.json', url), {
      signal: AbortSignal.timeout(STATUS_TIMEOUT_MS),
    })
    return runnerStatusSchema.parse(await response.json())
  } catch {
    // The file is left from a runner that was killed.
    return undefined
  }
}
