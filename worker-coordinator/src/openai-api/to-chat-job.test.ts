import { expect, test } from 'vitest'
import { makeJobId } from '../../../protocol/src/ids.ts'
import { parseChatRequest } from '../../../protocol/src/openai/chat-request.ts'
import { parseEmbeddingRequest } from '../../../protocol/src/openai/embeddings.ts'
import { chatParamsSchema } from '../../../protocol/src/runner/chat-params.ts'
import { nameConversation } from './name-conversation.ts'
import { toChatJob } from './to-chat-job.ts'
import { toEmbeddingJob } from './to-embedding-job.ts'

const jobId = makeJobId(1, new Uint8Array(16))
const caller = { accountId: 5, keyId: 9 }
const tool = { type: 'function', function: { name: 'f' } }

function requestOf(fields: object) {
  const parsed = parseChatRequest({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...fields })
  if (!parsed.ok) throw new Error(parsed.fault.message)
  return parsed.request
}
const jobOf = (fields: object) => toChatJob(requestOf(fields), { jobId, caller })

test('the smallest request becomes the smallest job', () => {
  expect(jobOf({})).toEqual({
    kind: 'chat',
    jobId,
    caller,
    model: 'm',
    tier: 'open',
    messages: [{ role: 'user', content: 'Hi' }],
    params: {},
    needs: [],
  })
})

test('every field that tunes an answer reaches the runner', () => {
  const { params } = jobOf({
    max_tokens: 9,
    temperature: 0,
    top_p: 0.5,
    seed: 3,
    stop: 'END',
    frequency_penalty: 1,
    presence_penalty: -1,
    tools: [tool],
    tool_choice: 'required',
    parallel_tool_calls: false,
    response_format: { type: 'json_object' },
  })
  expect(params).toEqual({
    maxTokens: 9,
    temperature: 0,
    topP: 0.5,
    seed: 3,
    stop: ['END'],
    frequencyPenalty: 1,
    presencePenalty: -1,
    tools: [tool],
    toolChoice: 'required',
    parallelToolCalls: false,
    responseFormat: { type: 'json_object' },
  })
  expect(chatParamsSchema.parse(params)).toEqual(params)
})

test('of two bounds for the answer neither is exceeded', () => {
  expect(jobOf({ max_tokens: 5, max_completion_tokens: 9 }).params.maxTokens).toBe(5)
  expect(jobOf({ max_tokens: 9, max_completion_tokens: 5 }).params.maxTokens).toBe(5)
  expect(jobOf({ max_completion_tokens: 7 }).params.maxTokens).toBe(7)
})

test('what asks for nothing needs no special engine', () => {
  const job = jobOf({
    tools: [],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    response_format: { type: 'text' },
    frequency_penalty: 0,
    presence_penalty: 0,
    stop: [],
  })
  expect(job.params).toEqual({})
  expect(job.needs).toEqual([])
})

test.each([
  [{ tools: [tool] }, [{ feature: 'tools', param: 'tools' }]],
  [{ response_format: { type: 'json_object' } }, [{ feature: 'response_format', param: 'response_format' }]],
  [{ frequency_penalty: 1 }, [{ feature: 'penalties', param: 'frequency_penalty' }]],
  [{ presence_penalty: 1 }, [{ feature: 'penalties', param: 'presence_penalty' }]],
  [
    {
      messages: [
        { role: 'user', content: 'x' },
        { role: 'tool', tool_call_id: 'c', content: 'y' },
      ],
    },
    [{ feature: 'tools', param: 'messages[1].role' }],
  ],
  [
    {
      messages: [{ role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '' } }] }],
    },
    [{ feature: 'tools', param: 'messages[0].tool_calls' }],
  ],
])('%j names the field for which it needs an engine', (fields, needs) => {
  expect(jobOf(fields).needs).toEqual(needs)
})

test('the price cap and the idempotency reach both kinds of job', () => {
  const idempotency = { keyHash: 'k', fingerprint: 'f' }
  const chat = toChatJob(requestOf({ max_price: { input: 5 } }), {
    jobId,
    caller,
    idempotency,
    conversation: 'c',
  })
  expect(chat).toMatchObject({ maxPrice: { input: 5n }, idempotency, conversation: 'c' })
  const parsed = parseEmbeddingRequest({ model: 'e', input: ['a', 'b'], dimensions: 64, max_price: '7' })
  if (!parsed.ok) throw new Error(parsed.fault.message)
  expect(toEmbeddingJob(parsed.request, { jobId, caller, idempotency })).toEqual({
    kind: 'embedding',
    jobId,
    caller,
    model: 'e',
    tier: 'open',
    texts: ['a', 'b'],
    dimensions: 64,
    maxPrice: { input: 7n, output: 7n },
    idempotency,
  })
})

test('a tier is asked for as it is, and an answer without a reader goes on for as long as was asked', () => {
  expect(jobOf({ tier: 'own', linger_seconds: 90 })).toMatchObject({ tier: 'own', lingerMs: 90_000 })
  expect(jobOf({ tier: 'confidential', linger_seconds: 0 })).toMatchObject({ tier: 'confidential' })
  expect(jobOf({ tier: null, linger_seconds: 0 })).not.toHaveProperty('lingerMs')
  const parsed = parseEmbeddingRequest({ model: 'e', input: 'a', tier: 'own' })
  if (!parsed.ok) throw new Error(parsed.fault.message)
  expect(toEmbeddingJob(parsed.request, { jobId, caller })).toMatchObject({ tier: 'own' })
})

const hi = { role: 'user', content: 'Hi' }
const more = [hi, { role: 'assistant', content: 'Hello' }, { role: 'user', content: 'And?' }]

test('a conversation keeps its name as it grows', async () => {
  expect(nameConversation(5, requestOf({ messages: more }))).toBe(nameConversation(5, requestOf({})))
})

test('a user or a cache key names the conversation where one is given', async () => {
  const other = [{ role: 'user', content: 'Something else' }]
  for (const mark of [{ user: 'ada' }, { prompt_cache_key: 'k' }]) {
    const name = nameConversation(5, requestOf(mark))
    expect(nameConversation(5, requestOf({ ...mark, messages: other }))).toBe(name)
    expect(nameConversation(5, requestOf({}))).not.toBe(name)
  }
})

test('two accounts never share a conversation, and none tells what was said', async () => {
  const mine = nameConversation(5, requestOf({ user: 'ada' }))
  expect(nameConversation(6, requestOf({ user: 'ada' }))).not.toBe(mine)
  expect(mine).toMatch(/^[0-9a-f]{32}$/)
})
