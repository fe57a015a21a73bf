import { APIError } from 'openai'
import { expect, test } from 'vitest'
import { MODEL, PIECES, PROMPT_TOKENS } from '../../../protocol/src/sealed-client/fake-runner-fixture.ts'
import { setupProxy, until } from './proxy-fixture.ts'

const WHOLE = PIECES.join('')
const question = {
  model: MODEL.id,
  messages: [{ role: 'user' as const, content: 'Where does silk come from?' }],
}
const usage = {
  prompt_tokens: PROMPT_TOKENS,
  completion_tokens: PIECES.length,
  total_tokens: 12,
  cost_nano: 1,
}

test('a chat is answered in one piece, and its headers name the runner and its evidence', async () => {
  const { client, notes, runners } = await setupProxy()
  const { data, response } = await client.chat.completions.create(question).withResponse()
  expect(data.choices[0]).toMatchObject({
    message: { role: 'assistant', content: WHOLE },
    finish_reason: 'stop',
  })
  expect(data).toMatchObject({ object: 'chat.completion', model: MODEL.id, usage })
  const row = runners[0]?.row
  expect(response.headers.get('x-sharnaqa-runner')).toBe(row?.runner_id)
  expect(response.headers.get('x-sharnaqa-evidence')).toBe(row?.evidence_digest)
  expect(response.headers.get('x-sharnaqa-simulated')).toBe('true')
  expect(data.id).toBe(`chatcmpl-${response.headers.get('x-sharnaqa-job')}`)
  expect(notes).toMatchObject([
    {
      model: MODEL.id,
      runnerId: row?.runner_id,
      promptTokens: PROMPT_TOKENS,
      costNano: '1',
      outcome: 'stop',
    },
  ])
})

test('a chat is streamed piece by piece, with its usage where that is asked for', async () => {
  const { client } = await setupProxy()
  const stream = await client.chat.completions.create({
    ...question,
    stream: true,
    stream_options: { include_usage: true },
  })
  const pieces: string[] = []
  let last: unknown
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content) pieces.push(chunk.choices[0].delta.content)
    last = chunk.usage ?? last
  }
  expect(pieces).toEqual(PIECES)
  expect(last).toEqual(usage)
})

test('nothing of what is asked or answered is in what the proxy notes, and the network sees neither', async () => {
  const { client, notes, orders } = await setupProxy()
  await client.chat.completions.create(question)
  for (const seen of [JSON.stringify(notes), JSON.stringify(orders)]) {
    expect(seen).not.toMatch(/silk/i)
    expect(seen).not.toContain('cocoons')
  }
})

test('tools reach the runner, and its calls come back in OpenAI’s shape', async () => {
  const call = {
    index: 0,
    id: 'call_1',
    type: 'function',
    function: { name: 'weather', arguments: '{"at":"Najaf"}' },
  }
  const { client, runners } = await setupProxy({
    runners: [{ row: { features: ['tools'] }, pieces: [{ toolCalls: [call] }] }],
  })
  const tools = [
    {
      type: 'function' as const,
      function: { name: 'weather', parameters: { type: 'object', properties: {} } },
    },
  ]
  const answer = await client.chat.completions.create({ ...question, tools })
  expect(answer.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: { tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: '{"at":"Najaf"}' } }] },
  })
  expect(runners[0]?.opened[0]?.params.tools).toEqual(tools)
})

test('a feature that no runner has is refused by its field, and nothing is sent', async () => {
  const { client, orders } = await setupProxy()
  const asked = client.chat.completions.create({ ...question, frequency_penalty: 1 })
  await expect(asked).rejects.toMatchObject({ status: 400, param: 'frequency_penalty' })
  expect(orders).toEqual([])
})

test('when a runner dies in the middle, another goes on inside the same stream, and no word comes twice', async () => {
  const { client, notes, tier, runners } = await setupProxy({
    runners: [{ diesAfter: 3 }, {}],
    random: () => 0,
  })
  const { data: stream, response } = await client.chat.completions
    .create({ ...question, stream: true })
    .withResponse()
  const pieces: string[] = []
  for await (const chunk of stream) pieces.push(chunk.choices[0]?.delta.content ?? '')
  expect(pieces.join('')).toBe(WHOLE)
  expect(tier).toBe('confidential')
  expect(response.headers.get('x-sharnaqa-runner')).toBe(runners[0]?.row.runner_id)
  expect(notes[0]).toMatchObject({ runnerId: runners[1]?.row.runner_id, outcome: 'stop' })
})

test('a connection that breaks is opened again unseen', async () => {
  const cuts = [3, 4, undefined]
  const { client, orders } = await setupProxy({ attack: { cut: (opening) => cuts[opening] } })
  const answer = await client.chat.completions.create(question)
  expect(answer.choices[0]?.message.content).toBe(WHOLE)
  expect(orders).toHaveLength(3)
})

test.each([
  [false, 'seal_broken'],
  [true, 'seal_broken'],
])('an altered answer is an error and not a short answer (stream: %s)', async (stream, code) => {
  const { client, notes } = await setupProxy({
    attack: {
      frames: (frames) => frames.filter((frame) => frame.type !== 'chunk' || frame.seq !== 3),
    },
  })
  const read = async () => {
    const answer = await client.chat.completions.create({ ...question, stream })
    let text = ''
    if (Symbol.asyncIterator in answer)
      for await (const chunk of answer) text += chunk.choices[0]?.delta.content ?? ''
    return text
  }
  await expect(read()).rejects.toMatchObject({ code, message: expect.stringContaining('chunk-order') })
  expect(notes).toMatchObject([{ outcome: 'seal-broken', fault: 'chunk-order' }])
})

test('an answer that the network stopped is an error: nobody here asked for that', async () => {
  const { client } = await setupProxy({
    attack: {
      frames: (frames) => [
        ...frames.slice(0, 3),
        {
          type: 'end',
          finish: 'cancelled',
          usage: { promptTokens: 0, completionTokens: 0, costNano: '0' },
          receipts: [],
        },
      ],
    },
  })
  await expect(client.chat.completions.create(question)).rejects.toMatchObject({
    status: 502,
    code: 'seal_broken',
  })
})

test.each([
  ['insufficient-funds', 402, 'insufficient_quota'],
  ['unauthorized', 401, 'invalid_api_key'],
  ['rate-limited', 429, 'rate_limit_exceeded'],
  ['a-reason-of-tomorrow', 502, 'a_reason_of_tomorrow'],
] as const)('what the network refuses is an error in OpenAI’s shape: %s', async (reason, status, code) => {
  for (const stream of [false, true]) {
    const { client, notes } = await setupProxy({ attack: { open: () => ({ ok: false, reason }) } })
    const asked = client.chat.completions.create({ ...question, stream })
    await expect(asked).rejects.toBeInstanceOf(APIError)
    await expect(asked).rejects.toMatchObject({ status })
    if (reason !== 'unauthorized') await expect(asked).rejects.toMatchObject({ code })
    expect(notes).toMatchObject([{ outcome: reason, costNano: '0' }])
  }
})

test('how long a full queue wants one to wait is passed on', async () => {
  const open = () => ({ ok: false, reason: 'queue-full', retryAfterSeconds: 6.2 }) as const
  const { client } = await setupProxy({ attack: { open } })
  const asked = client.chat.completions.create(question).catch((error: APIError) => error)
  const error = (await asked) as APIError
  expect({ status: error.status, later: error.headers?.get('retry-after') }).toEqual({
    status: 429,
    later: '7',
  })
})

test('without evidence that passes nothing is sent, and the error says why', async () => {
  const { client, orders } = await setupProxy({ trust: { simulation: 'refused' } })
  await expect(client.chat.completions.create(question)).rejects.toMatchObject({
    status: 503,
    code: 'evidence_refused',
    message: expect.stringContaining('simulation-refused'),
  })
  expect(orders).toEqual([])
})

test('files of a model that were insisted on are not replaced by others', async () => {
  const manifests = new Map([[MODEL.id, 'cd'.repeat(32)]])
  const { client } = await setupProxy({}, { manifests })
  await expect(client.chat.completions.create(question)).rejects.toMatchObject({
    code: 'evidence_refused',
    message: expect.stringContaining('model-manifest'),
  })
})

test('a network that is not there is an error that can be told from any other', async () => {
  const { client } = await setupProxy({ attack: { open: () => ({ ok: false, reason: 'unreachable' }) } })
  await expect(client.chat.completions.create(question)).rejects.toMatchObject({
    status: 502,
    code: 'unreachable',
  })
})

test('who hangs up stops the job', async () => {
  const { client, stopped, notes } = await setupProxy({
    // The stream breaks after two words, over and over: it never ends by itself.
    attack: { cut: () => 4 },
    reopens: 1_000_000,
  })
  const stream = await client.chat.completions.create({ ...question, stream: true })
  let text = ''
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ''
    if (text.length > 5) break
  }
  await until(() => notes.length === 1)
  expect(notes).toMatchObject([{ outcome: 'hung-up' }])
  expect(stopped).toEqual([notes[0]?.jobId])
})

test('a stream does not wait for its runner’s name for ever: then the name comes as a comment', async () => {
  const { url, runners } = await setupProxy({}, { headersWaitMs: 0 })
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ ...question, stream: true }),
  })
  expect(response.headers.get('x-sharnaqa-runner')).toBeNull()
  const text = await response.text()
  expect(text).toContain(`: runner=${runners[0]?.row.runner_id} evidence=`)
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
})
