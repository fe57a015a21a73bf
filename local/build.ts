import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { LOCAL_DEFINES } from './sealed/local-policy.ts'

/** `local`: for one's own machine and for tests, it believes the simulated TEE. Only `production` is ever deployed. */
export type BuildMode = 'production' | 'local'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')

/** Settings that keep wrangler from calling anyone. */
const QUIET = {
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
}

/** Takes even the flags' names out of what is deployed: nothing on a page can set them. */
const NO_FLAGS = Object.fromEntries(Object.keys(LOCAL_DEFINES).map((name) => [name, 'undefined']))

/** Where the Mini App of a mode is built: apart, so that a local build is never deployed, nor a deployed one served here. */
export function miniappFolder(mode: BuildMode): string {
  return join(root, mode === 'local' ? 'local/dist/miniapp' : 'miniapp/dist')
}

/** Bundles the Worker as a deployment does, but for the flags of a local build. Gives the path of its one module. */
export async function buildWorker(outDir: string, mode: BuildMode = 'production'): Promise<string> {
  await mkdir(miniappFolder('production'), { recursive: true })
  const flags = mode === 'local' ? Object.entries(LOCAL_DEFINES) : []
  const defines = flags.flatMap(([name, value]) => ['--define', `${name}:${value}`])
  const args = [wrangler, 'deploy', '--dry-run', '--outdir', outDir, ...defines]
  try {
    await run(process.execPath, args, { cwd: root, env: { ...process.env, ...QUIET } })
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string }
    throw new Error(`The Worker does not build.\n${stdout}${stderr}`, { cause: error })
  }
  return join(outDir, 'index.js')
}

/** Builds the Mini App, unless the last build is newer than everything it is made of. */
export async function buildMiniapp(mode: BuildMode = 'production'): Promise<void> {
  const outDir = miniappFolder(mode)
  const stamp = join(outDir, 'index.html')
  const builtMs = await stat(stamp).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0, // not built yet
  )
  if (builtMs > (await newestMs())) return
  const { build } = await import('vite')
  await build({
    root: join(root, 'miniapp'),
    logLevel: 'error',
    configFile: join(root, 'miniapp/vite.config.ts'),
    build: { outDir, emptyOutDir: true },
    define: mode === 'local' ? LOCAL_DEFINES : NO_FLAGS,
  })
}

const BUILT_FROM = [
  'miniapp/index.html',
  'miniapp/vite.config.ts',
  'package.json',
  'policy-pins.json',
  'local/build.ts',
  'local/sealed/local-policy.ts',
]

async function newestMs(): Promise<number> {
  const folders = ['miniapp/src', 'miniapp/public', 'protocol/src']
  const nested = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    }),
  )
  const files = [...nested.flat(), ...BUILT_FROM.map((file) => join(root, file))]
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs))
  return Math.max(...times)
}

/** A migration as the database takes it: its file's name and its statements. */
export type Migration = { readonly name: string; readonly statements: readonly string[] }

/** Reads migrations/, in order. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const folder = join(root, 'migrations')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8')
      return { name, statements: text.split('--> statement-breakpoint').map((part) => part.trim()) }
    }),
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildMiniapp()
  await buildWorker(join(root, '.sharnaqa/bundle'))
}
