import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  expectConforms,
  isRefusedByOpenAi,
} from '../../../worker-coordinator/src/openai-api/openai-conformity.ts'
import { FRAMES, USAGE } from '../../../worker-coordinator/src/openai-api/setup-openai-deps.ts'
import { type AnswerFrame, JOB_REASONS } from '../answer.ts'
import type { ChatCompletionChunk } from './chat-completion.ts'
import type { ErrorResponse } from './error-response.ts'
import { createChunkWriter } from './to-chunk.ts'

const meta = { jobId: 'job_1', model: 'silkworm', createdAtS: 1_790_000_000, includeUsage: true }
const end: AnswerFrame = { type: 'end', finish: 'stop', usage: USAGE, receipts: [] }
const delta = (text: string): AnswerFrame => ({ type: 'delta', text })

function write(frames: readonly AnswerFrame[], includeUsage = true): string {
  return frames.map(createChunkWriter({ ...meta, includeUsage })).join('')
}

/** The JSON of each event, `[DONE]` left out; each is checked against both schemas. */
function eventsOf(text: string): (ChatCompletionChunk & Partial<ErrorResponse>)[] {
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: ') && event !== 'data: [DONE]')
    .map((event) => {
      const value = JSON.parse(event.slice('data: '.length))
      expectConforms('error' in value ? 'ErrorResponse' : 'CreateChatCompletionStreamResponse', value)
      return value
    })
}

test('a stream is byte for byte what it was when it was recorded', () => {
  const fixture = readFileSync(join(import.meta.dirname, 'to-chunk.fixture.txt'), 'utf8')
  expect(write(FRAMES)).toBe(fixture)
  expect(eventsOf(fixture)).toHaveLength(4)
})

test('without include_usage no chunk has a usage', () => {
  const text = write(FRAMES, false)
  expect(text).not.toContain('usage')
  expect(eventsOf(text)).toHaveLength(3)
})

test('only the first chunk names the role', () => {
  const roles = eventsOf(write([delta('a'), delta('b'), end])).map((chunk) => chunk.choices[0]?.delta.role)
  expect(roles).toEqual(['assistant', undefined, undefined, undefined])
})

test('an answer without a word still begins with the role and ends with a reason', () => {
  const [first, last] = eventsOf(write([end], false))
  expect(first?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
  expect(last?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' })
})

test('an empty delta writes nothing', () => {
  expect(write([delta('')])).toBe('')
})

test('the contents of the chunks make up the texts of the frames, whatever they are', () => {
  const units = [
    ...'ab"\\\n\r\u2028\u2029\0',
    '🐛',
    '\ud83d',
    '\udc1b',
    'data: [DONE]\n\n',
    'شرنقة',
    '</script>',
  ]
  let seed = 1
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  for (let round = 0; round < 200; round++) {
    const texts = Array.from({ length: random(8) }, () =>
      Array.from({ length: random(6) }, () => units[random(units.length)]).join(''),
    )
    const chunks = eventsOf(write([...texts.map(delta), end]))
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(texts.join(''))
  }
})

test('thoughts and tool calls come in their own members', () => {
  const chunks = eventsOf(
    write([
      { type: 'delta', text: '', reasoning: 'hm' },
      { type: 'delta', text: 'so', reasoning: '!' },
      {
        type: 'delta',
        text: '',
        toolCalls: [
          { index: 0, id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"a' } },
        ],
      },
      { type: 'delta', text: '', toolCalls: [{ index: 0, function: { arguments: '":1}' } }] },
      { ...end, finish: 'tool_calls' },
    ]),
  )
  expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
    { role: 'assistant', content: null, reasoning_content: 'hm' },
    { content: 'so', reasoning_content: '!' },
    {
      tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"a' } }],
    },
    { tool_calls: [{ index: 0, function: { arguments: '":1}' } }] },
    {},
    undefined,
  ])
  expect(chunks[4]?.choices[0]?.finish_reason).toBe('tool_calls')
})

test('what an engine calls a tool call and is none never reaches the caller', () => {
  const toolCalls = [
    null,
    'call',
    [],
    { index: -1 },
    { index: 'one' },
    { index: 1e9 },
    { index: 0.5, function: { name: 'x' } },
    { index: 1, id: 5, type: 'shell', function: { name: {}, arguments: { a: 1 } }, path: '/etc' },
  ]
  const [chunk] = eventsOf(write([{ type: 'delta', text: '', toolCalls }]))
  expect(chunk?.choices[0]?.delta.tool_calls).toEqual([{ index: 1, function: { arguments: '' } }])
})

test.each([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool_calls'],
  ['content_filter', 'content_filter'],
  ['cancelled', 'stop'],
] as const)('an answer that ended by %s ends with %s', (finish, reason) => {
  const chunks = eventsOf(write([delta('a'), { ...end, finish }], false))
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(reason)
})

test('an answer that failed keeps its text, says what it cost, then tells the error', () => {
  const text = write([delta('half'), { ...end, finish: 'failed', reason: 'runner-lost' }])
  const [first, usage, error] = eventsOf(text)
  expect(first?.choices[0]?.delta.content).toBe('half')
  expect(usage).toMatchObject({ choices: [], usage: { cost_nano: 1234 } })
  expect(error?.error).toMatchObject({ type: 'server_error', code: 'runner_lost' })
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
})

test.each(JOB_REASONS)('a refusal by %s is one error and the end of the stream', (reason) => {
  const text = write([{ type: 'refused', reason }])
  expect(eventsOf(text)).toHaveLength(1)
  expect(text.endsWith('\n\ndata: [DONE]\n\n')).toBe(true)
})

test('a field that a runner names is passed on only where it is a field', () => {
  const refuse = (param: string) =>
    eventsOf(write([{ type: 'refused', reason: 'unsupported', param }]))[0]?.error
  expect(refuse('tools')?.param).toBe('tools')
  expect(refuse('messages[3].tool_calls')?.param).toBe('messages[3].tool_calls')
  expect(refuse('CUDA out of memory at /opt/llama')?.param).toBe(null)
  expect(refuse('constructor')?.param).toBe(null)
})

test('after the end nothing more is written', () => {
  const writer = createChunkWriter(meta)
  writer(end)
  expect([writer(delta('late')), writer(end), writer({ type: 'refused', reason: 'timed-out' })]).toEqual([
    '',
    '',
    '',
  ])
})

test('the largest cost is written to the last digit', () => {
  const usage = { promptTokens: 0, completionTokens: 0, costNano: '9007199254740991' }
  expect(write([{ ...end, usage }])).toContain('"cost_nano":9007199254740991}')
})

test('a model name cannot break out of its string', () => {
  const model = 'a","b":"\n\ndata: x'
  const text = createChunkWriter({ ...meta, model })(delta('x'))
  expect(eventsOf(text)[0]?.model).toBe(model)
})

test('a chunk without its finish reason is refused by the schemas', () => {
  const broken = {
    id: 'x',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: {} }],
  }
  expect(() => expectConforms('CreateChatCompletionStreamResponse', broken)).toThrow()
  expect(isRefusedByOpenAi('CreateChatCompletionStreamResponse', broken)).not.toBe(false)
})
