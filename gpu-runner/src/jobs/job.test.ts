import { describe, expect, test } from 'vitest'
import { admit, type JobEvent, type JobPhase, nextPhase } from './job.ts'

const PHASES: readonly JobPhase[] = ['offered', 'running', 'done', 'failed', 'cancelled']
const EVENTS: readonly JobEvent[] = ['begin', 'end', 'fail', 'cancel']

test('only these moves exist', () => {
  const moves = PHASES.flatMap((phase) =>
    EVENTS.flatMap((event) => {
      const next = nextPhase(phase, event)
      return next ? [`${phase} ${event} ${next}`] : []
    }),
  )
  expect(moves).toEqual([
    'offered begin running',
    'offered fail failed',
    'offered cancel cancelled',
    'running end done',
    'running fail failed',
    'running cancel cancelled',
  ])
})

describe('an offer', () => {
  const free = { slots: 2, running: 1, leaving: false, known: false }
  test('is taken while a slot is free', () => expect(admit(free)).toBe('take'))
  test('is refused as busy when none is', () => expect(admit({ ...free, running: 2 })).toBe('busy'))
  test('is refused as leaving while jobs finish', () =>
    expect(admit({ ...free, leaving: true })).toBe('leaving'))
  test('that came before is neither taken nor refused', () =>
    expect(admit({ slots: 2, running: 2, leaving: true, known: true })).toBe('known'))
})
