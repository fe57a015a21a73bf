import { expect, test } from 'vitest'
import { expireJobs } from './expire-jobs.ts'
import { JOB_MAX_MS } from './job-store.ts'

test('jobs that are open for too long are ended, each with its reason', async () => {
  const ranges: { fromMs: number; beforeMs: number }[] = []
  const voided: string[][] = []
  const nowMs = 10 ** 12
  const count = await expireJobs({
    listOpenJobs: async (range) => {
      ranges.push(range)
      return [{ id: 'job_1' }, { id: 'job_2' }]
    },
    voidJob: async (...ended) => void voided.push(ended),
    nowMs: () => nowMs,
    log: () => undefined,
  })
  expect(count).toBe(2)
  expect(ranges[0]?.beforeMs).toBe(nowMs - JOB_MAX_MS)
  expect(voided).toEqual([
    ['job_1', 'timed-out'],
    ['job_2', 'timed-out'],
  ])
})
