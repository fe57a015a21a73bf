import { expect, test } from 'vitest'
import {
  expectConforms,
  isRefusedByOpenAi,
} from '../../../worker-coordinator/src/openai-api/openai-conformity.ts'
import { FRAMES, USAGE } from '../../../worker-coordinator/src/openai-api/setup-openai-deps.ts'
import { type AnswerFrame, JOB_REASONS } from '../answer.ts'
import { createCompletionWriter } from './to-completion.ts'

const meta = { jobId: 'job_1', model: 'silkworm', createdAtS: 1_790_000_000, includeUsage: false }
const end: AnswerFrame = { type: 'end', finish: 'stop', usage: USAGE, receipts: [] }

function complete(frames: readonly AnswerFrame[]) {
  const texts = frames.map(createCompletionWriter(meta))
  expect(texts.slice(0, -1).join('')).toBe('')
  return JSON.parse(texts.at(-1) ?? '')
}

test('an answer comes whole with the last frame, with its usage and what it cost', () => {
  const body = complete(FRAMES)
  expectConforms('CreateChatCompletionResponse', body)
  expect(body).toEqual({
    id: 'chatcmpl-job_1',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'silkworm',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello "you"\n🐛', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9, cost_nano: 1234 },
  })
})

test('an empty answer is an answer', () => {
  const body = complete([end])
  expectConforms('CreateChatCompletionResponse', body)
  expect(body.choices[0].message.content).toBe('')
})

test('an answer that was stopped ends with stop and keeps its text', () => {
  const body = complete([
    { type: 'delta', text: 'half' },
    { ...end, finish: 'cancelled' },
  ])
  expectConforms('CreateChatCompletionResponse', body)
  expect(body.choices[0]).toMatchObject({ message: { content: 'half' }, finish_reason: 'stop' })
})

test('an answer that broke off keeps its text and says why it is short', () => {
  const body = complete([
    { type: 'delta', text: 'half' },
    { ...end, finish: 'failed', reason: 'runner-lost' },
  ])
  expectConforms('CreateChatCompletionResponse', body)
  expect(body.choices[0]).toMatchObject({ message: { content: 'half' }, finish_reason: 'length' })
  expect(body.sharnaqa).toEqual({ reason: 'runner-lost' })
})

test('an answer that failed before its first word is an error', () => {
  const body = complete([{ type: 'pause' }, { ...end, finish: 'failed', reason: 'timed-out' }])
  expectConforms('ErrorResponse', body)
  expect(body.error.code).toBe('timed_out')
})

test.each(JOB_REASONS)('a refusal by %s is an error', (reason) => {
  expectConforms('ErrorResponse', complete([{ type: 'refused', reason }]))
})

test('thoughts and tool calls are put together from their pieces', () => {
  const body = complete([
    { type: 'delta', text: '', reasoning: 'h' },
    {
      type: 'delta',
      text: '',
      reasoning: 'm',
      toolCalls: [
        { index: 1, id: 'c2', function: { name: 'b', arguments: '{}' } },
        { index: 0, id: 'c1', type: 'function', function: { name: 'a', arguments: '{"x"' } },
      ],
    },
    { type: 'delta', text: '', toolCalls: [{ index: 0, function: { arguments: ':1}' } }, { index: 2 }] },
    { ...end, finish: 'tool_calls' },
  ])
  expectConforms('CreateChatCompletionResponse', body)
  expect(body.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: {
      content: null,
      reasoning_content: 'hm',
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'a', arguments: '{"x":1}' } },
        { id: 'c2', type: 'function', function: { name: 'b', arguments: '{}' } },
      ],
    },
  })
  expect(body.choices[0].message.tool_calls).toHaveLength(2)
})

test('after the end nothing more is written', () => {
  const writer = createCompletionWriter(meta)
  writer(end)
  expect([writer({ type: 'delta', text: 'late' }), writer(end)]).toEqual(['', ''])
})

test('an answer without the required nulls is refused by the schemas', () => {
  const body = complete(FRAMES)
  delete body.choices[0].message.refusal
  expect(() => expectConforms('CreateChatCompletionResponse', body)).toThrow()
  expect(isRefusedByOpenAi('CreateChatCompletionResponse', body)).not.toBe(false)
})
