import { execFile } from 'node:child_process'
import { type Made, made, notMade } from './tee.ts'

/** Runs a program without a shell, and gives what it printed. Reasons: `missing`, `timed-out`, `too-much-output`, `failed`. */
export type RunProgram = (
  file: string,
  args: readonly string[],
  bounds: { readonly timeoutMs: number; readonly outputBytesMax: number },
) => Promise<Made<string>>

export const runProgram: RunProgram = (file, args, { timeoutMs, outputBytesMax }) =>
  new Promise((resolve) => {
    const options = { timeout: timeoutMs, maxBuffer: outputBytesMax, killSignal: 'SIGKILL' } as const
    execFile(file, [...args], options, (error, stdout) => {
      if (!error) return resolve(made(stdout))
      if (error.code === 'ENOENT') return resolve(notMade('missing'))
      if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return resolve(notMade('too-much-output'))
      resolve(notMade(error.killed ? 'timed-out' : 'failed'))
    })
  })
