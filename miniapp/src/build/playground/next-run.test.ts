import { expect, test } from 'vitest'
import { nano } from '../../../../protocol/src/money.ts'
import {
  ANSWER_CHARS_MAX,
  beginRun,
  figuresOf,
  isOver,
  nextRun,
  type Run,
  type RunEvent,
} from './next-run.ts'

const after = (...events: RunEvent[]): Run => events.reduce(nextRun, beginRun(1000))
const words = (text: string, atMs: number): RunEvent => ({ type: 'words', text, reasoning: '', atMs })
const used = { promptTokens: 5, completionTokens: 40, cost: nano(7n) }

test('an answer is written piece by piece, and its first piece is the time that counts', () => {
  const run = after(
    words('Hel', 1210),
    words('lo', 1500),
    { type: 'used', used },
    { type: 'ended', atMs: 2010 },
  )
  expect(run).toMatchObject({ phase: 'done', text: 'Hello', used })
  expect(figuresOf(run)).toEqual({ firstTokenMs: 210, tookMs: 1010, tokensPerSecond: 50 })
})

test('a place in the queue is shown until the answer begins', () => {
  const queued = after({ type: 'queued', place: 2, waitSeconds: 8 })
  expect(queued).toMatchObject({ phase: 'queued', queue: { place: 2, waitSeconds: 8 } })
  expect(nextRun(queued, words('x', 1))).not.toHaveProperty('queue')
})

test('a lost runner is told, and the answer goes on', () => {
  const run = after(words('a', 1), { type: 'paused' })
  expect(run.phase).toBe('handing-over')
  expect(nextRun(run, words('b', 2))).toMatchObject({ phase: 'writing', text: 'ab', firstMs: 1 })
})

test('what was written before a failure or a stop is kept', () => {
  const trouble = { status: undefined, code: 'runner_lost', message: 'Lost.', param: undefined }
  expect(after(words('half', 1), { type: 'failed', trouble, atMs: 2 })).toMatchObject({
    phase: 'failed',
    text: 'half',
    trouble,
  })
  expect(after(words('half', 1), { type: 'stopped', atMs: 2 })).toMatchObject({
    phase: 'stopped',
    text: 'half',
  })
})

test('after the end only the record of its cost changes anything', () => {
  const stopped = after(words('half', 1), { type: 'stopped', atMs: 2 })
  expect(isOver(stopped)).toBe(true)
  expect(nextRun(stopped, words('more', 3))).toBe(stopped)
  expect(nextRun(stopped, { type: 'ended', atMs: 3 })).toBe(stopped)
  expect(nextRun(stopped, { type: 'recorded', used })).toMatchObject({ phase: 'stopped', used })
})

test('no speed is claimed from too little', () => {
  const run = after(words('Hi', 1200), { type: 'used', used }, { type: 'ended', atMs: 1220 })
  expect(figuresOf(run).tokensPerSecond).toBeUndefined()
  expect(figuresOf(beginRun(1))).toEqual({
    firstTokenMs: undefined,
    tookMs: undefined,
    tokensPerSecond: undefined,
  })
})

test('an answer in one piece has no first token of its own', () => {
  const run = after(words('Hello', 1900), { type: 'used', used }, { type: 'ended', atMs: 1900 })
  expect(figuresOf(run)).toEqual({ firstTokenMs: undefined, tookMs: 900, tokensPerSecond: undefined })
})

test('an answer without end does not fill the page', () => {
  const run = after(words('x'.repeat(ANSWER_CHARS_MAX), 1), words('y', 2))
  expect(run.text).toHaveLength(ANSWER_CHARS_MAX)
})
