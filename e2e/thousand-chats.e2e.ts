import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Started } from '../local/network.ts'
import { fakeRunner, readAudit, readBalance, readJobRecord, setupNetwork } from './setup-network.ts'

const CHATS = 1000
const CLIENTS = 32
const KILL_SECONDS = 20
const TRIES_MAX = 60
const TRY_AGAIN_MS = 500

const network = await setupNetwork({
  plans: Array.from({ length: 3 }, () => fakeRunner({ tokens_per_second: 100, tokens: 30 }, 8)),
  vars: { WELCOME_CREDIT_NANO: '100000000000' },
})
const { client, stateDir, started } = network
const { api, apiKey } = started

test('1,000 chats from 32 clients while a runner is killed each second: every job ends once, and the books balance', async () => {
  const before = await readBalance(api, apiKey)
  const killer = killEachSecond()
  const jobIds: string[] = []
  const answers = new Map<string, number>()
  let next = 0
  const chat = async (index: number) => {
    const { data, response } = await client.chat.completions
      .create({ model: 'fake', messages: [{ role: 'user', content: `question ${index}` }] })
      .withResponse()
    jobIds.push(response.headers.get('x-sharnaqa-job') ?? '')
    const words = data.choices[0]?.message.content?.trim().split(' ').length ?? 0
    answers.set(
      `${data.choices[0]?.finish_reason}/${words}`,
      (answers.get(`${data.choices[0]?.finish_reason}/${words}`) ?? 0) + 1,
    )
  }
  const failures: string[] = []
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < CHATS) {
        const index = next++
        // A refusal for a moment (no runner, a full queue) is tried again, as every client does.
        for (let tries = 1; tries <= TRIES_MAX; tries++) {
          const refusal = await chat(index).then(
            () => undefined,
            (error: { status?: number; code?: string; message?: string }) =>
              `${error.status ?? ''} ${error.code ?? error.message ?? ''}`,
          )
          if (refusal === undefined) break
          failures.push(refusal)
          await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS))
        }
      }
    }),
  )
  killer.stop()
  const kills = await killer.done
  expect(kills).toBeGreaterThan(5)
  expect(failures.filter((failure) => !/^(503|502|504|429) /.test(failure))).toEqual([])
  expect(jobIds.length).toBe(CHATS)
  expect(new Set(jobIds).size).toBe(jobIds.length)
  expect(answers.get('stop/30') ?? 0).toBeGreaterThan(CHATS * 0.9)

  const records = await Promise.all(jobIds.map((jobId) => readJobRecord(api, apiKey, jobId)))
  expect(records.filter(({ state }) => !['done', 'failed'].includes(state))).toEqual([])
  await expect.poll(async () => (await readBalance(api, apiKey)).held_nano, { timeout: 20_000 }).toBe('0')
  expect(await readAudit(api, apiKey)).toMatchObject({ ok: true, faults: [], clearing_nano: '0' })
  const charged = records.reduce((sum, { charge_nano }) => sum + BigInt(charge_nano), 0n)
  const after = await readBalance(api, apiKey)
  // Failed calls may have been charged for what was delivered; the answers that came are charged exactly.
  expect(BigInt(before.available_nano) - BigInt(after.available_nano)).toBeGreaterThanOrEqual(charged)
})

/** Kills one runner after the other, by the ids of processes that this network started. */
function killEachSecond() {
  let stopped = false
  const done = (async () => {
    let kills = 0
    for (let second = 0; second < KILL_SECONDS && !stopped; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      const { pids } = JSON.parse(await readFile(join(stateDir, 'started.json'), 'utf8')) as Started
      const pid = pids.runners[second % pids.runners.length]
      try {
        if (pid) process.kill(pid, 'SIGKILL')
        kills += 1
      } catch {
        // It is being started again.
      }
    }
    return kills
  })()
  return {
    done,
    stop: () => {
      stopped = true
    },
  }
}
