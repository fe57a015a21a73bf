import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { getRequestListener } from '@hono/node-server'
import { APICallError, embedMany, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'
import type { AnswerFrame } from '../../../protocol/src/answer.ts'
import type { ChatJob } from '../jobs/chat-job.ts'
import type { OpenAiDeps } from './openai-deps.ts'
import { createOpenAiApi } from './openai-route.ts'
import { FRAMES, KEY, MINILM, setupDeps, USAGE, writeAnswer } from './setup-openai-deps.ts'

const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** The API on a free loopback port, with each client pointed at it. */
async function setup(overrides: Partial<OpenAiDeps> = {}, apiKey = KEY) {
  const { deps, seen } = setupDeps(overrides)
  const server = createServer(getRequestListener(createOpenAiApi(deps).fetch))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const openai = new OpenAI({ baseURL, apiKey, maxRetries: 0 })
  const sharnaqa = createOpenAICompatible({ name: 'sharnaqa', baseURL, apiKey, includeUsage: true })
  return { openai, sharnaqa, seen }
}

const messages = [{ role: 'user' as const, content: 'Hi' }]
const chat = { model: 'silkworm', messages }

function answering(frames: readonly AnswerFrame[]): Partial<OpenAiDeps> {
  return { runChatJob: async (_, format) => ({ ok: true, body: writeAnswer(frames, format) }) }
}

/** Answers each job with the next list of frames, and keeps the jobs. */
function answeringInTurn(
  answers: readonly (readonly AnswerFrame[])[],
  asked: ChatJob[],
): Partial<OpenAiDeps> {
  return {
    runChatJob: async (job, format) => {
      const frames = answers[asked.push(job) - 1] ?? []
      return { ok: true, body: writeAnswer(frames, format) }
    },
  }
}

const CALLS: readonly AnswerFrame[] = [
  {
    type: 'delta',
    text: '',
    reasoning: 'The weather, then.',
    toolCalls: [
      { index: 0, id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":' } },
    ],
  },
  { type: 'delta', text: '', toolCalls: [{ index: 0, function: { arguments: '"Aden"}' } }] },
  { type: 'end', finish: 'tool_calls', usage: USAGE, receipts: [] },
]
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const

test('the openai package gets an answer in one piece, with its cost and request id', async () => {
  const { openai, seen } = await setup()
  const answer = await openai.chat.completions.create({ ...chat, temperature: 0, seed: 1, user: 'ada' })
  expect(answer.choices[0]?.message.content).toBe('Hello "you"\n🐛')
  expect(answer.usage).toEqual({ prompt_tokens: 7, completion_tokens: 2, total_tokens: 9, cost_nano: 1234 })
  expect(answer._request_id).toMatch(/^req_/)
  expect(seen.chats[0]?.messages).toEqual(messages)
})

test('the openai package streams the answer and its usage', async () => {
  const { openai } = await setup()
  const stream = await openai.chat.completions.create({
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  })
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hello "you"\n🐛')
  expect(chunks.at(-1)?.usage?.total_tokens).toBe(9)
})

test('the openai package’s own collector puts a stream together', async () => {
  const { openai } = await setup(answering(CALLS))
  const tools = [{ type: 'function' as const, function: { name: 'weather', parameters } }]
  const stream = openai.chat.completions.stream({ ...chat, tools, stream_options: { include_usage: true } })
  const answer = await stream.finalChatCompletion()
  expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({
    id: 'c1',
    function: { name: 'weather', arguments: '{"city":"Aden"}' },
  })
})

test('the openai package sees the error of a stream that broke, after the text before it', async () => {
  const { openai } = await setup(
    answering([
      { type: 'delta', text: 'half' },
      { type: 'end', finish: 'failed', reason: 'runner-lost', usage: USAGE, receipts: [] },
    ]),
  )
  const stream = await openai.chat.completions.create({ ...chat, stream: true })
  let text = ''
  const read = async () => {
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  }
  await expect(read()).rejects.toMatchObject({ code: 'runner_lost', type: 'server_error' })
  expect(text).toBe('half')
})

test('the openai package gets embeddings, by default as base64', async () => {
  const { openai, seen } = await setup()
  const answer = await openai.embeddings.create({ model: MINILM.id, input: ['a', 'b'] })
  expect(answer.data.map(({ embedding }) => embedding.map(Math.fround))).toEqual(
    [
      [0.1, -2, 0],
      [0.1, -2, 1],
    ].map((numbers) => numbers.map(Math.fround)),
  )
  const floats = await openai.embeddings.create({ model: MINILM.id, input: 'a', encoding_format: 'float' })
  expect(floats.data[0]?.embedding).toHaveLength(3)
  expect(seen.embeddings.map(({ texts }) => texts)).toEqual([['a', 'b'], ['a']])
})

test('the openai package lists the models and finds one with a slash in its name', async () => {
  const { openai } = await setup()
  const ids = []
  for await (const model of openai.models.list()) ids.push(model.id)
  expect(ids).toEqual(['silkworm', MINILM.id])
  expect((await openai.models.retrieve(MINILM.id)).id).toBe(MINILM.id)
})

test('each refusal is the error class that the openai package has for it', async () => {
  const refused = async (overrides: Partial<OpenAiDeps>, key = KEY) => {
    const { openai } = await setup(overrides, key)
    return openai.chat.completions.create(chat).catch((error: unknown) => error)
  }
  const byReason = (
    reason: 'unknown-model' | 'no-runner' | 'queue-full' | 'unsupported' | 'idempotency-mismatch',
  ) => refused({ runChatJob: async () => ({ ok: false, reason, param: 'tools' }) })
  expect(await refused({}, 'wrong')).toBeInstanceOf(OpenAI.AuthenticationError)
  expect(await byReason('unknown-model')).toBeInstanceOf(OpenAI.NotFoundError)
  expect(await byReason('no-runner')).toBeInstanceOf(OpenAI.InternalServerError)
  expect(await byReason('queue-full')).toBeInstanceOf(OpenAI.RateLimitError)
  expect(await byReason('idempotency-mismatch')).toBeInstanceOf(OpenAI.ConflictError)
  const unsupported = await byReason('unsupported')
  expect(unsupported).toBeInstanceOf(OpenAI.BadRequestError)
  expect(unsupported).toMatchObject({ param: 'tools', code: 'unsupported_parameter' })
  expect(
    await refused({ runChatJob: async () => ({ ok: false, reason: 'insufficient-funds' }) }),
  ).toMatchObject({
    status: 402,
    code: 'insufficient_quota',
  })
})

test('a spent key limit is asked for once, however often the client would retry', async () => {
  let asked = 0
  const { openai } = await setup({
    runChatJob: async () => {
      asked++
      return { ok: false, reason: 'key-limit-reached' }
    },
  })
  const retrying = openai.withOptions({ maxRetries: 3 })
  await expect(retrying.chat.completions.create(chat)).rejects.toBeInstanceOf(OpenAI.RateLimitError)
  expect(asked).toBe(1)
})

test('the ai package gets an answer in one piece, and its price cap reaches the job', async () => {
  const { sharnaqa, seen } = await setup()
  const answer = await generateText({
    model: sharnaqa('silkworm'),
    system: 'Be brief.',
    prompt: 'Hi',
    maxOutputTokens: 50,
    stopSequences: ['END'],
    providerOptions: { sharnaqa: { max_price: { output: 90_000_000 }, user: 'ada' } },
  })
  expect(answer.text).toBe('Hello "you"\n🐛')
  expect(answer.usage).toMatchObject({ inputTokens: 7, outputTokens: 2 })
  expect(seen.chats[0]).toMatchObject({
    messages: [{ role: 'system' }, { role: 'user' }],
    params: { maxTokens: 50, stop: ['END'] },
    maxPrice: { output: 90_000_000n },
  })
})

test('the ai package streams text, thoughts and usage', async () => {
  const { sharnaqa } = await setup(
    answering([{ type: 'delta', text: '', reasoning: 'A greeting.' }, ...FRAMES.slice(1)]),
  )
  const stream = streamText({ model: sharnaqa('silkworm'), messages })
  let text = ''
  for await (const delta of stream.textStream) text += delta
  expect(text).toBe('Hello "you"\n🐛')
  expect(await stream.reasoningText).toBe('A greeting.')
  expect(await stream.finishReason).toBe('stop')
  expect((await stream.totalUsage).totalTokens).toBe(9)
})

test('the ai package calls a tool, streamed and not, and sends its result back', async () => {
  for (const run of [generateText, streamText]) {
    const asked: ChatJob[] = []
    const { sharnaqa } = await setup(answeringInTurn([CALLS, FRAMES], asked))
    const weather = tool({
      description: 'Weather',
      inputSchema: jsonSchema<{ city: string }>(parameters),
      execute: async ({ city }: { city: string }) => `31 C in ${city}`,
    })
    const answer = await run({
      model: sharnaqa('silkworm'),
      messages,
      tools: { weather },
      stopWhen: stepCountIs(2),
    })
    expect(await answer.text).toBe('Hello "you"\n🐛')
    const [first, second] = asked
    expect(first?.needs).toEqual([{ feature: 'tools', param: 'tools' }])
    expect(second?.messages.slice(1)).toMatchObject([
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1' }] },
      { role: 'tool', toolCallId: 'c1', content: '31 C in Aden' },
    ])
  }
})

test('the ai package gets embeddings of many texts', async () => {
  const { sharnaqa } = await setup()
  const { embeddings, usage } = await embedMany({
    model: sharnaqa.embeddingModel(MINILM.id),
    values: ['a', 'b'],
  })
  expect(embeddings).toHaveLength(2)
  expect(usage.tokens).toBe(7)
})

test('the ai package tells the sentence of a refusal', async () => {
  const { sharnaqa } = await setup({ runChatJob: async () => ({ ok: false, reason: 'unknown-model' }) })
  const failed = generateText({ model: sharnaqa('gpt-4o'), messages, maxRetries: 0 })
  await expect(failed).rejects.toBeInstanceOf(APICallError)
  await expect(failed).rejects.toThrow('There is no model of this name')
})
