import { expect, test } from 'vitest'
import { makeRunner, makeServed } from './runner-fixture.ts'
import { isLit, runnerState } from './runner-state.ts'

test.each([
  ['working', makeRunner({ models: [makeServed({ running: 1 })] })],
  ['ready', makeRunner({})],
  ['starting', makeRunner({ models: [] })],
  ['paused', makeRunner({ state: 'paused' })],
  ['paused', makeRunner({ state: 'paused', online: false })],
  ['away', makeRunner({ online: false, models: [] })],
  ['new', makeRunner({ online: false, models: [], last_seen_at_ms: null })],
] as const)('a runner is %s', (state, runner) => {
  expect(runnerState(runner)).toBe(state)
})

test('the lamp is lit for a runner that takes jobs, and for no other', () => {
  expect((['working', 'ready', 'starting', 'paused', 'away', 'new'] as const).filter(isLit)).toEqual([
    'working',
    'ready',
  ])
})
