import { spawn } from 'node:child_process'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { verifyEd25519 } from '../../../protocol/src/ed25519.ts'
import { pairRequestSchema, pairSigningText } from '../../../protocol/src/runner/pairing.ts'
import { openLocalServer } from '../../test/local-server.ts'
import { makeTinyModel } from '../../test/make-tiny-model.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { EXIT } from './exit-codes.ts'

const MAIN = path.join(import.meta.dirname, '..', 'main.ts')

/** Runs the real program. */
function run(dataDir: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env.PATH, HOME: dataDir, SHARNAQA_RUNNER_DIR: dataDir }
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (part: Buffer) => {
    out += part.toString()
  })
  child.stderr.on('data', (part: Buffer) => {
    err += part.toString()
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

describe('the command line', () => {
  test('explains itself', async () => {
    const dataDir = await makeTempFolder()
    const help = await run(dataDir, 'help')
    expect(help).toMatchObject({ code: EXIT.ok, out: expect.stringContaining('Exit codes') })
    expect((await run(dataDir, '--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test.each([
    [['dance'], 'no command "dance"'],
    [['start', '--slotz', '3'], '--slotz'],
    [['start', '--slots', 'x'], '--slots'],
    [['start'], 'not paired yet'],
    [['pair', 'SHORT'], 'eight letters and digits'],
    [['pair', 'K7QM-29XF'], '--coordinator'],
  ])('%o ends with what to do', async (args, part) => {
    const { code, out, err } = await run(await makeTempFolder(), ...args)
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' })
    expect(err).toContain(part)
  })

  test('status says when nothing runs', async () => {
    const dataDir = await makeTempFolder()
    await writeFile(path.join(dataDir, 'running.json'), '{"pid":1,"url":"http://127.0.0.1:1/"}')
    expect(await run(dataDir, 'status', '--json')).toMatchObject({
      code: EXIT.notRunning,
      out: '{"state":"stopped"}\n',
    })
  })
})

describe('pairing', () => {
  test('proves the key, tells the name, and remembers the network', async () => {
    const bodies: unknown[] = []
    const server = await openLocalServer((_, response, body) => {
      bodies.push(JSON.parse(body))
      response.end(JSON.stringify({ runnerId: 'run_1', name: 'Attic' }))
    })
    const dataDir = await makeTempFolder()
    const args = ['pair', 'k7qm-29xf', '--coordinator', server.url, '--name', 'Attic', '--json']
    const { code, out } = await run(dataDir, ...args)
    expect(code).toBe(EXIT.ok)
    expect(JSON.parse(out)).toEqual({ event: 'runner-paired', runnerId: 'run_1', name: 'Attic' })
    const request = pairRequestSchema.parse(bodies[0])
    const key = fromBase64Url(request.publicKey) ?? new Uint8Array()
    const signature = fromBase64Url(request.signature) ?? new Uint8Array()
    expect(await verifyEd25519(key, signature, pairSigningText('K7QM29XF', request.publicKey))).toBe(true)
    expect(JSON.parse(await readFile(path.join(dataDir, 'config.json'), 'utf8'))).toEqual({
      coordinator: server.url,
      name: 'Attic',
    })
    expect((await stat(path.join(dataDir, 'identity.json'))).mode & 0o777).toBe(0o600)
  })

  test('that is refused says why and changes nothing', async () => {
    const server = await openLocalServer((_, response) => {
      response.writeHead(410).end(JSON.stringify({ error: { message: 'This code has expired.' } }))
    })
    const dataDir = await makeTempFolder()
    const { code, err } = await run(dataDir, 'pair', 'K7QM-29XF', '--coordinator', server.url)
    expect(code).toBe(EXIT.refused)
    expect(err).toContain('This code has expired.')
    expect(await stat(path.join(dataDir, 'config.json')).catch(() => undefined)).toBeUndefined()
  })

  test('and starting are one command; a refused code does not start a machine that is nobody’s', async () => {
    const server = await openLocalServer((_, response) => {
      response.writeHead(410).end(JSON.stringify({ error: { message: 'This code has expired.' } }))
    })
    const args = ['start', '--pair', 'K7QM-29XF', '--coordinator', server.url]
    const { code, err } = await run(await makeTempFolder(), ...args)
    expect(code).toBe(EXIT.refused)
    expect(err).toContain('This code has expired.')
  })

  test('the same command again, with the code long spent, goes on to serve', async () => {
    const server = await openLocalServer((_, response) => {
      response.writeHead(410).end(JSON.stringify({ error: { message: 'This code was used.' } }))
    })
    const dataDir = await makeTempFolder()
    await writeFile(path.join(dataDir, 'config.json'), JSON.stringify({ coordinator: server.url }))
    const args = ['start', '--pair', 'K7QM-29XF', '--coordinator', server.url, '--model', 'no-such-model']
    const { code, err } = await run(dataDir, ...args)
    expect(code).toBe(EXIT.model)
    expect(err).toContain('no-such-model')
  })

  test('with nobody there says so', async () => {
    const { code, err } = await run(
      await makeTempFolder(),
      'pair',
      'K7QM-29XF',
      '--coordinator',
      'http://127.0.0.1:1',
    )
    expect(code).toBe(EXIT.unreachable)
    expect(err).toContain('could not be reached')
  })
})

describe('models', () => {
  test('are listed, pulled from a local server, verified, and refused when damaged', async () => {
    const source = await makeTinyModel(await makeTempFolder())
    const server = await openLocalServer(async ({ url = '' }, response) => {
      const content = await readFile(path.join(source, url)).catch(() => undefined)
      if (content) response.end(content)
      else response.writeHead(404).end()
    })
    const dataDir = await makeTempFolder()
    const pulled = await run(dataDir, 'models', 'pull', 'tiny', '--from', server.url)
    expect(pulled).toMatchObject({
      code: EXIT.ok,
      out: expect.stringContaining('is what the source’s manifest says'),
    })
    const listed = await run(dataDir, 'models', '--json')
    const ids = listed.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id)
    expect(ids).toEqual(['all-minilm-l6-v2', 'silkworm', 'tiny'])
    expect(await run(dataDir, 'models', 'verify', 'tiny')).toMatchObject({ code: EXIT.ok })
    await writeFile(path.join(dataDir, 'models', 'tiny', 'tokenizer.json'), '{}')
    expect(await run(dataDir, 'models', 'verify')).toMatchObject({
      code: EXIT.model,
      out: expect.stringContaining('tiny: tokenizer.json has 2 bytes'),
    })
    const start = await run(dataDir, 'start', '--coordinator', 'http://127.0.0.1:1', '--model', 'tiny')
    expect(start).toMatchObject({
      code: EXIT.model,
      err: expect.stringContaining('tiny is not loaded: tokenizer.json'),
    })
  })

  test('that are not there are named', async () => {
    const dataDir = await makeTempFolder()
    const start = await run(dataDir, 'start', '--coordinator', 'http://127.0.0.1:1', '--model', 'nope')
    expect(start).toMatchObject({ code: EXIT.model, err: expect.stringContaining('models pull nope') })
  })
})

test('a key that others can read is not used', async () => {
  const dataDir = await makeTempFolder()
  await run(dataDir, 'pair', 'K7QM-29XF', '--coordinator', 'http://127.0.0.1:1')
  await chmod(path.join(dataDir, 'identity.json'), 0o644)
  const start = await run(dataDir, 'start', '--coordinator', 'http://127.0.0.1:1')
  expect(start).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('chmod 600') })
})

test('bench measures a model', async () => {
  const { code, out } = await run(await makeTempFolder(), 'bench', 'fake', '--engine', 'fake', '--json')
  expect(code).toBe(EXIT.ok)
  expect(JSON.parse(out)).toMatchObject({
    event: 'model-measured',
    model: 'fake',
    memoryMb: expect.any(Number),
  })
})
