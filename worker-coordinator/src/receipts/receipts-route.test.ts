import { expect, test, vi } from 'vitest'
import { makeJobId } from '../../../protocol/src/ids.ts'
import { receiptDaysSchema, receiptProofPendingSchema } from '../../../protocol/src/receipts/receipt-proof.ts'
import { dayOf } from '../reserves/reserve-day.ts'
import { type ReceiptsRouteDeps, receiptsRoute } from './receipts-route.ts'

const NOW_MS = Date.UTC(2026, 10, 23, 0, 5)
const DAY = dayOf(NOW_MS) - 1
const JOB = makeJobId(NOW_MS - 3_600_000, new Uint8Array(16))
const fakeless = (name: string) => () => {
  throw new Error(`give a fake for ${name}`)
}

function setup(overrides: Partial<ReceiptsRouteDeps> = {}) {
  const route = receiptsRoute({
    nowMs: () => NOW_MS,
    authenticate: async (authorization) =>
      authorization === 'key'
        ? { ok: true, caller: { accountId: 7, keyId: 3 } }
        : { ok: false, reason: 'missing' },
    listReceiptDays: fakeless('listReceiptDays'),
    findReceiptDay: fakeless('findReceiptDay'),
    readJobProof: fakeless('readJobProof'),
    ...overrides,
  })
  return async (path: string, authorization?: string) => {
    const response = await route.request(path, { headers: authorization ? { authorization } : {} })
    const { status, headers } = response
    return { status, headers, text: await response.text() }
  }
}

test('the list of days says of each whether the chain shows it', async () => {
  const rows = [{ day: DAY, root: 'a'.repeat(64), leaves: 3, transactionId: null }]
  const { status, text } = await setup({ listReceiptDays: async () => rows })('/v1/receipts/days')
  expect(status).toBe(200)
  expect(receiptDaysSchema.parse(JSON.parse(text))).toEqual({
    days: [{ day: '2026-11-22', root: 'a'.repeat(64), leaves: 3, transaction_id: null }],
  })
})

test('a document goes out byte for byte as it was signed', async () => {
  const findReceiptDay = vi.fn(async () => ({ document: '{"version":1}' }))
  const { text, headers } = await setup({ findReceiptDay })('/v1/receipts/days/2026-11-22')
  expect(text).toBe('{"version":1}')
  expect(headers.get('content-type')).toBe('application/json')
  expect(findReceiptDay).toHaveBeenCalledExactlyOnceWith(DAY)
})

test('a day without a tree is refused by its name, and what is no day asks no database', async () => {
  const request = setup({ findReceiptDay: async () => undefined })
  expect(JSON.parse((await request('/v1/receipts/days/2026-11-22')).text)).toMatchObject({
    error: { code: 'unknown_day', param: 'day' },
  })
  expect(await setup()('/v1/receipts/days/2026-02-30')).toMatchObject({ status: 404 })
})

test("a job's proof is for its own account alone", async () => {
  const readJobProof = vi.fn(async () => ({ ok: false as const, reason: 'job-not-found' as const }))
  const request = setup({ readJobProof })
  expect(await request(`/v1/jobs/${JOB}/proof`)).toMatchObject({ status: 401 })
  expect(readJobProof).not.toHaveBeenCalled()
  expect(await request(`/v1/jobs/${JOB}/proof`, 'key')).toMatchObject({ status: 404 })
  expect(readJobProof).toHaveBeenCalledExactlyOnceWith({ jobId: JOB, accountId: 7 })
  expect(await setup()('/v1/jobs/nonsense/proof', 'key')).toMatchObject({ status: 404 })
})

test('a proof that cannot be made yet says from when on it can', async () => {
  const request = setup({
    readJobProof: async () => ({ ok: false, reason: 'not-yet', readyAtMs: NOW_MS + 900_000 }),
  })
  const { status, text, headers } = await request(`/v1/jobs/${JOB}/proof`, 'key')
  expect(status).toBe(409)
  expect(receiptProofPendingSchema.parse(JSON.parse(text)).ready_at_ms).toBe(NOW_MS + 900_000)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'not_yet' } })
  expect(headers.get('retry-after')).toBe('900')
})

test('a job that left no receipt says so', async () => {
  const request = setup({ readJobProof: async () => ({ ok: false, reason: 'no-receipts' }) })
  const { status, text } = await request(`/v1/jobs/${JOB}/proof`, 'key')
  expect(status).toBe(404)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'no_receipts' } })
})
