import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { findFreePort } from '../local/free-port.ts'
import { isAlive } from '../local/is-alive.ts'
import type { Started } from '../local/network.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const stateDir = await mkdtemp(join(tmpdir(), 'sharnaqa-e2e-'))
afterAll(() => rm(stateDir, { recursive: true, force: true, maxRetries: 3 }))

function start(...args: readonly string[]) {
  const child = spawn(
    process.execPath,
    [join(root, 'local/start.ts'), '--json', '--state', stateDir, ...args],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  afterAll(() => void child.kill('SIGKILL'))
  const output = { out: '', err: '' }
  child.stdout.on('data', (text) => {
    output.out += String(text)
  })
  child.stderr.on('data', (text) => {
    output.err += String(text)
  })
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, output, exit }
}

test('npm start says for programs where everything is, answers in the terminal, and Ctrl-C leaves nothing behind', async () => {
  const port = await findFreePort(0)
  const { child, output, exit } = start('--port', String(port))
  await expect.poll(() => output.out, { timeout: 60_000 }).toContain('\n')
  const started: Started = JSON.parse(output.out)
  expect(JSON.parse(await readFile(join(stateDir, 'started.json'), 'utf8'))).toEqual(started)
  expect(started).toMatchObject({
    api: `http://127.0.0.1:${port}/v1`,
    miniapp: `http://127.0.0.1:${port}`,
    apiKey: expect.stringMatching(/^sk-shq-/),
    telegram: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
    models: expect.arrayContaining(['silkworm', 'all-minilm-l6-v2']),
    confidentialModel: 'silkworm',
    pins: join(stateDir, 'policy-pins.json'),
  })
  expect((await stat(join(stateDir, 'simulated-tee.json'))).mode & 0o777).toBe(0o600)
  const page = await (await fetch(started.miniapp)).text()
  expect(page).toContain('<div id="root">')

  const chat = await run(process.execPath, [join(root, 'local/chat.ts'), 'What is Sharnaqa?'], {
    env: { ...process.env, SHARNAQA_STATE: stateDir },
  })
  expect(chat.stdout).toMatch(/^Sharnaqa is .+\.\n$/)
  expect(chat.stderr).toMatch(/silkworm · 0\.\d+ TON/)

  const second = start('--no-telegram')
  expect(await second.exit).toBe(1)
  expect(second.output.err).toContain('already runs here')
  const third = start('--no-telegram', '--port', String(port), '--state', `${stateDir}/third`)
  expect(await third.exit).toBe(1)
  expect(third.output.err).toContain(`Port ${port} is taken`)

  child.kill('SIGINT')
  expect(await exit).toBe(0)
  const { coordinator, runners, bot } = started.pids
  for (const pid of [coordinator, ...runners, bot ?? 0]) expect(pid > 0 && isAlive(pid)).toBe(false)
  expect(existsSync(join(stateDir, 'started.json'))).toBe(false)
  await expect(fetch(started.api)).rejects.toThrow()
})
test('a second start finds the account, the key and the balance of the first', async () => {
  const { child, output, exit } = start('--no-telegram', '--port', String(await findFreePort(0)))
  await expect.poll(() => output.out, { timeout: 60_000 }).toContain('\n')
  const started: Started = JSON.parse(output.out)
  const reply = await fetch(`${started.api}/balance`, {
    headers: { authorization: `Bearer ${started.apiKey}` },
  })
  const { available_nano } = (await reply.json()) as { available_nano: string }
  expect(BigInt(available_nano)).toBeLessThan(50_000_000n)
  // A start that is killed leaves nothing running either: its children notice.
  child.kill('SIGKILL')
  await exit
  for (const pid of [started.pids.coordinator, ...started.pids.runners]) {
    await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false)
  }
})
test('a wrong option is a sentence, not a stack', async () => {
  const { output, exit } = start('--runners', 'many')
  expect(await exit).toBe(2)
  expect(output.err).toMatch(/--runners needs a whole number/)
  expect(output.err).not.toContain('    at ')
})
