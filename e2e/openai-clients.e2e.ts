import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { embedMany, generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { fromBase64Url } from '../protocol/src/canonical-json.ts'
import { runnerIdOf } from '../protocol/src/ids.ts'
import { findReceiptFault } from '../protocol/src/receipt.ts'
import { readAudit, readBalance, readJobRecord, setupNetwork } from './setup-network.ts'

const { client, started } = await setupNetwork()
const { api, apiKey } = started
const messages = [{ role: 'user' as const, content: 'What is Sharnaqa?' }]
const provider = createOpenAICompatible({ name: 'sharnaqa', baseURL: api, apiKey, includeUsage: true })

test('the openai package streams an answer of whole sentences and its cost', async () => {
  const stream = await client.chat.completions.create({
    model: 'silkworm',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  })
  let text = ''
  let finish: string | null | undefined
  let usage: OpenAI.CompletionUsage | null | undefined
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ''
    finish = chunk.choices[0]?.finish_reason ?? finish
    usage = chunk.usage ?? usage
  }
  expect(text).toMatch(/^Sharnaqa is .+\.$/)
  expect(finish).toBe('stop')
  expect(usage).toMatchObject({ cost_nano: expect.any(Number), total_tokens: expect.any(Number) })
})
test('the openai package gets the same answer in one piece, with the headers of its job', async () => {
  const { data, response } = await client.chat.completions
    .create({ model: 'silkworm', messages })
    .withResponse()
  expect(data.choices[0]?.message.content).toMatch(/^Sharnaqa is .+\.$/)
  expect(response.headers.get('x-ratelimit-remaining-requests')).toMatch(/^\d+$/)
  const job = await readJobRecord(api, apiKey, response.headers.get('x-sharnaqa-job') ?? '')
  expect(job).toMatchObject({ state: 'done', completion_tokens: data.usage?.completion_tokens })
  const [receipt] = job.receipts
  if (!receipt) throw new Error('the job has no receipt')
  const publicKey = fromBase64Url(job.runner_keys[receipt.runnerId] ?? '') ?? new Uint8Array()
  const facts = { jobId: receipt.jobId, attempt: 0, runnerId: receipt.runnerId, publicKey }
  expect(await findReceiptFault(receipt, facts)).toBeUndefined()
  expect(await runnerIdOf(publicKey)).toBe(receipt.runnerId)
})
test('a seed gives the same words again, and a stop word ends them', async () => {
  const ask = (seed: number, stop?: string) =>
    client.chat.completions.create({
      model: 'silkworm',
      messages: [{ role: 'user', content: 'Tell me a joke' }],
      temperature: 1.4,
      seed,
      ...(stop ? { stop } : {}),
    })
  const [first, again] = [await ask(7), await ask(7)]
  expect(first.choices[0]?.message.content).toBe(again.choices[0]?.message.content)
  const word = first.choices[0]?.message.content?.split(' ')[3] ?? ''
  const stopped = await ask(7, word)
  expect(stopped.choices[0]?.message.content).not.toContain(word)
  const short = await client.chat.completions.create({ model: 'silkworm', messages, max_tokens: 3 })
  expect(short.choices[0]?.finish_reason).toBe('length')
  expect(short.usage?.completion_tokens).toBe(3)
})
test('embeddings come as base64 by default and as floats when asked, with the number of dimensions asked', async () => {
  const input = ['A moth flew to the lamp.', 'An insect flew to the light.', 'The invoice is due on Friday.']
  const { data, usage } = await client.embeddings.create({ model: 'all-minilm-l6-v2', input })
  const [a = [], b = [], c = []] = data.map(({ embedding }) => embedding)
  expect(a).toHaveLength(384)
  expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.2)
  expect(usage).toMatchObject({ prompt_tokens: expect.any(Number), cost_nano: expect.any(Number) })
  const cut = await client.embeddings.create({
    model: 'all-minilm-l6-v2',
    input: 'x',
    dimensions: 8,
    encoding_format: 'float',
  })
  expect(cut.data[0]?.embedding).toHaveLength(8)
})
test('the models are listed and found by name', async () => {
  const ids = (await client.models.list()).data.map(({ id }) => id)
  expect(ids.toSorted()).toEqual(['all-minilm-l6-v2', 'silkworm'])
  expect(await client.models.retrieve('silkworm')).toMatchObject({ id: 'silkworm', object: 'model' })
})
test("the ai package streams, answers and embeds through OpenAI's protocol", async () => {
  const { textStream } = streamText({ model: provider('silkworm'), messages })
  let text = ''
  for await (const piece of textStream) text += piece
  expect(text).toMatch(/^Sharnaqa is .+\.$/)
  const { text: whole, usage } = await generateText({ model: provider('silkworm'), prompt: 'Hello' })
  expect(whole.length).toBeGreaterThan(3)
  expect(usage.outputTokens).toBeGreaterThan(0)
  const { embeddings } = await embedMany({
    model: provider.embeddingModel('all-minilm-l6-v2'),
    values: ['one', 'two'],
  })
  expect(embeddings.map(({ length }) => length)).toEqual([384, 384])
})
test('whatever is wrong is refused by name, and nothing is charged', async () => {
  const before = await readBalance(api, apiKey)
  const ask = (body: object) =>
    client.chat.completions.create({ model: 'silkworm', messages, ...body } as never)
  const long = [{ role: 'user', content: 'silk '.repeat(3_000) }]
  await expect(ask({ model: 'nobody/has-this' })).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  await expect(ask({ model: 'all-minilm-l6-v2' })).rejects.toMatchObject({ status: 400, param: 'model' })
  await expect(ask({ messages: long })).rejects.toMatchObject({
    status: 400,
    code: 'context_length_exceeded',
  })
  await expect(ask({ temperature: 3 })).rejects.toMatchObject({ status: 400, param: 'temperature' })
  await expect(ask({ max_tokens: -1 })).rejects.toMatchObject({ status: 400, param: 'max_tokens' })
  await expect(ask({ n: 2 })).rejects.toMatchObject({ status: 400, param: 'n' })
  const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }]
  await expect(ask({ tools })).rejects.toMatchObject({ status: 400, param: 'tools' })
  await expect(ask({ max_price: 1 })).rejects.toMatchObject({ status: 400, param: 'max_price' })
  const huge = [{ role: 'user', content: 'x'.repeat(5_000_000) }]
  await expect(ask({ messages: huge })).rejects.toMatchObject({ status: 413 })
  const many = Array.from({ length: 100_000 }, () => ({ role: 'user', content: '' }))
  await expect(ask({ messages: many })).rejects.toMatchObject({ status: expect.toBeOneOf([400, 413]) })
  const stranger = new OpenAI({ baseURL: api, apiKey: `sk-shq-${'A'.repeat(43)}`, maxRetries: 0 })
  await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
  expect(await readBalance(api, apiKey)).toEqual(before)
  expect(await readAudit(api, apiKey)).toMatchObject({ ok: true })
})
test('an Idempotency-Key gives the same job again, and with another body it is refused', async () => {
  const headers = { 'Idempotency-Key': 'order-1' }
  const before = await readBalance(api, apiKey)
  const first = await client.chat.completions.create({ model: 'silkworm', messages }, { headers })
  const between = await readBalance(api, apiKey)
  const again = await client.chat.completions.create({ model: 'silkworm', messages }, { headers })
  expect(again.choices[0]?.message.content).toBe(first.choices[0]?.message.content)
  expect(await readBalance(api, apiKey)).toEqual(between)
  expect(between).not.toEqual(before)
  const other = [{ role: 'user' as const, content: 'Something else' }]
  await expect(
    client.chat.completions.create({ model: 'silkworm', messages: other }, { headers }),
  ).rejects.toMatchObject({
    code: 'idempotency_mismatch',
  })
})
function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
  return dot / (Math.hypot(...a) * Math.hypot(...b))
}
