import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, collect } from '../../test/collect.ts'
import { BUNDLED_MODELS } from '../models/find-model.ts'
import { readModelFolder } from '../models/model-folder.ts'
import type { Engine } from './engine.ts'
import { openOnnxEngine } from './onnx-engine.ts'

let silkworm: Engine

beforeAll(async () => {
  const model = await readModelFolder(`${BUNDLED_MODELS}/silkworm`)
  if (!model.ok) throw new Error(model.sentence)
  silkworm = await openOnnxEngine(model, { device: 'auto', slots: 4, threads: 1 })
})
afterAll(() => silkworm.close())

const QUESTIONS = [
  'What is Sharnaqa?',
  'ما هي شرنقة؟',
  'Что такое Sharnaqa?',
  'Tell me a joke',
  'What is the capital of France?',
]

describe('silkworm', () => {
  test('answers in whole sentences and counts what it did', async () => {
    const { text, tokens, end } = await ask(silkworm, 'What is Sharnaqa?')
    expect(text).toMatch(/^Sharnaqa is an open AI network inside Telegram\..*\.$/)
    expect(end).toEqual({ ok: true, finish: 'stop', usage: { promptTokens: 12, completionTokens: tokens } })
  })

  test('answers Arabic in unbroken Arabic', async () => {
    const { pieces, text } = await ask(silkworm, 'ما هي شرنقة؟')
    expect(text).toMatch(/^شرنقة شبكة/)
    for (const piece of pieces) expect(piece.text).not.toContain('\uFFFD')
  })

  test('remembers the conversation', async () => {
    const messages = [
      { role: 'user' as const, content: 'My name is Layla.' },
      { role: 'assistant' as const, content: 'Nice to meet you, Layla.' },
      { role: 'user' as const, content: 'What is my name?' },
    ]
    const answer = silkworm.chat({ messages, params: { maxTokens: 60 } }, new AbortController().signal)
    expect((await collect(answer)).text).toContain('Layla')
  })

  test.each(QUESTIONS)(
    'goes on after a cut at any token as if nothing had happened: %s',
    async (question) => {
      const whole = await ask(silkworm, question)
      const promptTokens = whole.end.ok ? whole.end.usage.promptTokens : 0
      for (let cut = 0; cut <= whole.pieces.length; cut++) {
        const before = whole.pieces.slice(0, cut)
        const text = before.map((piece) => piece.text).join('')
        const tokenIds = before.flatMap((piece) => [...(piece.tokenIds ?? [])])
        const rest = await ask(silkworm, question, {}, { text, tokens: tokenIds.length, tokenIds })
        expect([...tokenIds, ...rest.tokenIds]).toEqual(whole.tokenIds)
        expect(text + rest.text).toBe(whole.text)
        expect(rest.end).toMatchObject({
          finish: 'stop',
          usage: { promptTokens, completionTokens: whole.tokens - tokenIds.length },
        })
      }
    },
    60_000,
  )

  test('goes on after text whose ids nobody knows', async () => {
    const whole = await ask(silkworm, 'What is Sharnaqa?')
    const text = whole.text.slice(0, whole.text.indexOf(' inside'))
    const rest = await ask(silkworm, 'What is Sharnaqa?', {}, { text, tokens: 9, tokenIds: [] })
    expect(text + rest.text).toBe(whole.text)
  })

  test('does not trust ids that say another text', async () => {
    const whole = await ask(silkworm, 'What is Sharnaqa?')
    const text = whole.text.slice(0, whole.text.indexOf(' inside'))
    const delivered = { text, tokens: 3, tokenIds: [5, 6, 7] }
    expect(text + (await ask(silkworm, 'What is Sharnaqa?', {}, delivered)).text).toBe(whole.text)
  })

  test('goes on with the very draws it would have had', async () => {
    const params = { temperature: 0.9, topP: 0.95, seed: 11, presencePenalty: 0.4 }
    const whole = await ask(silkworm, 'Tell me a story about a fox.', { ...params, maxTokens: 60 })
    const before = whole.pieces.slice(0, 25)
    const text = before.map((piece) => piece.text).join('')
    const tokenIds = before.flatMap((piece) => [...(piece.tokenIds ?? [])])
    const delivered = { text, tokens: tokenIds.length, tokenIds }
    const rest = await ask(silkworm, 'Tell me a story about a fox.', { ...params, maxTokens: 60 }, delivered)
    expect(text + rest.text).toBe(whole.text)
  })
})

describe('parameters', () => {
  const story = 'Tell me a story about a fox.'

  test('the same seed gives the same answer, another seed another', async () => {
    const first = await ask(silkworm, story, { temperature: 1, seed: 1, maxTokens: 40 })
    const again = await ask(silkworm, story, { temperature: 1, seed: 1, maxTokens: 40 })
    const other = await ask(silkworm, story, { temperature: 1, seed: 2, maxTokens: 40 })
    expect(again.text).toBe(first.text)
    expect(other.text).not.toBe(first.text)
  })

  test('maxTokens ends the answer, and counts what was delivered before', async () => {
    const ten = await ask(silkworm, story, { maxTokens: 10 })
    expect(ten).toMatchObject({ tokens: 10, end: { finish: 'length', usage: { completionTokens: 10 } } })
    const delivered = { text: ten.text, tokens: 10, tokenIds: [...ten.tokenIds] }
    expect(await ask(silkworm, story, { maxTokens: 14 }, delivered)).toMatchObject({ tokens: 4 })
    expect(await ask(silkworm, story, { maxTokens: 10 }, delivered)).toMatchObject({
      tokens: 0,
      end: { finish: 'length', usage: { completionTokens: 0 } },
    })
  })

  test('a stop string ends the answer before itself', async () => {
    const whole = await ask(silkworm, 'What is Sharnaqa?')
    const { text, tokens, end } = await ask(silkworm, 'What is Sharnaqa?', {
      stop: ['zzz', 'e AI net', 'Telegram'],
    })
    expect(text).toBe(whole.text.slice(0, whole.text.indexOf('Telegram')))
    expect(end).toMatchObject({ finish: 'stop', usage: { completionTokens: tokens } })
  })

  test('what the model cannot do is refused by its name', async () => {
    const tools = await ask(silkworm, story, { tools: [{ type: 'function' }] })
    expect(tools.end).toEqual({ ok: false, reason: 'unsupported', param: 'tools' })
    const format = await ask(silkworm, story, { responseFormat: { type: 'json_object' } })
    expect(format.end).toEqual({ ok: false, reason: 'unsupported', param: 'response_format' })
    const plain = await ask(silkworm, 'Hi', { responseFormat: { type: 'text' }, tools: [] })
    expect(plain.end.ok).toBe(true)
  })
})

describe('the context', () => {
  test('a prompt that fills it is refused', async () => {
    const { end } = await ask(silkworm, 'silk '.repeat(1100))
    expect(end).toEqual({ ok: false, reason: 'context-length-exceeded' })
  })

  test('a long prompt, fed in parts, leaves room for exactly the rest', async () => {
    const { end, tokens } = await ask(silkworm, `${'a b c d e f g h '.repeat(62)} Tell me a story.`, {
      maxTokens: 1000,
      stop: [],
      temperature: 2,
      seed: 4,
    })
    if (!end.ok) throw new Error(end.reason)
    expect(end.usage.promptTokens + tokens).toBeLessThanOrEqual(1024)
    expect(end.usage.promptTokens).toBeGreaterThan(480)
  })
})

describe('stopping and sharing', () => {
  test('an aborted answer ends between two tokens and keeps what it has', async () => {
    const controller = new AbortController()
    const request = {
      messages: [{ role: 'user' as const, content: 'Tell me a story.' }],
      params: { maxTokens: 300 },
    }
    const answer = silkworm.chat(request, controller.signal)
    await answer.next()
    await answer.next()
    controller.abort()
    const rest = await collect(answer)
    expect(rest.pieces).toEqual([])
    expect(rest.end).toMatchObject({ finish: 'cancelled', usage: { completionTokens: 2 } })
  })

  test('four answers at once are the four answers alone', async () => {
    const alone = []
    for (const question of QUESTIONS.slice(0, 4)) alone.push((await ask(silkworm, question)).text)
    const together = await Promise.all(QUESTIONS.slice(0, 4).map((question) => ask(silkworm, question)))
    expect(together.map(({ text }) => text)).toEqual(alone)
  })

  test('an answer that nobody reads to its end leaves the engine usable', async () => {
    for await (const piece of silkworm.chat(
      { messages: [{ role: 'user', content: 'Tell me a story.' }], params: { maxTokens: 300 } },
      new AbortController().signal,
    )) {
      if (piece.tokens > 0) break
    }
    expect((await ask(silkworm, 'What is Sharnaqa?')).end.ok).toBe(true)
  })

  test('it does no embeddings', async () => {
    const answer = silkworm.embed({ texts: ['x'] }, new AbortController().signal)
    expect((await answer.next()).value).toEqual({ ok: false, reason: 'unsupported', param: 'model' })
  })
})
