import { expect, test } from 'vitest'
import type { SealedPart } from '../conversation.ts'
import type { JobRecord } from './read-job.ts'
import { receiptsHere } from './receipts-here.ts'

const record = {
  id: 'job_1',
  receipts: [{ runnerId: 'run_1', attempt: 0, signature: 'x' }],
} as unknown as JobRecord
const partOf = (jobId: string) => ({ receipt: { jobId, attempt: 0 } }) as SealedPart

test('of an open job the receipts on record are checked', () => {
  expect(receiptsHere({ id: 'job_1' }, record)).toMatchObject([{ jobId: 'job_1', attempt: 0, record }])
  expect(receiptsHere({ id: 'job_1' }, undefined)).toEqual([])
})

test('of a sealed answer those are checked that came out of the seal, not those that the network tells', () => {
  const job = { id: 'job_1', sealed: [partOf('job_1'), partOf('job_2')] }
  const here = receiptsHere(job, record)
  expect(here.map(({ receipt }) => receipt)).toEqual(job.sealed.map(({ receipt }) => receipt))
  expect(here[0]?.record).toBe(record)
  expect(here[1]?.record).toBeUndefined()
})
