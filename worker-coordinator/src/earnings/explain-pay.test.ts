import { expect, test } from 'vitest'
import { explainPay, type WorkedJob } from './explain-pay.ts'

const paid: WorkedJob = { state: 'done', completionTokens: 10, isFree: false, reportedTokens: 10, earned: 5n }

test.each<readonly [string, Partial<WorkedJob>, ReturnType<typeof explainPay>]>([
  ['paid in full', {}, undefined],
  ['paid without a receipt, by what was delivered', { reportedTokens: undefined }, undefined],
  ['paid for less than it reported', { reportedTokens: 14 }, 'over-reported'],
  [
    'stopped before the first word',
    { state: 'stopped', completionTokens: 0, earned: 0n },
    'stopped-before-output',
  ],
  ['of a job that failed', { state: 'failed', completionTokens: 0, earned: 0n }, 'job-failed'],
  ['of a runner that asks for nothing', { isFree: true, earned: 0n }, 'free'],
  ['without a receipt that holds', { reportedTokens: undefined, earned: 0n }, 'no-valid-receipt'],
  ['of which nothing reached the reader', { earned: 0n }, 'nothing-delivered'],
  [
    'of a job that another finished',
    { state: 'done', reportedTokens: undefined, earned: 0n },
    'no-valid-receipt',
  ],
])('a part %s', (_, changes, reason) => {
  expect(explainPay({ ...paid, ...changes })).toBe(reason)
})
