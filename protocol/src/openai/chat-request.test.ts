import { expect, test } from 'vitest'
import { MESSAGES_MAX } from './chat-messages.ts'
import { parseChatRequest } from './chat-request.ts'
import { DEPTH_MAX } from './request-fields.ts'

const hello = { role: 'user', content: 'Hello' }
const base = { model: 'silkworm', messages: [hello] }

function read(fields: object) {
  const parsed = parseChatRequest(JSON.parse(JSON.stringify({ ...base, ...fields })))
  if (!parsed.ok) throw new Error(`${parsed.fault.param}: ${parsed.fault.message}`)
  return parsed.request
}

function faultOf(body: unknown) {
  const parsed = parseChatRequest(body)
  if (parsed.ok) throw new Error('the request was taken')
  return parsed.fault
}

/** A body from JSON text, for numbers that JavaScript cannot write. */
function faultOfText(fields: string) {
  return faultOf(JSON.parse(`{"model":"m","messages":[{"role":"user","content":"x"}],${fields}}`))
}

const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'd',
    parameters: { type: 'object', properties: {} },
    strict: true,
  },
}

test.each<[string, object]>([
  ['one text', {}],
  [
    'every tuning field',
    { temperature: 2, top_p: 0, seed: -1, frequency_penalty: -2, presence_penalty: 2, n: 1 },
  ],
  ['the two names of the longest answer', { max_tokens: 1, max_completion_tokens: 9 }],
  ['stop as a text', { stop: 'END' }],
  ['stop as four texts', { stop: ['a', 'b', 'c', 'd'] }],
  [
    'a stream with usage',
    { stream: true, stream_options: { include_usage: true, include_obfuscation: false } },
  ],
  [
    'fields without effect here',
    {
      user: 'u',
      metadata: { a: 'b' },
      store: true,
      service_tier: 'auto',
      reasoning_effort: 'low',
      verbosity: 'low',
      prompt_cache_key: 'k',
      safety_identifier: 's',
      prompt_cache_retention: '24h',
    },
  ],
  [
    'unsupported fields that ask for nothing',
    {
      logprobs: false,
      top_logprobs: 0,
      logit_bias: {},
      modalities: ['text'],
      functions: null,
      audio: null,
    },
  ],
  [
    'null in every optional field',
    {
      stream: null,
      stream_options: null,
      max_tokens: null,
      max_completion_tokens: null,
      temperature: null,
      top_p: null,
      frequency_penalty: null,
      presence_penalty: null,
      seed: null,
      stop: null,
      n: null,
      user: null,
      tools: null,
      tool_choice: null,
      parallel_tool_calls: null,
      response_format: null,
      max_price: null,
      metadata: null,
      store: null,
      service_tier: null,
      reasoning_effort: null,
      logprobs: null,
      top_logprobs: null,
      logit_bias: null,
      prediction: null,
      prompt_cache_options: null,
    },
  ],
  ['tools', { tools: [weather], tool_choice: { type: 'function', function: { name: 'weather' } } }],
  ['an empty list of tools', { tools: [], tool_choice: 'auto' }],
  ['an answer as JSON', { response_format: { type: 'json_object' } }],
  [
    'an answer by a JSON schema',
    {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'r', strict: true, schema: { type: 'object' } },
      },
    },
  ],
])('takes %s', (_, fields) => {
  expect(() => read(fields)).not.toThrow()
})

test('reads messages into plain text and plain roles', () => {
  const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }
  const { messages } = read({
    messages: [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        name: 'Ada',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [call], refusal: null, annotations: [], audio: null },
      { role: 'tool', tool_call_id: 'c1', content: '21 C' },
      { role: 'assistant', content: null, refusal: 'No.' },
      { role: 'assistant', content: 'ok', tool_calls: null, reasoning_content: 'hm', function_call: null },
    ],
  })
  expect(messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', name: 'Ada', content: 'a\nb' },
    { role: 'assistant', content: '', toolCalls: [call] },
    { role: 'tool', toolCallId: 'c1', content: '21 C' },
    { role: 'assistant', content: 'No.' },
    { role: 'assistant', content: 'ok' },
  ])
})

test('passes tools, the choice and the form of the answer on as they came', () => {
  const response_format = { type: 'json_schema', json_schema: { name: 'r', schema: { a: [1] }, extra: 1 } }
  const tool_choice = { type: 'function', function: { name: 'weather' } }
  const request = read({ tools: [weather], tool_choice, response_format })
  expect(request.tools).toEqual([weather])
  expect(request.tool_choice).toEqual(tool_choice)
  expect(request.response_format).toEqual(response_format)
})

test('reads a price cap for both sides, for one side, as number and as digits', () => {
  expect(read({ max_price: 5 }).max_price).toEqual({ input: 5n, output: 5n })
  expect(read({ max_price: '9007199254740991' }).max_price).toEqual({
    input: 9_007_199_254_740_991n,
    output: 9_007_199_254_740_991n,
  })
  expect(read({ max_price: { output: '7' } }).max_price).toEqual({ output: 7n })
  expect(read({ max_price: { input: 0, output: null } }).max_price).toEqual({ input: 0n })
  expect(read({ max_price: {} }).max_price).toEqual({})
})

test('reads a tier and how long an answer goes on without a reader', () => {
  expect(read({ tier: 'own', linger_seconds: 120 })).toMatchObject({ tier: 'own', linger_seconds: 120 })
  expect(read({ tier: 'confidential' }).tier).toBe('confidential')
  expect(read({ tier: null, linger_seconds: null })).toMatchObject({
    tier: undefined,
    linger_seconds: undefined,
  })
})

const text = (...messages: unknown[]) => ({ messages })
const user = (content: unknown) => text({ role: 'user', content })

test.each<[object, string, string]>([
  [{ model: undefined }, 'model', 'missing_required_parameter'],
  [{ model: 7 }, 'model', 'invalid_type'],
  [{ model: null }, 'model', 'invalid_type'],
  [{ model: '' }, 'model', 'string_below_min_length'],
  [{ model: 'm'.repeat(257) }, 'model', 'string_above_max_length'],
  [{ messages: undefined }, 'messages', 'missing_required_parameter'],
  [{ messages: 'hi' }, 'messages', 'invalid_type'],
  [text(), 'messages', 'array_below_min_length'],
  [text('hi'), 'messages[0]', 'invalid_type'],
  [text(hello, { content: 'x' }), 'messages[1].role', 'missing_required_parameter'],
  [text(hello, { role: 'function', content: 'x' }), 'messages[1].role', 'invalid_value'],
  [text(hello, { role: 7, content: 'x' }), 'messages[1].role', 'invalid_value'],
  [text({ role: 'user' }), 'messages[0].content', 'missing_required_parameter'],
  [user(null), 'messages[0].content', 'invalid_type'],
  [user(7), 'messages[0].content', 'invalid_type'],
  [user({}), 'messages[0].content', 'invalid_type'],
  [user([]), 'messages[0].content', 'empty_array'],
  [user(Array(2_001).fill({ type: 'text', text: 'x' })), 'messages[0].content', 'array_above_max_length'],
  [user(['x']), 'messages[0].content[0]', 'invalid_type'],
  [user([{ text: 'x' }]), 'messages[0].content[0].type', 'missing_required_parameter'],
  [user([{ type: 'dance' }]), 'messages[0].content[0].type', 'invalid_value'],
  [user([{ type: 'text' }]), 'messages[0].content[0].text', 'missing_required_parameter'],
  [user([{ type: 'text', text: 1 }]), 'messages[0].content[0].text', 'invalid_type'],
  [user([{ type: 'refusal', refusal: 'x' }]), 'messages[0].content[0].text', 'missing_required_parameter'],
  [
    user([
      { type: 'text', text: 'a' },
      { type: 'image_url', image_url: { url: 'x' } },
    ]),
    'messages[0].content',
    'unsupported_value',
  ],
  [user([{ type: 'input_audio', input_audio: {} }]), 'messages[0].content', 'unsupported_value'],
  [user([{ type: 'file', file: {} }]), 'messages[0].content', 'unsupported_value'],
  [text({ role: 'user', name: 3, content: 'x' }), 'messages[0].name', 'invalid_type'],
  [text({ role: 'assistant' }), 'messages[0].content', 'missing_required_parameter'],
  [text({ role: 'assistant', content: null, tool_calls: [] }), 'messages[0].content', 'invalid_type'],
  [
    text({ role: 'assistant', content: null, tool_calls: [{}] }),
    'messages[0].tool_calls[0].id',
    'missing_required_parameter',
  ],
  [
    text({ role: 'assistant', content: 'x', function_call: { name: 'f' } }),
    'messages[0].function_call',
    'unsupported_parameter',
  ],
  [
    text({ role: 'assistant', content: 'x', audio: { id: 'a' } }),
    'messages[0].audio',
    'unsupported_parameter',
  ],
  [text({ role: 'tool', content: 'x' }), 'messages[0].tool_call_id', 'missing_required_parameter'],
  [{ stream: 'yes' }, 'stream', 'invalid_type'],
  [{ stream_options: { include_usage: true } }, 'stream_options', 'invalid_value'],
  [{ stream: true, stream_options: { include_usage: 1 } }, 'stream_options.include_usage', 'invalid_type'],
  [{ stream: true, stream_options: { usage: true } }, 'stream_options.usage', 'unknown_parameter'],
  [{ max_tokens: 0 }, 'max_tokens', 'integer_below_min_value'],
  [{ max_tokens: -5 }, 'max_tokens', 'integer_below_min_value'],
  [{ max_tokens: 1.5 }, 'max_tokens', 'invalid_type'],
  [{ max_tokens: '10' }, 'max_tokens', 'invalid_type'],
  [{ max_completion_tokens: 2 ** 60 }, 'max_completion_tokens', 'integer_above_max_value'],
  [{ temperature: 'warm' }, 'temperature', 'invalid_type'],
  [{ temperature: 2.1 }, 'temperature', 'decimal_above_max_value'],
  [{ temperature: -0.1 }, 'temperature', 'decimal_below_min_value'],
  [{ temperature: Number.NaN }, 'temperature', 'invalid_type'],
  [{ top_p: 1.5 }, 'top_p', 'decimal_above_max_value'],
  [{ frequency_penalty: -3 }, 'frequency_penalty', 'decimal_below_min_value'],
  [{ presence_penalty: [] }, 'presence_penalty', 'invalid_type'],
  [{ seed: 0.5 }, 'seed', 'invalid_type'],
  [{ stop: 5 }, 'stop', 'invalid_type'],
  [{ stop: '' }, 'stop', 'string_below_min_length'],
  [{ stop: ['a', 5] }, 'stop[1]', 'invalid_type'],
  [{ stop: ['a', ''] }, 'stop[1]', 'string_below_min_length'],
  [{ stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', 'array_above_max_length'],
  [{ n: 2 }, 'n', 'unsupported_value'],
  [{ n: 0 }, 'n', 'unsupported_value'],
  [{ n: 'one' }, 'n', 'invalid_type'],
  [{ user: 5 }, 'user', 'invalid_type'],
  [{ user: 'u'.repeat(513) }, 'user', 'string_above_max_length'],
  [{ metadata: { a: 1 } }, 'metadata.a', 'invalid_type'],
  [{ store: 'no' }, 'store', 'invalid_type'],
  [{ logprobs: true }, 'logprobs', 'unsupported_parameter'],
  [{ top_logprobs: 5 }, 'top_logprobs', 'unsupported_parameter'],
  [{ logit_bias: { 50256: -100 } }, 'logit_bias', 'unsupported_parameter'],
  [{ modalities: ['text', 'audio'] }, 'modalities', 'unsupported_parameter'],
  [{ functions: [] }, 'functions', 'unsupported_parameter'],
  [{ function_call: 'auto' }, 'function_call', 'unsupported_parameter'],
  [{ audio: { voice: 'x' } }, 'audio', 'unsupported_parameter'],
  [{ prediction: { type: 'content' } }, 'prediction', 'unsupported_parameter'],
  [{ web_search_options: {} }, 'web_search_options', 'unsupported_parameter'],
  [{ moderation: {} }, 'moderation', 'unsupported_parameter'],
  [{ tools: {} }, 'tools', 'invalid_type'],
  [{ tools: [{ type: 'custom', function: { name: 'x' } }] }, 'tools[0].type', 'unsupported_value'],
  [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name', 'missing_required_parameter'],
  [{ tools: Array(129).fill(weather) }, 'tools', 'array_above_max_length'],
  [{ tool_choice: 'required' }, 'tool_choice', 'invalid_value'],
  [{ tools: [weather], tool_choice: 'sometimes' }, 'tool_choice', 'invalid_value'],
  [
    { tools: [weather], tool_choice: { type: 'function' } },
    'tool_choice.function',
    'missing_required_parameter',
  ],
  [{ parallel_tool_calls: 'x' }, 'parallel_tool_calls', 'invalid_type'],
  [{ response_format: 'json' }, 'response_format', 'invalid_type'],
  [{ response_format: { type: 'xml' } }, 'response_format.type', 'invalid_value'],
  [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema', 'missing_required_parameter'],
  [{ max_price: -1 }, 'max_price', 'integer_below_min_value'],
  [{ max_price: 1.5 }, 'max_price', 'invalid_type'],
  [{ max_price: '1e3' }, 'max_price', 'invalid_type'],
  [{ max_price: true }, 'max_price', 'invalid_type'],
  [{ max_price: [] }, 'max_price', 'invalid_type'],
  [{ max_price: { input: '-7' } }, 'max_price.input', 'integer_below_min_value'],
  [{ max_price: { output: {} } }, 'max_price.output', 'invalid_type'],
  [{ max_price: { inptu: 1 } }, 'max_price.inptu', 'unknown_parameter'],
  [{ tier: 'private' }, 'tier', 'invalid_value'],
  [{ tier: ['own'] }, 'tier', 'invalid_value'],
  [{ linger_seconds: 121 }, 'linger_seconds', 'integer_above_max_value'],
  [{ linger_seconds: -1 }, 'linger_seconds', 'integer_below_min_value'],
  [{ linger_seconds: 1.5 }, 'linger_seconds', 'invalid_type'],
  [{ temprature: 1 }, 'temprature', 'unknown_parameter'],
  [{ temperature: 9, banana: 1 }, 'banana', 'unknown_parameter'],
])('%j is refused and names %s', (fields, param, code) => {
  const fault = faultOf({ ...base, ...fields })
  expect(fault).toMatchObject({ param, code })
  expect(fault.message).toContain(param)
})

test.each([null, [], 'text', 7, true])('a body that is %j is refused as a whole', (body) => {
  expect(faultOf(body)).toMatchObject({ reason: 'invalid-request', param: null, code: 'invalid_type' })
})

test('numbers too large for JSON are refused by their range', () => {
  expect(faultOfText('"temperature":1e999')).toMatchObject({
    param: 'temperature',
    code: 'decimal_above_max_value',
  })
  expect(faultOfText('"top_p":-1e999')).toMatchObject({ param: 'top_p', code: 'decimal_below_min_value' })
  expect(faultOfText('"max_tokens":1e999')).toMatchObject({ param: 'max_tokens' })
  expect(faultOfText('"seed":1e999')).toMatchObject({ param: 'seed' })
  expect(faultOfText('"max_price":1e999')).toMatchObject({ param: 'max_price' })
  expect(faultOfText('"seed":123456789012345678901')).toMatchObject({
    param: 'seed',
    code: 'integer_above_max_value',
  })
})

test('names that mean something to JavaScript are fields like any other', () => {
  expect(faultOfText('"__proto__":{"temperature":1}')).toMatchObject({
    param: '__proto__',
    code: 'unknown_parameter',
  })
  expect(faultOfText('"constructor":1')).toMatchObject({ param: 'constructor', code: 'unknown_parameter' })
})

test('a hundred thousand messages cost one look at their number', () => {
  expect(faultOf({ model: 'm', messages: Array(100_000).fill({}) })).toMatchObject({
    param: 'messages',
    code: 'array_above_max_length',
    message: `Invalid 'messages': array above maximum length. Expected an array with length <= ${MESSAGES_MAX}.`,
  })
  const most = parseChatRequest({ model: 'm', messages: Array(MESSAGES_MAX).fill(hello) })
  expect(most.ok).toBe(true)
})

test('what is passed on to an engine nests no deeper than its bound', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)
  const tool = (levels: number) => ({ type: 'function', function: { name: 'f', parameters: nested(levels) } })
  expect(faultOf({ ...base, tools: [tool(100_000)] })).toMatchObject({
    param: 'tools[0]',
    code: 'invalid_value',
  })
  expect(parseChatRequest({ ...base, tools: [tool(DEPTH_MAX - 2)] }).ok).toBe(true)
  expect(parseChatRequest({ ...base, tools: [tool(DEPTH_MAX)] }).ok).toBe(false)
  const response_format = { type: 'json_schema', json_schema: { name: 'x', schema: nested(100_000) } }
  expect(faultOf({ ...base, response_format })).toMatchObject({ param: 'response_format' })
})

test('no fault repeats what a field held', () => {
  const secret = 'SECRET-WORDS'
  for (const fields of [
    { temperature: secret },
    { messages: secret },
    { stop: { secret } },
    { max_price: secret },
    user([{ type: secret }]),
    text({ role: secret, content: secret }),
    { tool_choice: secret, tools: [weather] },
  ]) {
    expect(JSON.stringify(faultOf({ ...base, ...fields }))).not.toContain(secret)
  }
})
