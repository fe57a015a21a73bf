import { expect, test } from 'vitest'
import {
  ANSWER_CHARS_MAX,
  beginTurn,
  nextTurn,
  type TurnEvent,
  type TurnState,
  writtenOf,
} from './next-turn.ts'

const words = (text: string): TurnEvent => ({ type: 'words', text, reasoning: '' })
const run = (events: readonly TurnEvent[], from: TurnState = beginTurn()) => events.reduce(nextTurn, from)
const ASKED: TurnEvent = { type: 'asked' }

test('an answer comes together, and ends with its cost', () => {
  const state = run([
    ASKED,
    { type: 'opened', jobId: 'job_1' },
    words('Silk '),
    words('shines.'),
    { type: 'finished', isCut: false },
    { type: 'used', used: { costNano: '7' } },
    { type: 'done' },
  ])
  expect(writtenOf(state).text).toBe('Silk shines.')
  expect(state).toMatchObject({
    phase: 'ended',
    ending: { how: 'done' },
    job: { id: 'job_1', costNano: '7' },
  })
})

test('an answer that is read again stays in view until the reading has caught up', () => {
  const broken = run([ASKED, words('Silk shines'), { type: 'broken' }])
  expect(broken.phase).toBe('out-of-reach')
  const again = run([ASKED, words('Silk')], broken)
  expect(writtenOf(again).text).toBe('Silk shines')
  expect(writtenOf(run([words(' shines in the sun')], again)).text).toBe('Silk shines in the sun')
})

test('the coordinator has the last word, also where more was kept', () => {
  const kept = beginTurn({ text: 'Silk shines in the', reasoning: '', job: {} })
  const state = run([ASKED, words('Silk shines.'), { type: 'done' }], kept)
  expect(writtenOf(state).text).toBe('Silk shines.')
})

test('an answer whose end is not kept any more leaves what was kept of it', () => {
  const kept = beginTurn({ text: 'Silk shines', reasoning: '', job: { id: 'job_1' } })
  const state = run([ASKED, { type: 'failed', code: 'idempotency_ended' }], kept)
  expect(writtenOf(state).text).toBe('Silk shines')
  expect(state).toMatchObject({
    ending: { how: 'failed', trouble: 'idempotency_ended' },
    job: { id: 'job_1' },
  })
})

test('Stop keeps what was written, however the stream ends', () => {
  const stopping = run([ASKED, words('Silk'), { type: 'stop' }])
  expect(stopping.phase).toBe('writing')
  for (const end of [{ type: 'done' }, { type: 'broken' }] as const) {
    const state = nextTurn(stopping, end)
    expect(state.ending?.how).toBe('stopped')
    expect(writtenOf(state).text).toBe('Silk')
  }
  expect(run([ASKED, { type: 'broken' }, { type: 'stop' }]).ending).toEqual({ how: 'stopped' })
})

test('the longest answer there is can go on, and an empty one is said to be', () => {
  expect(run([ASKED, words('a'), { type: 'finished', isCut: true }, { type: 'done' }]).ending).toEqual({
    how: 'cut',
  })
  expect(run([ASKED, { type: 'done' }]).ending).toEqual({ how: 'done', trouble: 'empty-answer' })
})

test('an answer that was stopped because nobody read it is not whole', () => {
  const done = run([ASKED, words('a'), { type: 'done' }])
  const recorded = { type: 'recorded', wasStopped: true, job: { costNano: '9' } } as const
  expect(nextTurn(done, recorded)).toMatchObject({ ending: { how: 'cut' }, job: { costNano: '9' } })
  expect(nextTurn(done, { ...recorded, wasStopped: false }).ending).toEqual({ how: 'done' })
})

test('the queue and a lost runner are told, and forgotten with the next words', () => {
  const queued = run([ASKED, { type: 'queued', place: 3, waitSeconds: 10 }])
  expect(queued).toMatchObject({ phase: 'queued', queue: { place: 3, waitSeconds: 10 } })
  expect(nextTurn(queued, words('a'))).toMatchObject({ phase: 'writing', queue: undefined })
  const lost = run([ASKED, words('a'), { type: 'paused' }])
  expect(lost.phase).toBe('handing-over')
  expect(nextTurn(lost, words('b')).phase).toBe('writing')
})

test('after its end nothing changes an answer', () => {
  const ended = run([ASKED, words('a'), { type: 'done' }])
  expect(run([words('b'), { type: 'stop' }, { type: 'failed', code: 'x' }], ended)).toBe(ended)
})

test('an answer without an end is ended', () => {
  const state = run([ASKED, words('x'.repeat(ANSWER_CHARS_MAX)), words('y')])
  expect(state).toMatchObject({ phase: 'ended', ending: { how: 'cut' } })
})
