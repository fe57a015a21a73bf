import { expect, test } from 'vitest'
import { readAudit, readBalance, readJobRecord, setupNetwork } from './setup-network.ts'

const network = await setupNetwork({ runners: 2 })
const { client, started } = network
const question = [{ role: 'user' as const, content: 'Tell me a story about a moth and the moon.' }]

test('kill -9 of the serving runner in mid-answer: the answer completes word for word, each is paid for its part', async () => {
  const undisturbed = await client.chat.completions.create({ model: 'silkworm', messages: question })
  const expected = undisturbed.choices[0]?.message.content ?? ''
  expect(expected.length).toBeGreaterThan(200)
  const before = await readBalance(started.api, started.apiKey)

  const { data: stream, response } = await client.chat.completions
    .create({ model: 'silkworm', messages: question, stream: true, stream_options: { include_usage: true } })
    .withResponse()
  let text = ''
  let cost = 0n
  let killed = false
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ''
    if (chunk.usage) cost = BigInt((chunk.usage as { cost_nano?: number }).cost_nano ?? 0)
    if (killed || text === '') continue
    killed = true
    const pid = await findBusyRunner(started.pids.runners, response.headers.get('x-sharnaqa-job') ?? '')
    process.kill(pid, 'SIGKILL')
  }
  expect(killed).toBe(true)
  expect(text).toBe(expected)

  const job = await readJobRecord(started.api, started.apiKey, response.headers.get('x-sharnaqa-job') ?? '')
  expect(job.state).toBe('done')
  expect(job.why).toHaveLength(2)
  expect(job.why[0]?.runner).not.toBe(job.why[1]?.runner)
  expect(BigInt(job.charge_nano)).toBe(cost)
  // Greedy and word for word: as many tokens as the undisturbed answer, and the same price.
  expect(job.completion_tokens).toBe(undisturbed.usage?.completion_tokens)
  const after = await readBalance(started.api, started.apiKey)
  expect(BigInt(before.available_nano) - BigInt(after.available_nano)).toBe(cost)
  expect(after.held_nano).toBe('0')
  expect(await readAudit(started.api, started.apiKey)).toMatchObject({ ok: true, clearing_nano: '0' })
})

/** The process that runs a job, by what the runners log: every runner writes `job-started` with the job's id. */
async function findBusyRunner(pids: readonly number[], jobId: string): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  for (const [index, pid] of pids.entries()) {
    const log = await readFile(`${network.stateDir}/logs/runner-${index + 1}.log`, 'utf8')
    if (log.includes(jobId)) return pid
  }
  throw new Error(`no runner logged ${jobId}`)
}
