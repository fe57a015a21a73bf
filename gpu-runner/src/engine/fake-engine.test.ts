import { describe, expect, test } from 'vitest'
import { ask, collect, embedAll } from '../../test/collect.ts'
import { createFakeClock, settle } from '../../test/fake-clock.ts'
import { FACTS } from '../../test/scripted-engine.ts'
import type { ChatEnd } from './engine.ts'
import { createFakeEngine, type FakeOptions } from './fake-engine.ts'

const OK: FakeOptions = { mode: 'ok', after: 0, tokensPerSecond: 0, tokens: 12, firstTokenMs: 0 }

function setupFake(options: Partial<FakeOptions> = {}) {
  const clock = createFakeClock()
  const exits: number[] = []
  const engine = createFakeEngine({ clock, exit: (code) => exits.push(code) }, FACTS, { ...OK, ...options })
  return { clock, exits, engine }
}

test('two runners give the same answer to a prompt, and another to another', async () => {
  const first = await ask(setupFake().engine, 'one')
  expect((await ask(setupFake().engine, 'one')).text).toBe(first.text)
  expect((await ask(setupFake().engine, 'two')).text).not.toBe(first.text)
})

test('it goes on at any token', async () => {
  const { engine } = setupFake()
  const whole = await ask(engine, 'one')
  for (let cut = 0; cut <= whole.pieces.length; cut++) {
    const before = whole.pieces.slice(0, cut)
    const text = before.map((piece) => piece.text).join('')
    const delivered = { text, tokens: cut, tokenIds: before.flatMap((piece) => [...(piece.tokenIds ?? [])]) }
    expect(text + (await ask(engine, 'one', {}, delivered)).text).toBe(whole.text)
  }
})

test('maxTokens cuts it', async () => {
  expect(await ask(setupFake().engine, 'one', { maxTokens: 5 })).toMatchObject({
    tokens: 5,
    end: { finish: 'length' },
  })
})

describe('faults come after the tokens that were asked for', () => {
  test('hang: nothing more until it is cancelled', async () => {
    const { engine } = setupFake({ mode: 'hang', after: 3 })
    const controller = new AbortController()
    const request = { messages: [{ role: 'user' as const, content: 'x' }], params: { maxTokens: 50 } }
    const answer = engine.chat(request, controller.signal)
    for (let i = 0; i < 3; i++) expect((await answer.next()).done).toBe(false)
    const next = answer.next()
    await settle()
    controller.abort()
    expect((await next).value).toMatchObject({ finish: 'cancelled', usage: { completionTokens: 3 } })
  })

  test('die: the process ends', async () => {
    const { engine, exits } = setupFake({ mode: 'die', after: 2 })
    await ask(engine, 'x')
    expect(exits[0]).toBe(1)
  })

  test('fail: a reason word', async () => {
    const { pieces, end } = await ask(setupFake({ mode: 'fail', after: 4 }).engine, 'x')
    expect(pieces).toHaveLength(4)
    expect(end).toEqual({ ok: false, reason: 'engine-failed' })
  })

  test('wrong usage: more tokens than were shown', async () => {
    const { tokens, end } = await ask(setupFake({ mode: 'wrong-usage' }).engine, 'x')
    expect(end.ok && end.usage.completionTokens).toBeGreaterThan(tokens)
  })

  test('rubbish: pieces that no schema lets through', async () => {
    const { pieces } = await ask(setupFake({ mode: 'rubbish', after: 1 }).engine, 'x')
    expect(pieces.some(({ tokens }) => tokens < 0)).toBe(true)
  })

  test('slow first token, then the set speed', async () => {
    const { clock, engine } = setupFake({
      mode: 'slow-first',
      firstTokenMs: 5000,
      tokensPerSecond: 10,
      tokens: 3,
    })
    let end: ChatEnd | undefined
    const request = { messages: [{ role: 'user' as const, content: 'x' }], params: { maxTokens: 50 } }
    void collect(engine.chat(request, new AbortController().signal)).then((all) => {
      end = all.end
    })
    await clock.advance(5299)
    expect(end).toBeUndefined()
    await clock.advance(1)
    expect(end).toMatchObject({ finish: 'stop' })
  })
})

test('embeddings are the same for the same text, at unit length', async () => {
  const { vectors } = await embedAll(setupFake().engine, ['a', 'a', 'b'], 8)
  expect(vectors[0]).toBe(vectors[1])
  expect(vectors[0]).not.toBe(vectors[2])
  expect((await embedAll(setupFake().engine, ['a'], 5000)).end).toMatchObject({ param: 'dimensions' })
})
