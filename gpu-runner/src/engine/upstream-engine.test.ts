import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ask, collect, embedAll } from '../../test/collect.ts'
import { openLocalServer } from '../../test/local-server.ts'
import type { Engine } from './engine.ts'
import { openUpstreamEngine, parametersInName, publicName, type UpstreamOptions } from './upstream-engine.ts'
import { encodeVector } from './vectors.ts'

type Chat = (body: Record<string, unknown>, response: ServerResponse) => void

const VLLM_MODELS = { object: 'list', data: [{ id: 'Qwen/Qwen2.5-7B-Instruct', max_model_len: 8192 }] }
const OPTIONS = {
  kind: 'chat',
  parameters: 0,
  features: ['tools', 'response_format', 'penalties'],
  slots: 8,
} as const

/** A server that lists models and answers chats as the test says. */
async function setupUpstream(
  chat: Chat,
  models: unknown = VLLM_MODELS,
  options: Partial<UpstreamOptions> = {},
) {
  const bodies: Record<string, unknown>[] = []
  const server = await openLocalServer((request, response, text) => {
    if (request.url === '/v1/models') return void response.end(JSON.stringify(models))
    const body: Record<string, unknown> = JSON.parse(text)
    bodies.push(body)
    chat(body, response)
  })
  const opened = await openUpstreamEngine({ ...OPTIONS, baseUrl: `${server.url}/v1/`, ...options })
  if (!opened.ok) throw new Error(opened.sentence)
  return { engine: opened.engine, bodies, server }
}

async function openSentence(models: unknown, options: Partial<UpstreamOptions> = {}, status = 200) {
  const server = await openLocalServer(
    (_, response) => void response.writeHead(status).end(JSON.stringify(models)),
  )
  const opened = await openUpstreamEngine({ ...OPTIONS, baseUrl: server.url, ...options })
  return opened.ok ? 'opened' : opened.sentence
}

const chunk = (delta: unknown, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
const usageChunk = (prompt: number, completion: number) =>
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion } })}\n\n`
const DONE = 'data: [DONE]\n\n'

function streamOf(...parts: string[]): Chat {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const part of parts) response.write(part)
    response.end()
  }
}

function refuse(status: number, body: unknown): Chat {
  return (_, response) => void response.writeHead(status).end(JSON.stringify(body))
}

describe('a vLLM-like server', () => {
  const answer = streamOf(
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'Silk ' }),
    chunk({ content: 'حرير' }),
    chunk({}, 'stop'),
    usageChunk(20, 3),
    DONE,
  )

  test('is read to its end, and its usage is believed', async () => {
    const { engine } = await setupUpstream(answer)
    const { text, tokens, end } = await ask(engine, 'What is silk?')
    expect(text).toBe('Silk حرير')
    expect(end).toEqual({ ok: true, finish: 'stop', usage: { promptTokens: 20, completionTokens: 3 } })
    expect(tokens).toBe(3)
  })

  test('says its context and its name', async () => {
    const { engine } = await setupUpstream(answer)
    expect(engine.facts).toMatchObject({
      model: 'Qwen/Qwen2.5-7B-Instruct',
      contextTokens: 8192,
      parameters: 7_000_000_000,
      engine: 'upstream',
      manifestDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test('gets every parameter in OpenAI’s words, and the key', async () => {
    const { engine, bodies, server } = await setupUpstream(answer, VLLM_MODELS, { apiKey: 'k-1' })
    await ask(engine, 'Hi', {
      maxTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      seed: 4,
      stop: ['END'],
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      tools: [{ type: 'function', function: { name: 'f' } }],
      toolChoice: 'auto',
      parallelToolCalls: false,
      responseFormat: { type: 'json_object' },
    })
    expect(bodies[0]).toEqual({
      model: 'Qwen/Qwen2.5-7B-Instruct',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      seed: 4,
      stop: ['END'],
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      tools: [{ type: 'function', function: { name: 'f' } }],
      tool_choice: 'auto',
      parallel_tool_calls: false,
      response_format: { type: 'json_object' },
    })
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer k-1')
  })

  test('goes on behind what was delivered, and pays for that only once', async () => {
    const { engine, bodies } = await setupUpstream(answer)
    const { end } = await ask(engine, 'Hi', { maxTokens: 50 }, { text: 'Silk is', tokens: 4, tokenIds: [] })
    expect(bodies[0]).toMatchObject({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Silk is' },
      ],
      continue_final_message: true,
      add_generation_prompt: false,
      max_tokens: 46,
    })
    expect(end).toMatchObject({ usage: { promptTokens: 16, completionTokens: 3 } })
  })

  test('is not asked where nothing may be said any more', async () => {
    const { engine, bodies } = await setupUpstream(answer)
    const { end } = await ask(engine, 'Hi', { maxTokens: 4 }, { text: 'Silk is', tokens: 4, tokenIds: [] })
    expect(end).toMatchObject({ finish: 'length', usage: { completionTokens: 0 } })
    expect(bodies).toHaveLength(0)
  })

  test('streams tool calls as they are', async () => {
    const first = [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }]
    const second = [{ index: 0, function: { arguments: '{"a":1}' } }]
    const { engine } = await setupUpstream(
      streamOf(chunk({ tool_calls: first }), chunk({ tool_calls: second }), chunk({}, 'tool_calls'), DONE),
    )
    const { pieces, end } = await ask(engine, 'Hi')
    expect(pieces.map(({ toolCalls }) => toolCalls)).toEqual([first, second])
    expect(end).toMatchObject({ finish: 'tool_calls' })
  })

  test('thoughts are counted, and shown apart from the answer', async () => {
    const { engine } = await setupUpstream(
      streamOf(
        chunk({ reasoning_content: 'Hmm' }),
        chunk({ reasoning: 'so' }),
        chunk({ content: 'Yes' }),
        chunk({}, 'stop'),
        usageChunk(5, 9),
        DONE,
      ),
    )
    const { pieces, text, tokens, end } = await ask(engine, 'Hi')
    expect(text).toBe('Yes')
    expect(pieces.map(({ reasoning }) => reasoning)).toEqual(['Hmm', 'so', undefined, undefined])
    expect(tokens).toBe(9)
    expect(end).toMatchObject({ usage: { completionTokens: 9 } })
  })

  test('an answer longer than allowed is cut, and the server is hung up on', async () => {
    let closed = false
    const { engine } = await setupUpstream((_, response) => {
      response.on('close', () => {
        closed = true
      })
      for (let i = 0; i < 10; i++) response.write(chunk({ content: `${i}` }))
    })
    const { text, end } = await ask(engine, 'Hi', { maxTokens: 6 })
    expect(text).toBe('012345')
    expect(end).toMatchObject({ finish: 'length', usage: { completionTokens: 6 } })
    await expect.poll(() => closed).toBe(true)
  })

  test('an answer of exactly the allowed length still hears the usage', async () => {
    const { engine } = await setupUpstream(
      streamOf(
        chunk({ content: 'a' }),
        chunk({ content: 'b' }),
        chunk({}, 'length'),
        usageChunk(20, 2),
        DONE,
      ),
    )
    const { text, end } = await ask(engine, 'Hi', { maxTokens: 2 })
    expect(text).toBe('ab')
    expect(end).toEqual({ ok: true, finish: 'length', usage: { promptTokens: 20, completionTokens: 2 } })
  })

  test('usage beyond what was allowed is not charged', async () => {
    const { engine } = await setupUpstream(
      streamOf(chunk({ content: 'a' }), chunk({}, 'stop'), usageChunk(20, 99), DONE),
    )
    const { tokens, end } = await ask(engine, 'Hi', { maxTokens: 5 })
    expect(tokens).toBe(5)
    expect(end).toMatchObject({ usage: { completionTokens: 5 } })
  })

  test('prompt and answer that do not fit together: it may choose the length', async () => {
    const message =
      "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (20 in the messages, 8980 in the completion)."
    const { engine, bodies } = await setupUpstream((body, response) =>
      body.max_tokens === undefined
        ? answer(body, response)
        : refuse(400, { object: 'error', message, code: 400 })(body, response),
    )
    expect((await ask(engine, 'Hi', { maxTokens: 8980 })).text).toBe('Silk حرير')
    expect(bodies).toHaveLength(2)
  })
})

describe('a llama.cpp-like server', () => {
  const models = { data: [{ id: 'silkworm', meta: { n_ctx_train: 1024, n_params: 4_000_000 } }] }

  test('says its size in meta; without usage, chunks are counted', async () => {
    const { engine } = await setupUpstream(
      streamOf(
        chunk({ role: 'assistant', content: null }),
        chunk({ content: 'a' }),
        chunk({ content: 'b' }),
        chunk({}, 'length'),
        DONE,
      ),
      models,
    )
    expect(engine.facts).toMatchObject({ contextTokens: 1024, parameters: 4_000_000 })
    const { end } = await ask(engine, 'x'.repeat(40))
    expect(end).toEqual({ ok: true, finish: 'length', usage: { promptTokens: 10, completionTokens: 2 } })
  })

  test('a prompt that does not fit is told so, in one word', async () => {
    const error = {
      code: 400,
      message: 'the request exceeds the available context size',
      type: 'exceed_context_size_error',
    }
    const { engine } = await setupUpstream(refuse(400, { error }), models)
    expect((await ask(engine, 'Hi')).end).toEqual({ ok: false, reason: 'context-length-exceeded' })
  })

  test('tools without --jinja are unsupported', async () => {
    const error = { code: 500, message: 'tools param requires --jinja flag', type: 'invalid_request_error' }
    const { engine } = await setupUpstream(refuse(500, { error }), models)
    expect((await ask(engine, 'Hi', { tools: [{}] })).end).toEqual({
      ok: false,
      reason: 'unsupported',
      param: 'tools',
    })
  })
})

describe('an Ollama-like server', () => {
  const models = {
    object: 'list',
    data: [{ id: 'llama3.2:3b', object: 'model', owned_by: 'library' }, { id: 'qwen3:8b' }],
  }

  test('serves the model that is named, with an assumed context that the note names', async () => {
    const { engine } = await setupUpstream(streamOf(chunk({ content: 'ok' }, 'stop'), DONE), models, {
      upstreamModel: 'llama3.2:3b',
    })
    expect(engine.facts).toMatchObject({
      model: 'llama3.2:3b',
      contextTokens: 4096,
      parameters: 3_000_000_000,
    })
    expect(engine.facts.note).toContain('4096 tokens assumed')
    expect((await ask(engine, 'Hi')).text).toBe('ok')
  })

  test('with several models asks which', async () => {
    expect(await openSentence(models)).toContain('one of: llama3.2:3b, qwen3:8b')
    expect(await openSentence(models, { upstreamModel: 'no' })).toContain('no model "no"')
  })

  test('a model without tools is unsupported', async () => {
    const error = { message: 'registry.ollama.ai/library/gemma:2b does not support tools' }
    const { engine } = await setupUpstream(refuse(400, { error }), models, { upstreamModel: 'qwen3:8b' })
    expect((await ask(engine, 'Hi', { tools: [{}] })).end).toMatchObject({
      reason: 'unsupported',
      param: 'tools',
    })
  })
})

describe('when the server fails', () => {
  const secret = 'internal-host.example prompt: Hi'
  test.each<[string, Chat]>([
    ['an error status', refuse(500, { error: { message: secret } })],
    ['a bad key', refuse(401, { error: { message: secret } })],
    ['another bad request', refuse(400, { error: { message: secret } })],
    [
      'an error in the stream',
      streamOf(chunk({ content: 'a' }), `data: ${JSON.stringify({ error: { message: secret } })}\n\n`),
    ],
    [
      'an error event of older llama.cpp',
      streamOf(chunk({ content: 'a' }), `error: {"message":"${secret}"}\n\n`),
    ],
    ['a stream cut before its finish', streamOf(chunk({ content: 'a' }))],
    ['what is no JSON', streamOf('data: <html>\n\n')],
    ['what is no chunk', streamOf('data: {"choices":"none"}\n\n')],
    ['a broken connection', (_, response) => void response.socket?.destroy()],
  ])('with %s, only the reason word is passed on', async (_, chat) => {
    const { engine } = await setupUpstream(chat)
    const { end } = await ask(engine, 'Hi')
    expect(end).toEqual({ ok: false, reason: 'upstream-failed' })
  })

  test('a line that breaks after the finish costs nothing', async () => {
    const { engine } = await setupUpstream((_, response) => {
      response.write(chunk({ content: 'all said' }, 'stop'), () => response.socket?.destroy())
    })
    const { text, end } = await ask(engine, 'Hi')
    expect({ text, end }).toMatchObject({ text: 'all said', end: { ok: true, finish: 'stop' } })
  })

  test('a stream without [DONE] ends with its finish', async () => {
    const { engine } = await setupUpstream(streamOf(chunk({ content: 'x' }), chunk({}, 'stop')))
    expect((await ask(engine, 'Hi')).end).toMatchObject({ ok: true, finish: 'stop' })
  })

  test('a cancelled answer ends as cancelled, and the server is hung up on', async () => {
    let closed = false
    const { engine } = await setupUpstream((_, response) => {
      response.on('close', () => {
        closed = true
      })
      response.write(chunk({ content: 'a' }))
    })
    const controller = new AbortController()
    const request = { messages: [{ role: 'user' as const, content: 'Hi' }], params: { maxTokens: 50 } }
    const answer = engine.chat(request, controller.signal)
    await answer.next()
    controller.abort()
    expect((await collect(answer)).end).toMatchObject({ ok: true, finish: 'cancelled' })
    await expect.poll(() => closed).toBe(true)
  })

  test('opening says what to do', async () => {
    expect(await openSentence({}, {}, 401)).toContain('--upstream-key')
    expect(await openSentence({}, {}, 503)).toContain('503')
    expect(await openSentence({ hello: 1 })).toContain('No OpenAI-compatible server')
    expect(await openSentence({ data: [] })).toContain('none there')
  })
})

describe('embeddings', () => {
  const models = { data: [{ id: 'bge-small' }] }
  const vector = (text: string) => [text.length, 3, 4]
  const openEmbedding = async (
    form: 'base64' | 'float',
    spoil: (data: unknown[]) => unknown[] = (data) => data,
  ) => {
    const chat: Chat = (body, response) => {
      const texts = body.input as string[]
      const data = texts.map((text, index) => ({
        index,
        embedding: form === 'base64' ? encodeVector(vector(text)) : vector(text),
      }))
      response.end(JSON.stringify({ data: spoil(data), usage: { prompt_tokens: texts.length * 2 } }))
    }
    return (await setupUpstream(chat, models, { kind: 'embedding' })).engine
  }
  const expected = ['a', 'bb', 'ccc'].map((text) => encodeVector(vector(text)))

  test.each(['base64', 'float'] as const)('as %s', async (form) => {
    const engine = await openEmbedding(form)
    expect(engine.facts).toMatchObject({ kind: 'embedding', dimensions: 3, features: [] })
    const { vectors, end } = await embedAll(engine, ['a', 'bb', 'ccc'])
    expect(vectors).toEqual(expected)
    expect(end).toMatchObject({ usage: { promptTokens: 6, completionTokens: 0 } })
  })

  test('in any order', async () => {
    const engine = await openEmbedding('float', (data) => data.toReversed())
    expect((await embedAll(engine, ['a', 'bb', 'ccc'])).vectors).toEqual(expected)
  })

  test('one too few is a failure, not a shift', async () => {
    const engine = await openEmbedding('float', (data) => (data.length > 1 ? data.slice(1) : data))
    expect((await embedAll(engine, ['a', 'bb', 'ccc'])).end).toEqual({ ok: false, reason: 'upstream-failed' })
  })

  test('fewer dimensions are cut here; more are refused', async () => {
    const engine: Engine = await openEmbedding('float')
    expect((await embedAll(engine, ['a'], 2)).vectors[0]).toHaveLength(12)
    expect((await embedAll(engine, ['a'], 4)).end).toMatchObject({
      reason: 'unsupported',
      param: 'dimensions',
    })
  })
})

test('names say how large a model is, or do not', () => {
  expect(parametersInName('llama3.2:3b')).toBe(3_000_000_000)
  expect(parametersInName('Qwen2.5-0.5B-Instruct')).toBe(500_000_000)
  expect(parametersInName('SmolLM2-135M')).toBe(135_000_000)
  expect(parametersInName('gpt-4')).toBe(0)
})

test('a model that its server names by a path gets the file’s name', () => {
  expect(publicName('/home/me/models/silkworm-q8_0.gguf')).toBe('silkworm-q8_0')
  expect(publicName('C:\\models\\tiny.gguf')).toBe('tiny')
  expect(publicName('Qwen/Qwen2.5-7B-Instruct')).toBe('Qwen/Qwen2.5-7B-Instruct')
})
