import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
/** Messages kept for whoever asks for them later. */
const MESSAGES_MAX = 1000
/** How long a child may take to leave after SIGTERM before it is ended, in ms. */
const LEAVE_MS = 10_000

export type Child = {
  readonly name: string
  readonly pid: number
  /** Its messages, in order: lines of JSON on its standard output, or what it sends to its parent. */
  readonly next: <Message extends { readonly [key: string]: unknown }>(
    is: (message: Record<string, unknown>) => boolean,
    timeoutMs: number,
  ) => Promise<Message>
  readonly onExit: (listener: (how: string) => void) => void
  readonly stop: () => Promise<void>
  readonly process: ChildProcess
}

/**
 * Starts a program of this project as its own process group. It ends with its parent; whatever it leaves in its group
 * ends with it. What it writes to standard error goes to `logFile`, and so do its lines that are no JSON.
 */
export async function startChild(
  name: string,
  script: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly logFile: string },
): Promise<Child> {
  const log = await open(options.logFile, 'a', 0o600)
  const child = spawn(
    process.execPath,
    ['--import', join(root, 'local/end-with-parent.ts'), join(root, script), ...args],
    {
      cwd: root,
      detached: true,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', log.fd, 'ipc'],
    },
  )
  const messages: Record<string, unknown>[] = []
  const waiting = new Set<() => void>()
  const deliver = (message: Record<string, unknown>) => {
    messages.push(message)
    if (messages.length > MESSAGES_MAX) messages.shift()
    for (const wake of waiting) wake()
  }
  child.on('message', (message) => deliver(message as Record<string, unknown>))
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const message = parseLine(line)
      if (message) deliver(message)
      void log.write(`${line}\n`).catch(() => undefined) // the file may be closed already: the line is lost
    }
  })
  let exited: string | undefined
  const exit = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      exited = signal ?? `code ${code}`
      endGroup(child.pid)
      void log.close()
      resolve()
      for (const wake of waiting) wake()
    })
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} did not start`)

  return {
    name,
    pid,
    process: child,
    next: (is, timeoutMs) =>
      new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer)
          waiting.delete(look)
        }
        const look = () => {
          const found = messages.findIndex(is)
          if (found >= 0) {
            end()
            const [message] = messages.splice(found, 1)
            resolve(message as never)
          } else if (exited !== undefined) {
            end()
            reject(new Error(`${name} ended (${exited}).${lastWords(options.logFile)}`))
          }
        }
        const timer = setTimeout(() => {
          end()
          reject(new Error(`${name} was not ready after ${timeoutMs / 1000} s.${lastWords(options.logFile)}`))
        }, timeoutMs)
        waiting.add(look)
        look()
      }),
    onExit: (listener) => {
      void exit.then(() => listener(exited ?? ''))
    },
    stop: async () => {
      if (exited === undefined) child.kill('SIGTERM')
      const timer = setTimeout(() => endGroup(pid), LEAVE_MS)
      await exit
      clearTimeout(timer)
    },
  }
}

/** The end of a log, for the person who must find out why. */
function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n').slice(-6)
  return `\n${lines.map((line) => `  ${line.slice(0, 300)}`).join('\n')}\n  (${logFile})`
}

function parseLine(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined // an ordinary line that begins with a brace
  }
}

/** Ends what is left of a process group, a database's process say. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined || process.platform === 'win32') return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing was left.
  }
}
