import { execFile } from 'node:child_process'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { findFreePort } from '../local/free-port.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const folder = join(tmpdir(), 'sharnaqa-bench-portkey')
const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')

const INSTALL_MS = 60_000
/** The versions that are compared with. The gateway's own range would take a server that it does not start with. */
const MANIFEST = {
  private: true,
  type: 'module',
  dependencies: { '@portkey-ai/gateway': '1.15.2' },
  overrides: { '@hono/node-server': '1.13.8' },
}

export type PortkeyPlan =
  | {
      readonly ok: true
      /** Seen from the project's root. */
      readonly script: string
      readonly args: readonly string[]
      readonly port: number
    }
  | { readonly ok: false; readonly sentence: string }

/** Finds Portkey's gateway in a temporary folder, outside the project; installs it there only when asked to. */
export async function planPortkey(wish: 'install' | 'if-there'): Promise<PortkeyPlan> {
  if (!(await isThere()) && wish === 'install') {
    const problem = await install()
    if (problem !== undefined) return { ok: false, sentence: problem }
  }
  if (!(await isThere())) {
    return {
      ok: false,
      sentence: 'Portkey was not compared: it is not installed. Add --portkey to install it.',
    }
  }
  const port = await findFreePort(0)
  return { ok: true, script: relative(root, script), port, args: [`--port=${port}`, '--headless'] }
}

function isThere(): Promise<boolean> {
  return access(script).then(
    () => true,
    () => false, // not installed
  )
}

async function install(): Promise<string | undefined> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify(MANIFEST))
  try {
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund']
    await run('npm', args, { cwd: folder, timeout: INSTALL_MS, shell: process.platform === 'win32' })
    return undefined
  } catch {
    return 'Portkey was not compared: npm could not install it here.' // no registry, or no npm
  }
}
