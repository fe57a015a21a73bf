import { expect, test } from 'vitest'
import type { Session } from '../../session/session.ts'
import { askJob, firstWordsMs, type JobRecord, recordedOf } from './read-job.ts'

const RECORD: JobRecord = {
  id: 'job_1',
  model: 'silkworm',
  tier: 'own',
  state: 'done',
  charge_nano: '7',
  prompt_tokens: 4,
  completion_tokens: 3,
  created_at_ms: 1000,
  first_delta_at_ms: 1640,
  ended_at_ms: 9000,
  receipts: [{ runnerId: 'run_1', attempt: 0, signature: 'abc' }],
}

test('a record is read, with whatever else the coordinator says of it', async () => {
  const asked: string[] = []
  const ask: Session['ask'] = async (path, parse) => {
    asked.push(path)
    const value = parse({ ...RECORD, object: 'job', why: [], price: { input: '1', output: '2' } })
    return value === undefined ? { ok: false, reason: 'failed', sentence: undefined } : { ok: true, value }
  }
  const open: Session['open'] = () => Promise.reject(new Error('give a fake for open'))
  expect(await askJob({ ask, open }, 'job_1')).toMatchObject({ ok: true, value: { id: 'job_1' } })
  expect(asked).toEqual(['/v1/jobs/job_1'])
})

test('the time to the first words is known where there were any', () => {
  expect(firstWordsMs(RECORD)).toBe(640)
  expect(firstWordsMs({ ...RECORD, first_delta_at_ms: null })).toBeUndefined()
})

test('a job that still runs says nothing of its cost yet', () => {
  expect(recordedOf({ ...RECORD, state: 'running', ended_at_ms: null })).toBeUndefined()
  expect(recordedOf({ ...RECORD, state: 'stopped' })).toEqual({
    wasStopped: true,
    job: { costNano: '7', promptTokens: 4, completionTokens: 3 },
  })
})
