import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { fakeRunner, readAudit, readBalance } from '../setup-network.ts'
import { listSealed } from './extra-runner.ts'
import { readStream, setupSealed, startProxy } from './setup-sealed.ts'

const MODEL = 'fake'
/** Long enough that a runner can be killed in the middle of an answer. */
const SLOW = { tokens: 80, tokens_per_second: 25 }
const python = process.env.SHARNAQA_PYTHON

const network = await setupSealed({ plans: [], teePlans: [fakeRunner(SLOW), fakeRunner(SLOW)] })
const { started, relay, client: open } = network
const { url, client } = await startProxy(network, { via: relay.url })

/** The network's pids, by the paired runner that each one is. */
async function pidOf(runnerId: string): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  for (const [index, pid] of started.pids.runners.entries()) {
    const log = await readFile(join(network.stateDir, 'logs', `tee-runner-${index + 1}.log`), 'utf8')
    if (log.includes(runnerId)) return pid
  }
  throw new Error(`no runner logged ${runnerId}`)
}

/** The paired runner whose chunks passed last. */
function lastSender(): string | undefined {
  const last = relay.passed.findLast(
    ({ kind, bytes }) => kind === 'socket-up' && bytes.includes('"job.chunk"'),
  )
  return last && (new URL(last.path, relay.url).searchParams.get('runner') ?? undefined)
}

test('the unchanged openai package streams a sealed answer: the words of an open one, and their price', async () => {
  const question = 'What is silk?'
  const undisturbed = await readStream(open, MODEL, question)
  const before = await readBalance(started.api, started.apiKey)
  const { text, finish, usage } = await readStream(client, MODEL, question)
  expect(text).toBe(undisturbed.text)
  expect(finish).toBe('stop')
  expect(usage).toMatchObject({ completion_tokens: SLOW.tokens, cost_nano: expect.any(Number) })
  const after = await readBalance(started.api, started.apiKey)
  const cost = (usage as unknown as { cost_nano: number }).cost_nano
  expect(BigInt(before.available_nano) - BigInt(after.available_nano)).toBe(BigInt(cost))
  expect(cost).toBeGreaterThan(0)
})

test('kill -9 of the runner in mid-answer: another goes on, every word once, and each is paid by its receipt', async () => {
  const question = 'Tell me a story about a moth and the moon.'
  const undisturbed = await readStream(open, MODEL, question)
  const before = await readBalance(started.api, started.apiKey)
  relay.forget()
  const stream = await client.chat.completions.create({
    model: MODEL,
    messages: [{ role: 'user', content: question }],
    stream: true,
    stream_options: { include_usage: true },
  })
  let text = ''
  let finish: string | null | undefined
  let cost = 0
  let killed: string | undefined
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ''
    finish = chunk.choices[0]?.finish_reason ?? finish
    if (chunk.usage) cost = (chunk.usage as unknown as { cost_nano: number }).cost_nano
    if (killed !== undefined || text.length < 60) continue
    killed = lastSender()
    process.kill(await pidOf(killed ?? ''), 'SIGKILL')
  }
  expect(killed).toMatch(/^run_/)
  expect(text).toBe(undisturbed.text)
  expect(finish).toBe('stop')
  const after = await readBalance(started.api, started.apiKey)
  expect(BigInt(before.available_nano) - BigInt(after.available_nano)).toBe(BigInt(cost))
  expect(after.held_nano).toBe('0')
  // The first part has no receipt: its words were not charged, and its runner is not paid for them.
  const log = await fetch(`${started.api}/requests?limit=2`, {
    headers: { authorization: `Bearer ${started.apiKey}` },
  })
  const { data } = (await log.json()) as { data: { charge_nano: string; tier: string }[] }
  expect(data.map(({ tier }) => tier)).toEqual(['confidential', 'confidential'])
  expect(data.map(({ charge_nano }) => charge_nano)).toEqual([String(cost), '0'])
  expect(await readAudit(started.api, started.apiKey)).toMatchObject({ ok: true, clearing_nano: '0' })
})

test('in tier own the question is sealed to the machines that were confirmed, costs nothing, and to nobody else', async () => {
  const runners = await listSealed(network, MODEL, 'own')
  const mine = runners[0]?.runner_id ?? ''
  expect(mine).toMatch(/^run_/)
  const own = await startProxy(network, {
    via: relay.url,
    name: 'proxy-own',
    args: ['--tier', 'own', '--confirm', mine],
  })
  const before = await readBalance(started.api, started.apiKey)
  const { text, finish } = await readStream(own.client, MODEL, 'Who reads this?')
  expect(text).toMatch(/\w/)
  expect(finish).toBe('stop')
  expect(lastSender()).toBe(mine)
  expect((await readBalance(started.api, started.apiKey)).available_nano).toBe(before.available_nano)

  const stranger = await startProxy(network, {
    via: relay.url,
    name: 'proxy-stranger',
    args: ['--tier', 'own', '--confirm', `run_${'0'.repeat(mine.length - 4)}`],
  })
  await expect(
    stranger.client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'Anybody?' }],
    }),
  ).rejects.toMatchObject({ code: expect.stringMatching(/no_own_runner|no_runner/) })
})

if (python) {
  test('the openai package of Python streams sealed answers through the proxy unchanged', async () => {
    const env = { ...process.env, API: url, MODEL }
    const script = join(import.meta.dirname, '../peers/sealed_client.py')
    const { stdout } = await promisify(execFile)(python, [script], { env })
    expect(stdout.trim()).toBe('ok')
  })
}
