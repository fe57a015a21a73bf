import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { findFreePort } from '../local/free-port.ts'
import { readAudit, setupNetwork } from './setup-network.ts'

// These tests need a Python with the openai and xllamacpp packages, named by SHARNAQA_PYTHON; .ci/run makes one where
// Python and pip are there. The product itself needs none.
const python = process.env.SHARNAQA_PYTHON
const peers = join(import.meta.dirname, 'peers')
const gguf = [
  process.env.SHARNAQA_GGUF,
  join(import.meta.dirname, '../../shared/models/silkworm/silkworm-q8_0.gguf'),
].find((path) => path !== undefined && existsSync(path))

if (python) {
  test('the openai package of Python talks to the network unchanged', async () => {
    const { started } = await setupNetwork()
    const env = { ...process.env, API: started.api, API_KEY: started.apiKey }
    const { stdout } = await promisify(execFile)(python, [join(peers, 'openai_client.py')], { env })
    expect(stdout.trim()).toBe('ok')
  })
} else {
  test('without SHARNAQA_PYTHON the Python client is left out, and says so', () => {
    process.stdout.write(
      'left out: the Python openai package and llama.cpp (set SHARNAQA_PYTHON to a Python that has openai and xllamacpp)\n',
    )
    expect(python).toBeUndefined()
  })
}

if (python && gguf) {
  test("a real llama.cpp behind the upstream engine answers with silkworm's GGUF, and is stopped in mid-answer", async () => {
    const port = await findFreePort(0)
    const server = spawn(python, [join(peers, 'llama_server.py'), gguf, String(port)], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    afterAll(() => void server.kill())
    await new Promise<void>((resolve, reject) => {
      server.once('exit', () => reject(new Error('llama.cpp did not start')))
      server.stdout.on('data', (text) => String(text).includes('ready') && resolve())
    })
    const upstream = { url: `http://127.0.0.1:${port}`, key: undefined, model: undefined }
    const { client, started } = await setupNetwork({ upstream, runners: 0 })
    const [model = ''] = started.models
    expect(model).toContain('silkworm')
    const ask = (content: string, extra: object = {}) =>
      client.chat.completions.create({
        model,
        temperature: 0,
        messages: [{ role: 'user', content }],
        ...extra,
      })
    const answer = await ask('What is Sharnaqa?')
    expect(answer.choices[0]?.message.content).toMatch(/^Sharnaqa is .+\.$/)
    expect(answer.usage?.completion_tokens).toBeGreaterThan(10)
    await expect(ask('silk '.repeat(9_000))).rejects.toMatchObject({ code: 'context_length_exceeded' })
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      messages: [{ role: 'user', content: 'Tell me a story about a moth and the moon.' }],
    })
    for await (const _ of stream) break
    stream.controller.abort()
    await expect.poll(async () => (await readAudit(started.api, started.apiKey)).ok).toBe(true)
  })
}
