import { expect, test } from 'vitest'
import recorded from '../../../../protocol/src/openai/to-chunk.fixture.txt?raw'
import { readStream } from '../../data/read-stream.ts'
import { beginTurn, nextTurn, writtenOf } from './next-turn.ts'
import { toTurnEvents } from './to-turn-event.ts'

const data = (value: unknown) => toTurnEvents({ type: 'data', data: JSON.stringify(value) })

test('what the coordinator writes is read to its end, with its cost', async () => {
  let state = nextTurn(beginTurn(), { type: 'asked' })
  const body = new Response(recorded).body ?? new ReadableStream()
  for await (const event of readStream(body)) {
    for (const one of toTurnEvents(event)) state = nextTurn(state, one)
  }
  expect(state.phase).toBe('ended')
  expect(writtenOf(state).text.length).toBeGreaterThan(0)
})

test('words, thoughts and the end are told apart', () => {
  expect(data({ choices: [{ delta: { role: 'assistant', content: 'Silk' }, finish_reason: null }] })).toEqual(
    [{ type: 'words', text: 'Silk', reasoning: '' }],
  )
  expect(data({ choices: [{ delta: { content: null, reasoning_content: 'hm' } }] })).toEqual([
    { type: 'words', text: '', reasoning: 'hm' },
  ])
  expect(data({ choices: [{ delta: {}, finish_reason: 'length' }] })).toEqual([
    { type: 'finished', isCut: true },
  ])
  expect(toTurnEvents({ type: 'data', data: '[DONE]' })).toEqual([{ type: 'done' }])
})

test('the cost is read to the nano, and a senseless one is none', () => {
  const usage = { prompt_tokens: 12, completion_tokens: 34, cost_nano: 2280 }
  expect(data({ choices: [], usage })).toEqual([
    { type: 'used', used: { costNano: '2280', promptTokens: 12, completionTokens: 34 } },
  ])
  expect(data({ choices: [], usage: { cost_nano: -1, prompt_tokens: 'x' } })).toEqual([
    { type: 'used', used: {} },
  ])
})

test('waiting and handing over come as comments', () => {
  expect(toTurnEvents({ type: 'comment', text: 'queued place=3 wait=10' })).toEqual([
    { type: 'queued', place: 3, waitSeconds: 10 },
  ])
  expect(toTurnEvents({ type: 'comment', text: 'pause' })).toEqual([{ type: 'paused' }])
  expect(toTurnEvents({ type: 'comment', text: 'queued place=x' })).toEqual([])
})

test('an error carries its code, and what cannot be read is one', () => {
  expect(data({ error: { code: 'engine_failed', message: 'words of an engine' } })).toEqual([
    { type: 'failed', code: 'engine_failed' },
  ])
  expect(toTurnEvents({ type: 'data', data: '{"choices":' })).toEqual([
    { type: 'failed', code: 'unreadable' },
  ])
})

test('a stream that closes before its end is broken, not ended', () => {
  expect(toTurnEvents({ type: 'closed' })).toEqual([{ type: 'broken' }])
  expect(toTurnEvents({ type: 'broken' })).toEqual([{ type: 'broken' }])
})
