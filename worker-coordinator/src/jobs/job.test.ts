import { expect, test } from 'vitest'
import { type JobEvent, type JobState, nextState } from './job.ts'

const events: readonly JobEvent[] = [
  { type: 'leased' },
  { type: 'finished' },
  { type: 'stopped' },
  { type: 'failed', reason: 'runner-lost' },
]

test.each<JobState>(['done', 'stopped', 'failed'])('a job that is %s never moves again', (state) => {
  expect(events.map((event) => nextState(state, event))).toEqual([undefined, undefined, undefined, undefined])
})
test('a queued job is leased, stopped or failed, but never done', () => {
  expect(events.map((event) => nextState('queued', event))).toEqual([
    'running',
    undefined,
    'stopped',
    'failed',
  ])
})
test('a running job may be leased again, and ends in three ways', () => {
  expect(events.map((event) => nextState('running', event))).toEqual(['running', 'done', 'stopped', 'failed'])
})
