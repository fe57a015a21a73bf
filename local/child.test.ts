import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startChild } from './child.ts'
import { findFreePort, isPortFree } from './free-port.ts'
import { isAlive } from './is-alive.ts'
import { readSecrets, writeSecrets } from './secrets.ts'

async function setupFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'sharnaqa-local-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function setupChild(program: string) {
  const folder = await setupFolder()
  const script = join(folder, 'program.mjs')
  await writeFile(script, program)
  // Scripts are named from the project's root; a path from there to the temporary folder is as good.
  const child = await startChild('test', relativeToRoot(script), [], {
    logFile: join(folder, 'log'),
  })
  onTestFinished(() => child.stop())
  return { child, folder }
}

function relativeToRoot(path: string): string {
  return join(
    ...import.meta.dirname
      .split('/')
      .slice(1)
      .map(() => '..'),
    path,
  )
}

test("a child's lines of JSON are its messages, and its other lines go to its log", async () => {
  const { child, folder } = await setupChild(
    'console.log("plain"); console.log(JSON.stringify({ event: "up", n: 1 })); setInterval(() => {}, 1000)',
  )
  expect(await child.next(({ event }) => event === 'up', 10_000)).toEqual({ event: 'up', n: 1 })
  await expect.poll(() => readFile(join(folder, 'log'), 'utf8')).toContain('plain')
})
test('a child that ends instead of becoming ready says its last words', async () => {
  const { child } = await setupChild('console.error("no such port"); process.exit(3)')
  await expect(child.next(({ event }) => event === 'up', 10_000)).rejects.toThrow(
    /ended \(code 3\)[\s\S]*no such port/,
  )
})
test('whatever a killed child started ends with it', async () => {
  const { child } = await setupChild(`
    import { spawn } from 'node:child_process'
    const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    console.log(JSON.stringify({ event: 'up', pid: grandchild.pid }))
    setInterval(() => {}, 1000)
  `)
  const { pid } = await child.next<{ pid: number }>(({ event }) => event === 'up', 10_000)
  expect(isAlive(pid)).toBe(true)
  process.kill(child.pid, 'SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false)
})
test('secrets are made once and are for their owner alone', async () => {
  const folder = await setupFolder()
  const secrets = await readSecrets(folder)
  expect(await readSecrets(folder)).toEqual(secrets)
  await writeSecrets(folder, { ...secrets, apiKey: 'k' })
  expect(await readSecrets(folder)).toMatchObject({ apiKey: 'k' })
  expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600)
})
test('a port that is taken is not given again', async () => {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  expect(await isPortFree(port)).toBe(false)
  expect(await findFreePort(port)).not.toBe(port)
})
