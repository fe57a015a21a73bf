import { expect, test } from 'vitest'
import type { Live } from '../../data/use-live.ts'
import { lampOf, parseHealth, readStatus, type StatusModel } from './api-status.ts'

const live = <T>(value: T): Live<T> => ({ state: 'live', value, atMs: 0 })
const LOADING = { state: 'loading' } as const
const FAILED = { state: 'failed', reason: 'unreachable', sentence: undefined } as const

const chat = { kind: 'chat', runners: 1, freeSlots: 1, waitSeconds: 0 } as const
const network = (...models: Partial<StatusModel>[]): Live<{ readonly models: readonly StatusModel[] }> =>
  live({ models: models.map((one) => ({ ...chat, ...one })) })
const WELL = network({})

test('everything works when a model has a free place', () => {
  expect(readStatus(live('well'), WELL)).toEqual({ state: 'well' })
  expect(readStatus(live('well'), network({ freeSlots: 0 }, {}))).toEqual({ state: 'well' })
})

test('nothing is said before it is known', () => {
  expect(readStatus(LOADING, WELL)).toEqual({ state: 'asking' })
  expect(readStatus(live('well'), LOADING)).toEqual({ state: 'asking' })
})

test('what stops a request first is named', () => {
  expect(readStatus(FAILED, WELL)).toEqual({ state: 'unreachable' })
  expect(readStatus({ ...live<'well'>('well'), state: 'stale' } as Live<'well'>, WELL)).toEqual({
    state: 'unreachable',
  })
  expect(readStatus(live('database-out'), FAILED)).toEqual({ state: 'database-out' })
  expect(readStatus(live('well'), FAILED)).toEqual({ state: 'unreachable' })
  expect(readStatus(live('well'), network())).toEqual({ state: 'no-runner' })
  expect(readStatus(live('well'), network({ runners: 0 }, { kind: 'embedding' }))).toEqual({
    state: 'no-runner',
  })
})

test('when all places are busy the shortest wait counts', () => {
  const busy = network({ freeSlots: 0, waitSeconds: 40 }, { freeSlots: 0, waitSeconds: 7 })
  expect(readStatus(live('well'), busy)).toEqual({ state: 'busy', waitSeconds: 7 })
})

test('green is for what works, red for what does not, and neither for what is only empty', () => {
  expect(lampOf({ state: 'well' })).toBe('well')
  expect(lampOf({ state: 'database-out' })).toBe('bad')
  expect(lampOf({ state: 'unreachable' })).toBe('bad')
  expect(lampOf({ state: 'no-runner' })).toBe('off')
  expect(lampOf({ state: 'busy', waitSeconds: 3 })).toBe('off')
})

test.each([
  [{ ok: true, database: 'ok' }, 'well'],
  [{ ok: false, database: 'unreachable' }, 'database-out'],
  [{ ok: true, database: 'unreachable' }, 'database-out'],
  [{ error: 'proxy' }, undefined],
  [null, undefined],
  ['ok', undefined],
])('%j is the health %s', (value, health) => {
  expect(parseHealth(value)).toBe(health)
})
