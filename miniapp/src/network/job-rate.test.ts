import { expect, test } from 'vitest'
import { jobRate } from './job-rate.ts'

test.each([
  [0, { per: 'minute', value: 0 }],
  [599, { per: 'minute', value: 599 }],
  [600, { per: 'second', value: 10 }],
  [2100, { per: 'second', value: 35 }],
])('%d jobs in a minute are told as %j', (jobs, told) => {
  expect(jobRate(jobs)).toEqual(told)
})
