import { join } from 'node:path'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler'
import { z } from 'zod'

// The pass-through in the same runtime as the coordinator, in a process of its own.

const orderSchema = z.object({ upstream: z.string() })
const root = join(import.meta.dirname, '..')

process.channel?.ref()
process.once('message', (message) => void start(orderSchema.parse(message)))

async function start({ upstream }: z.infer<typeof orderSchema>): Promise<void> {
  const { outputFiles } = await build({
    stdin: {
      contents: "export { app as default } from './pass-through-route.ts'",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'esm',
    target: 'es2024',
    write: false,
  })
  const { compatibilityDate, compatibilityFlags } = readWorkerOptions(
    join(root, 'wrangler.toml'),
  ).workerOptions
  const options = {
    host: '127.0.0.1',
    port: 0,
    cf: false,
    log: new Log(LogLevel.ERROR),
    name: 'pass-through',
    compatibilityDate,
    compatibilityFlags,
    modules: [{ type: 'ESModule', path: 'index.js', contents: outputFiles[0]?.text ?? '' }],
    bindings: { UPSTREAM: upstream },
  }
  const miniflare = new Miniflare(convertV4MiniflareOptions(options as V4MiniflareOptions))
  const url = await miniflare.ready
  process.send?.({ type: 'listening', port: Number(url.port) })
  process.once('SIGTERM', () => void miniflare.dispose().finally(() => process.exit(0)))
}
