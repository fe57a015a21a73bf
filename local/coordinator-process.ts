import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler'
import { z } from 'zod'
import { readMigrations } from './build.ts'

/** What the parent sends first. Secrets come this way, and never stand in a command line. */
const orderSchema = z.object({
  port: z.int(),
  stateDir: z.string(),
  bundle: z.string(),
  /** The folder with the built Mini App. */
  miniapp: z.string(),
  vars: z.record(z.string(), z.string()),
})
type Order = z.infer<typeof orderSchema>

/** How often the coordinator's cron runs here, in ms; the same as in wrangler.toml. */
const CRON_MS = 60_000
const root = join(import.meta.dirname, '..')

process.channel?.ref()
process.once('message', (order) => {
  void start(orderSchema.parse(order))
})
// The parent is gone: nothing of it stays.
process.once('disconnect', () => process.exit(1))
// A Ctrl-C in the terminal is the parent's to handle: it stops its children in order.
process.on('SIGINT', () => undefined)

async function start({ port, stateDir, bundle, miniapp, vars }: Order): Promise<void> {
  const workerOptions: Record<string, unknown> & { bindings?: Record<string, unknown>; assets?: object } =
    readWorkerOptions(join(root, 'wrangler.toml')).workerOptions
  const options = {
    ...workerOptions,
    // The Worker's own socket: Miniflare's entry and its asset router would stand in front of every request.
    unsafeDirectSockets: [{ host: '127.0.0.1', port }],
    host: '127.0.0.1',
    port: 0,
    cf: false,
    log: new Log(LogLevel.ERROR),
    name: 'sharnaqa',
    modules: [{ type: 'ESModule', path: 'index.js', contents: await readFile(bundle, 'utf8') }],
    bindings: { ...workerOptions.bindings, ...vars },
    assets: { ...workerOptions.assets, directory: miniapp },
    resourcePersistencePath: stateDir,
  }
  const miniflare = new Miniflare(convertV4MiniflareOptions(options as V4MiniflareOptions))
  await miniflare.ready
  const url = await miniflare.unsafeGetDirectURL('sharnaqa')
  await migrate(miniflare)
  process.send?.({ type: 'ready', url: url.href.replace(/\/$/, '') })
  void runCron(miniflare) // what a clock does first: deposits of the time that it was off, say
  const cron = setInterval(() => void runCron(miniflare), CRON_MS)
  const stop = async () => {
    clearInterval(cron)
    await miniflare.dispose()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
}

async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database('DB')
  await database.exec(
    'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  )
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const applied = new Set(results.map(({ name }) => name))
  for (const { name, statements } of await readMigrations()) {
    if (applied.has(name)) continue
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ])
  }
}

async function runCron(miniflare: Miniflare): Promise<void> {
  try {
    const worker = await miniflare.getWorker()
    await worker.scheduled({ cron: '* * * * *' })
  } catch (error) {
    process.stderr.write(`cron failed: ${error instanceof Error ? error.message : ''}\n`)
  }
}
