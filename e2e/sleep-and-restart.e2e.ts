import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Started } from '../local/network.ts'
import { fakeRunner, readAudit, readBalance, readJobRecord, setupNetwork } from './setup-network.ts'

const network = await setupNetwork({ plans: [fakeRunner({ tokens_per_second: 20, tokens: 200 })] })
const { client, stateDir, started } = network
const { api, apiKey } = started
const messages = [{ role: 'user' as const, content: 'hello' }]

test('after 15 idle seconds, when the objects sleep, a chat is answered', async () => {
  await client.chat.completions.create({ model: 'fake', messages, max_tokens: 2 })
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  const { choices } = await client.chat.completions.create({ model: 'fake', messages, max_tokens: 5 })
  expect(choices[0]?.message.content?.trim().split(' ')).toHaveLength(5)
})

test('a caller that hangs up is charged for what was delivered, and the runner is told', async () => {
  const before = await readBalance(api, apiKey)
  const { data: stream, response } = await client.chat.completions
    .create({ model: 'fake', messages, stream: true })
    .withResponse()
  const jobId = response.headers.get('x-sharnaqa-job') ?? ''
  let pieces = 0
  for await (const _ of stream) {
    pieces += 1
    if (pieces === 3) break
  }
  stream.controller.abort()
  await expect
    .poll(() => readLog('runner-1'), { timeout: 10_000 })
    .toMatch(new RegExp(`"job-ended".*"jobId":"${jobId}".*"outcome":"cancelled"`))
  await expect.poll(async () => (await readJobRecord(api, apiKey, jobId)).state).toBe('stopped')
  const job = await readJobRecord(api, apiKey, jobId)
  expect(job.completion_tokens).toBeGreaterThan(0)
  expect(job.completion_tokens).toBeLessThan(100)
  const after = await readBalance(api, apiKey)
  expect(BigInt(before.available_nano) - BigInt(after.available_nano)).toBe(BigInt(job.charge_nano))
  expect(after.held_nano).toBe('0')
})

test('a coordinator that is killed in mid-answer comes back: the job ends in a legal state, nothing is charged twice', async () => {
  const before = await readBalance(api, apiKey)
  const { data: stream, response } = await client.chat.completions
    .create({ model: 'fake', messages, stream: true })
    .withResponse()
  const jobId = response.headers.get('x-sharnaqa-job') ?? ''
  const broken = (async () => {
    let pieces = 0
    for await (const _ of stream) {
      pieces += 1
      if (pieces === 2) process.kill(started.pids.coordinator, 'SIGKILL')
    }
  })()
  await expect(broken).rejects.toThrow()
  await expect.poll(readCoordinatorPid, { timeout: 30_000, interval: 200 }).not.toBe(started.pids.coordinator)
  await expect
    .poll(async () => (await readJobRecord(api, apiKey, jobId)).state, { timeout: 30_000, interval: 200 })
    .toBe('failed')
  expect(await readJobRecord(api, apiKey, jobId)).toMatchObject({
    reason: 'coordinator-restarted',
    charge_nano: '0',
  })
  expect(await readBalance(api, apiKey)).toEqual(before)
  expect(await readAudit(api, apiKey)).toMatchObject({ ok: true, clearing_nano: '0' })
  const answer = () =>
    client.chat.completions.create({ model: 'fake', messages, max_tokens: 3 }).then(
      ({ choices }) => choices[0]?.finish_reason,
      (error: Error) => error.message,
    )
  await expect.poll(answer, { timeout: 30_000, interval: 500 }).toBe('length')
})

function readLog(name: string): Promise<string> {
  return readFile(join(stateDir, 'logs', `${name}.log`), 'utf8')
}

async function readCoordinatorPid(): Promise<number> {
  const text = await readFile(join(stateDir, 'started.json'), 'utf8')
  return (JSON.parse(text) as Started).pids.coordinator
}
