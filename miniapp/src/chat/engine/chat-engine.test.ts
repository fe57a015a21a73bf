import { expect, test } from 'vitest'
import { makeAnswer, makeConversation, makeTalk } from '../chat-fixture.ts'
import type { ChatBody } from '../conversation.ts'
import type { ChatStore } from '../store/chat-store.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { fakeStream, settle, setupTurnDeps } from '../turn/turn-fixture.ts'
import { type ChatEngineDeps, createChatEngine } from './chat-engine.ts'
import { KEEP_EVERY_MS } from './live-turns.ts'

const chosen = { choice: { model: 'silkworm', tier: 'open' }, contextTokens: 4096 } as const

/** An engine on a store, with streams that the test writes, one for each time that it is asked. */
function setupEngine(overrides: Partial<ChatEngineDeps> = {}) {
  const streams: ReturnType<typeof fakeStream>[] = []
  const asked: { body: ChatBody; key: string }[] = []
  const clock = { nowMs: 1_000_000 }
  let ids = 0
  const deps: ChatEngineDeps = {
    ...setupTurnDeps({
      open: async (body, key) => {
        asked.push({ body, key })
        const stream = fakeStream(`job_${asked.length}`)
        streams.push(stream)
        return stream.reply()
      },
      stopJob: async () => true,
    }),
    store: createMemoryStore(),
    nowMs: () => clock.nowMs,
    newId: () => `id-${++ids}`,
    ...overrides,
  }
  return { engine: createChatEngine(deps), streams, asked, clock, store: deps.store }
}

test('a question begins a conversation, and its answer is kept with its cost', async () => {
  const { engine, streams, store } = setupEngine()
  await engine.begun
  const id = engine.ask({ ...chosen, conversation: undefined, text: 'What is silk?' })
  await settle()
  expect(engine.view(id).live?.state.phase).toBe('asking')
  streams[0]?.say('Silk shines.')
  await settle()
  expect(engine.view(id).live?.turn.text).toBe('Silk shines.')
  expect(engine.isWriting()).toBe(true)
  streams[0]?.end({ costNano: 7 })
  await settle()
  expect(engine.view(id)).toMatchObject({ live: undefined })
  expect(engine.isWriting()).toBe(false)
  expect(engine.library().conversations).toMatchObject([{ id, title: 'What is silk?' }])
  expect(await store.readTurns()).toEqual([])
  expect(await store.readMessages(id)).toMatchObject([
    { from: 'person', text: 'What is silk?' },
    { from: 'model', text: 'Silk shines.', jobs: [{ id: 'job_1', costNano: '7' }] },
  ])
})

test('the turn is kept before anything is sent', async () => {
  const store = createMemoryStore()
  const seen: unknown[] = []
  const { engine } = setupEngine({
    store,
    open: async () => {
      seen.push(...(await store.readTurns()), ...(await store.readMessages('id-1')))
      return { ok: false, reason: 'no_runner', sentence: undefined }
    },
  })
  engine.ask({ ...chosen, conversation: undefined, text: 'What is silk?' })
  await settle()
  expect(seen).toMatchObject([{ key: 'id-2', kind: 'ask' }, { text: 'What is silk?' }])
})

test('a reload in the middle asks for the same answer again, and shows it whole and once', async () => {
  const before = setupEngine()
  const id = before.engine.ask({ ...chosen, conversation: undefined, text: 'What is silk?' })
  await settle()
  before.clock.nowMs += KEEP_EVERY_MS
  before.streams[0]?.say('Silk shi')
  await settle()

  const after = setupEngine({ store: before.store })
  await after.engine.begun
  expect(after.engine.view(id).live?.turn.text).toBe('Silk shi')
  await settle()
  expect(after.asked).toEqual(before.asked)
  after.streams[0]?.say('Silk shines.')
  after.streams[0]?.end()
  await settle()
  expect(await after.store.readMessages(id)).toMatchObject([{}, { text: 'Silk shines.' }])
  expect(after.engine.view(id).messages).toHaveLength(2)
})

test('an answer whose end is not kept leaves what was there, to be continued', async () => {
  const before = setupEngine()
  const id = before.engine.ask({ ...chosen, conversation: undefined, text: 'What is silk?' })
  await settle()
  before.clock.nowMs += KEEP_EVERY_MS
  before.streams[0]?.say('Silk shi')
  await settle()
  const after = setupEngine({
    store: before.store,
    open: async () => ({ ok: false, reason: 'idempotency_ended', sentence: undefined }),
  })
  await after.engine.begun
  await settle()
  await after.engine.load(id)
  expect(after.engine.view(id).messages.at(-1)).toMatchObject({
    text: 'Silk shi',
    ending: { how: 'failed', trouble: 'idempotency_ended' },
    jobs: [{ id: 'job_1' }],
  })
})

test('what comes is kept at most every 400 ms', async () => {
  const store = createMemoryStore()
  let turns = 0
  const counting: ChatStore = {
    ...store,
    write: (change) => {
      if (change.turn) turns += 1
      return store.write(change)
    },
  }
  const { engine, streams, clock } = setupEngine({ store: counting })
  engine.ask({ ...chosen, conversation: undefined, text: 'What is silk?' })
  await settle()
  for (let words = 0; words < 20; words++) {
    streams[0]?.say('silk ')
    clock.nowMs += KEEP_EVERY_MS / 4
    await settle()
  }
  expect(turns).toBeGreaterThanOrEqual(5)
  expect(turns).toBeLessThanOrEqual(7)
})

test('an answer that was stopped before a reload is not asked for again', async () => {
  const before = setupEngine()
  const id = before.engine.ask({ ...chosen, conversation: undefined, text: 'What is silk?' })
  await settle()
  before.clock.nowMs += KEEP_EVERY_MS
  before.streams[0]?.say('Silk')
  await settle()
  before.engine.stop(id)
  const after = setupEngine({ store: before.store })
  await after.engine.begun
  await settle()
  expect(after.asked).toEqual([])
  expect(after.engine.view(id).messages.at(-1)).toMatchObject({ text: 'Silk', ending: { how: 'stopped' } })
})

test('Stop keeps what was written, and Continue adds to it under another key', async () => {
  const { engine, streams, asked } = setupEngine()
  const id = engine.ask({ ...chosen, conversation: undefined, text: 'What is silk?' })
  await settle()
  streams[0]?.say('Silk')
  await settle()
  engine.stop(id)
  streams[0]?.end({ costNano: 2 })
  await settle()
  expect(engine.view(id).messages.at(-1)).toMatchObject({ text: 'Silk', ending: { how: 'stopped' } })
  await Promise.all([
    engine.goOn(id, 'Go on.', chosen),
    settle().then(() => {
      streams[1]?.say('shines.')
      streams[1]?.end({ costNano: 3 })
    }),
  ])
  expect(engine.view(id).messages).toHaveLength(2)
  expect(engine.view(id).messages.at(-1)).toMatchObject({
    text: 'Silk shines.',
    jobs: [{ costNano: '2' }, { costNano: '3' }],
  })
  expect(asked[0]?.key).not.toBe(asked[1]?.key)
})

test('while an answer is written nothing else is asked there, and elsewhere it is', async () => {
  const { engine, asked } = setupEngine()
  const id = engine.ask({ ...chosen, conversation: undefined, text: 'one' })
  await settle()
  engine.ask({ ...chosen, conversation: id, text: 'two' })
  await engine.retry(id, chosen)
  await settle()
  expect(asked).toHaveLength(1)
  expect(engine.view(id).messages).toHaveLength(1)
  engine.ask({ ...chosen, conversation: undefined, text: 'elsewhere' })
  await settle()
  expect(asked).toHaveLength(2)
})

test('a deleted conversation is gone, with the answer that is being written', async () => {
  const { engine, streams, store } = setupEngine()
  const id = engine.ask({ ...chosen, conversation: undefined, text: 'What is silk?' })
  await settle()
  await engine.remove(id)
  streams[0]?.say('Silk')
  streams[0]?.end()
  await settle()
  expect(engine.library().conversations).toEqual([])
  expect(engine.isWriting()).toBe(false)
  expect([await store.readMessages(id), await store.readTurns()]).toEqual([[], []])
})

test('a device without room goes on, and says that nothing is kept', async () => {
  const store = { ...createMemoryStore(), write: () => Promise.reject(new Error('QuotaExceededError')) }
  const { engine, streams } = setupEngine({ store })
  const id = engine.ask({ ...chosen, conversation: undefined, text: 'What is silk?' })
  await settle()
  expect(engine.library().isKept).toBe(false)
  streams[0]?.say('Silk')
  streams[0]?.end()
  await settle()
  expect(engine.view(id).messages.at(-1)?.text).toBe('Silk')
})

test('a name that a person gave stays, and drafts are kept for each conversation', async () => {
  const store = createMemoryStore()
  await store.write({ conversation: makeConversation('c1'), put: makeTalk(2) })
  const { engine } = setupEngine({ store })
  await engine.begun
  await engine.rename('c1', ' My trip ')
  await engine.rename('c1', '  ')
  engine.keepDraft('c1', 'half a thou')
  engine.keepDraft('', 'something new')
  const after = setupEngine({ store })
  await after.engine.begun
  expect(after.engine.library().conversations).toMatchObject([{ title: 'My trip', isNamed: true }])
  expect([after.engine.draft('c1'), after.engine.draft('')]).toEqual(['half a thou', 'something new'])
})

test('whoever listens hears of each answer’s end, good or bad', async () => {
  const heard: string[] = []
  const { engine } = setupEngine({
    open: async () => ({ ok: false, reason: 'no_runner', sentence: undefined }),
  })
  engine.onAnswer(({ ending }) => heard.push(ending.how))
  engine.ask({ ...chosen, conversation: undefined, text: 'one' })
  await settle()
  expect(heard).toEqual(['failed'])
})

test('a retry that fails leaves the answer that was there', async () => {
  const store = createMemoryStore()
  await store.write({ conversation: makeConversation('c1'), put: [...makeTalk(1), makeAnswer(1)] })
  const { engine } = setupEngine({
    store,
    open: async () => ({ ok: false, reason: 'no_runner', sentence: undefined }),
  })
  await engine.begun
  await engine.retry('c1', chosen)
  await settle()
  expect(engine.view('c1').messages.at(-1)).toMatchObject({
    text: 'answer 1',
    ending: { how: 'done', trouble: 'no_runner' },
  })
})
