import { expect, test } from 'vitest'
import { makeJobId } from '../../../protocol/src/ids.ts'
import { nano } from '../../../protocol/src/money.ts'
import type { SealedReceipt } from '../../../protocol/src/sealed/sealed-receipt.ts'
import type { JobRecord } from './job-store.ts'
import { type JobsRouteDeps, jobsRoute } from './jobs-route.ts'

const JOB_ID = makeJobId(1, new Uint8Array(16))
const record: JobRecord = {
  id: JOB_ID,
  accountId: 7,
  keyId: null,
  kind: 'chat',
  model: 'silkworm',
  shard: 0,
  tier: 'open',
  state: 'running',
  reason: null,
  priceInput: nano(1n),
  priceOutput: nano(1n),
  hold: nano(5n),
  charge: nano(0n),
  promptTokens: 0,
  completionTokens: 0,
  why: null,
  receipts: null,
  createdAt: 1,
  firstDeltaAt: null,
  endedAt: null,
}

function setupRoute(overrides: Partial<JobsRouteDeps> = {}) {
  const stopped: unknown[] = []
  const route = jobsRoute({
    authenticate: async (header) =>
      header === 'Bearer mine'
        ? { ok: true, caller: { accountId: 7, keyId: undefined } }
        : header === 'Bearer other'
          ? { ok: true, caller: { accountId: 8, keyId: undefined } }
          : { ok: false, reason: 'missing' },
    findRunnerKeys: async () => new Map(),
    readJob: async (_, accountId) => (accountId === 7 ? record : undefined),
    stopJob: async (...args) => void stopped.push(args),
    ...overrides,
  })
  const ask = (method: string, path: string, who?: string) =>
    route.request(path, { method, ...(who ? { headers: { authorization: `Bearer ${who}` } } : {}) })
  return { ask, stopped }
}

test('an account stops its own job', async () => {
  const { ask, stopped } = setupRoute()
  const reply = await ask('POST', `/v1/jobs/${JOB_ID}/stop`, 'mine')
  expect(reply.status).toBe(200)
  expect(await reply.json()).toEqual({ id: JOB_ID, stopped: true })
  expect(stopped).toEqual([['silkworm', JOB_ID, 7]])
})

test("another's job is neither shown nor stopped, and answers as one that does not exist", async () => {
  const { ask, stopped } = setupRoute()
  for (const [method, path] of [
    ['GET', `/v1/jobs/${JOB_ID}`],
    ['POST', `/v1/jobs/${JOB_ID}/stop`],
  ] as const) {
    expect((await ask(method, path, 'other')).status).toBe(404)
    expect((await ask(method, path)).status).toBe(401)
  }
  expect((await ask('POST', '/v1/jobs/rubbish/stop', 'mine')).status).toBe(404)
  expect(stopped).toEqual([])
})

test('a job is shown with its receipts to the account that pays', async () => {
  const { ask } = setupRoute()
  const reply = await ask('GET', `/v1/jobs/${JOB_ID}`, 'mine')
  expect(await reply.json()).toMatchObject({ id: JOB_ID, state: 'running', hold_nano: '5', receipts: [] })
  expect(reply.headers.get('cache-control')).toBe('no-store')
})

test("a sealed job's receipts are shown as they were signed, with the keys that signed them", async () => {
  const receipt: SealedReceipt = {
    version: 2,
    jobId: JOB_ID,
    attempt: 0,
    runnerId: 'f'.repeat(64),
    evidenceDigest: 'e'.repeat(64),
    manifestDigest: 'a'.repeat(64),
    inputHash: 'b'.repeat(64),
    outputHash: 'c'.repeat(64),
    promptTokens: 5,
    completionTokens: 2,
    status: 'done',
    price: { input: 1, output: 2 },
    startedAtMs: 1,
    endedAtMs: 2,
    signature: 'S'.repeat(86),
  }
  const { ask } = setupRoute({
    readJob: async () => ({
      ...record,
      tier: 'confidential',
      receipts: JSON.stringify([receipt]),
      why: JSON.stringify([{ runner: 'run_1', sealed: true, candidate: 0, signing_key: 'key' }]),
    }),
  })
  const reply = await ask('GET', `/v1/jobs/${JOB_ID}`, 'mine')
  expect(await reply.json()).toMatchObject({
    tier: 'confidential',
    receipts: [receipt],
    runner_keys: { [receipt.runnerId]: 'key' },
  })
})
