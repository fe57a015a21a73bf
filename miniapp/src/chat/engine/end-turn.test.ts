import { expect, test } from 'vitest'
import { makeAnswer } from '../chat-fixture.ts'
import type { KeptTurn } from '../conversation.ts'
import { beginTurn, type TurnState } from '../turn/next-turn.ts'
import { BODY } from '../turn/turn-fixture.ts'
import { answerOf, joinContinued } from './end-turn.ts'

const turn: KeptTurn = {
  conversation: 'c1',
  position: 1,
  kind: 'ask',
  key: 'key-1',
  body: BODY,
  before: '',
  jobs: [],
  text: '',
  reasoning: '',
  job: {},
  atMs: 1,
  isStopped: false,
}
const ended = (text: string, overrides: Partial<TurnState> = {}): TurnState => ({
  ...beginTurn(),
  phase: 'ended',
  read: { text, reasoning: '' },
  job: { id: 'job_1', costNano: '7' },
  ending: { how: 'done' },
  ...overrides,
})

test('an answer keeps who wrote it, who could read it, and its job', () => {
  expect(answerOf(turn, ended('Silk shines.'), undefined, 9)).toEqual(
    makeAnswer(1, { text: 'Silk shines.', atMs: 9, jobs: [{ id: 'job_1', costNano: '7' }] }),
  )
})

test('a refused question leaves an answer without words, and without a job', () => {
  const refused = ended('', { job: {}, ending: { how: 'failed', trouble: 'no_runner' } })
  expect(answerOf(turn, refused, undefined, 9)).toMatchObject({
    text: '',
    jobs: [],
    ending: { how: 'failed', trouble: 'no_runner' },
  })
})

test('a second answer that never came leaves the first one, and says what went wrong', () => {
  const old = makeAnswer(1, { text: 'The first answer.' })
  const failed = ended('', { job: {}, ending: { how: 'failed', trouble: 'no_runner' } })
  expect(answerOf({ ...turn, kind: 'retry' }, failed, old, 9)).toEqual({
    ...old,
    ending: { how: 'done', trouble: 'no_runner' },
  })
  const stopped = ended('', { job: {}, ending: { how: 'stopped' } })
  expect(answerOf({ ...turn, kind: 'retry' }, stopped, old, 9)).toEqual(old)
})

test('a second answer takes the place of the first', () => {
  const old = makeAnswer(1, { jobs: [{ id: 'job_0' }] })
  expect(answerOf({ ...turn, kind: 'retry' }, ended('Second.'), old, 9)).toMatchObject({
    text: 'Second.',
    jobs: [{ id: 'job_1' }],
  })
})

test('a continuation is one answer with what it continues: words and costs together', () => {
  const old = makeAnswer(1, { text: 'Silk', ending: { how: 'stopped' }, jobs: [{ id: 'job_0' }] })
  const more: KeptTurn = { ...turn, kind: 'continue', before: 'Silk', jobs: old.jobs }
  expect(answerOf(more, ended('shines.'), old, 9)).toMatchObject({
    text: 'Silk shines.',
    ending: { how: 'done' },
    jobs: [{ id: 'job_0' }, { id: 'job_1' }],
  })
})

test('an answer that an open GPU wrote a part of is open, whoever ended it', () => {
  const old = makeAnswer(1, { tier: 'open' })
  const more: KeptTurn = { ...turn, kind: 'continue', before: 'x', body: { ...BODY, tier: 'own' } }
  expect(answerOf(more, ended('y'), old, 9).tier).toBe('open')
  expect(answerOf(more, ended('y'), { ...old, tier: 'own' }, 9).tier).toBe('own')
})

test.each([
  ['Silk', 'shines', 'Silk shines'],
  ['Silk ', 'shines', 'Silk shines'],
  ['Silk,', 'and', 'Silk, and'],
  ['الحرير', 'يلمع', 'الحرير يلمع'],
  ['```\ncode', '\nmore', '```\ncode\nmore'],
  ['蚕丝', '很亮', '蚕丝很亮'],
  ['', 'Silk', 'Silk'],
  ['Silk', '.', 'Silk.'],
])('%j and %j read on as %j', (before, more, joined) => {
  expect(joinContinued(before, more)).toBe(joined)
})
