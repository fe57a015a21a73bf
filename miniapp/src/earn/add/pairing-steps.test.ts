import { expect, test } from 'vitest'
import type { PairingProgressJson } from '../../../../protocol/src/miniapp/runners.ts'
import { readPairing } from './pairing-steps.ts'

type RunnerJson = NonNullable<PairingProgressJson['runner']>

const progress = (runner: Partial<RunnerJson> | null): PairingProgressJson => ({
  state: runner ? 'paired' : 'waiting',
  expires_at_ms: 1,
  runner: runner && {
    id: 'run_1',
    name: 'Old laptop',
    device: null,
    online: false,
    models: [],
    jobs_done: 0,
    earned_nano: '0',
    ...runner,
  },
})
const doneIn = (given: PairingProgressJson) =>
  readPairing(given)
    .steps.filter(({ isDone }) => isDone)
    .map(({ id }) => id)
const currentIn = (given: PairingProgressJson) =>
  readPairing(given).steps.find(({ isCurrent }) => isCurrent)?.id

test.each([
  [null, [], 'found'],
  [{}, ['found'], 'model'],
  [{ online: true }, ['found'], 'model'],
  [{ online: true, models: ['silkworm'] }, ['found', 'model'], 'job'],
  [{ online: true, models: ['silkworm'], jobs_done: 1 }, ['found', 'model', 'job'], 'earned'],
] as const)('with %j, %j are done, and %s is next', (runner, done, current) => {
  const given = progress(runner as Partial<RunnerJson> | null)
  expect(doneIn(given)).toEqual(done)
  expect(currentIn(given)).toBe(current)
})

test('after the first coin nothing is left to wait for', () => {
  const given = progress({ online: true, models: ['silkworm'], jobs_done: 1, earned_nano: '12300' })
  expect(doneIn(given)).toEqual(['found', 'model', 'job', 'earned'])
  expect(currentIn(given)).toBeUndefined()
  expect(readPairing(given).earned).toBe(12_300n)
})

test('a runner that left keeps the steps behind it', () => {
  const given = progress({ online: false, models: [], jobs_done: 2 })
  expect(doneIn(given)).toEqual(['found', 'model', 'job'])
  expect(readPairing(given).isAway).toBe(true)
})

test('a runner is found by its name before it has said what it runs on', () => {
  expect(readPairing(progress({}))).toMatchObject({ name: 'Old laptop', device: null })
  expect(readPairing(progress({ device: 'RTX 4090' })).device).toBe('RTX 4090')
})

test('a code that was used in time has not expired, however late somebody looks', () => {
  expect(readPairing({ ...progress({}), state: 'expired' }).state).toBe('paired')
  expect(readPairing({ ...progress(null), state: 'expired' }).state).toBe('expired')
})
