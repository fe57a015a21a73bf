import { expect, test } from 'vitest'
import type { RunnerEvent } from '../events.ts'
import { eventLine } from './event-line.ts'

const job = { model: 'silkworm', jobId: 'job_1', attempt: 1 }

test.each<[RunnerEvent, string]>([
  [
    { event: 'runner-online', runnerId: 'run_1', model: 'silkworm', device: 'cpu' },
    'runner-online silkworm on cpu as run_1',
  ],
  [
    { event: 'runner-offline', model: 'silkworm', reason: 'closed', retryMs: 90 },
    'runner-offline silkworm: closed; next attempt in 90 ms',
  ],
  [{ event: 'job-started', ...job }, 'job-started job_1/1 silkworm'],
  [
    {
      event: 'job-ended',
      ...job,
      outcome: 'stop',
      promptTokens: 3,
      completionTokens: 4,
      durationMs: 5,
      tokensPerSecond: 6,
    },
    'job-ended job_1/1 stop: 3 + 4 tokens, 5 ms',
  ],
  [
    { event: 'job-paid', ...job, earnedNano: '200000', todayNano: '1200000000' },
    'job-paid job_1/1: 0.0002 TON, today 1.2 TON',
  ],
  [
    { event: 'job-paid', ...job, earnedNano: '0', todayNano: '0', reason: 'free' },
    'job-paid job_1/1: 0 TON, today 0 TON (free)',
  ],
  [
    { event: 'seal-accepted', model: 'silkworm', kind: 'paired', untilMs: 1_800_000_000_000 },
    'seal-accepted silkworm: paired, until 2027-01-15T08:00:00.000Z',
  ],
  [
    { event: 'seal-refused', model: 'silkworm', kind: 'tee', reason: 'release' },
    'seal-refused silkworm: tee, release',
  ],
  [
    { event: 'seal-failed', kind: 'tee', reason: 'no-tee', retryMs: 5000 },
    'seal-failed tee: no-tee; next attempt in 5000 ms',
  ],
])('%o', (event, line) => {
  expect(eventLine(event)).toBe(line)
})
