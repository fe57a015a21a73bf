import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import { makeAnswer, makeConversation, makeQuestion, makeTalk } from '../chat-fixture.ts'
import type { KeptTurn } from '../conversation.ts'
import { BODY } from '../turn/turn-fixture.ts'
import type { ChatStore } from './chat-store.ts'
import { openIndexedStore } from './indexed-store.ts'
import { createMemoryStore } from './memory-store.ts'
import { HITS_MAX, searchStore } from './search-store.ts'

let databases = 0
const STORES: readonly [string, () => Promise<ChatStore>][] = [
  ['IndexedDB', () => openIndexedStore(`test-${databases++}`)],
  ['memory', async () => createMemoryStore()],
]

const TURN: KeptTurn = {
  conversation: 'c1',
  position: 1,
  kind: 'ask',
  key: 'key-1',
  body: BODY,
  before: '',
  jobs: [],
  text: 'Silk',
  reasoning: '',
  job: {},
  atMs: 1,
  isStopped: false,
}

describe.each(STORES)('%s', (_name, open) => {
  test('what was written together is read together', async () => {
    const store = await open()
    const conversation = makeConversation()
    await store.write({
      conversation,
      put: makeTalk(3),
      turn: TURN,
      draft: { conversation: 'c1', text: 'x' },
    })
    expect(await store.readConversations()).toEqual([conversation])
    expect(await store.readMessages('c1')).toEqual(makeTalk(3))
    expect(await store.readTurns()).toEqual([TURN])
    expect(await store.readDrafts()).toEqual([{ conversation: 'c1', text: 'x' }])
  })

  test('conversations come with the newest first, messages in their order', async () => {
    const store = await open()
    for (const [id, updatedAtMs] of [
      ['old', 1],
      ['new', 3],
      ['middle', 2],
    ] as const) {
      await store.write({ conversation: makeConversation(id, { updatedAtMs }) })
    }
    expect((await store.readConversations()).map(({ id }) => id)).toEqual(['new', 'middle', 'old'])
    await store.write({ put: [makeAnswer(11), makeQuestion(2), makeQuestion(10)] })
    expect((await store.readMessages('c1')).map(({ position }) => position)).toEqual([2, 10, 11])
  })

  test('a question that is changed takes what came after it along, and nothing before', async () => {
    const store = await open()
    await store.write({ put: makeTalk(6) })
    const changed = makeQuestion(2, 'changed')
    await store.write({ dropFrom: { conversation: 'c1', position: 2 }, put: [changed] })
    expect(await store.readMessages('c1')).toEqual([...makeTalk(2), changed])
  })

  test('an answer replaces the turn that brought it', async () => {
    const store = await open()
    await store.write({ turn: TURN })
    await store.write({ turn: { ...TURN, text: 'Silk shines' } })
    expect(await store.readTurns()).toMatchObject([{ text: 'Silk shines' }])
    await store.write({ put: [makeAnswer(1)], dropTurn: 'c1' })
    expect(await store.readTurns()).toEqual([])
    expect(await store.readMessages('c1')).toEqual([makeAnswer(1)])
  })

  test('a draft that is empty is none', async () => {
    const store = await open()
    await store.write({ draft: { conversation: 'c1', text: 'x' } })
    await store.write({ draft: { conversation: 'c1', text: '' } })
    expect(await store.readDrafts()).toEqual([])
  })

  test('a deleted conversation leaves nothing, and its neighbours everything', async () => {
    const store = await open()
    const other = makeQuestion(0, 'kept', 'c2')
    await store.write({ conversation: makeConversation('c1'), put: makeTalk(4), turn: TURN })
    await store.write({ conversation: makeConversation('c2'), put: [other] })
    await store.remove('c1')
    expect(await store.readConversations()).toEqual([makeConversation('c2')])
    expect(await store.readMessages('c1')).toEqual([])
    expect(await store.readTurns()).toEqual([])
    expect(await store.readMessages('c2')).toEqual([other])
  })

  test('conversations are found by title and by what was said', async () => {
    const store = await open()
    await store.write({ conversation: makeConversation('c1'), put: [makeQuestion(0, 'Where is Aqaba?')] })
    await store.write({
      conversation: makeConversation('c2', { title: 'Aqaba', isNamed: true }),
      put: [makeQuestion(0, 'the sea', 'c2')],
    })
    const all = await store.readConversations()
    expect(await searchStore(store, all, 'aqaba')).toEqual(
      expect.arrayContaining([
        { conversation: 'c1', excerpt: 'Where is Aqaba?' },
        { conversation: 'c2', excerpt: undefined },
      ]),
    )
    expect(await searchStore(store, all, 'moth')).toEqual([])
  })
})

test('two people on one device do not read each other', async () => {
  const [one, other] = [await openIndexedStore('1'), await openIndexedStore('2')]
  await one.write({ conversation: makeConversation() })
  expect(await other.readConversations()).toEqual([])
})

test('what one page kept, the next one reads', async () => {
  const before = await openIndexedStore('again')
  await before.write({ conversation: makeConversation(), put: makeTalk(500), turn: TURN })
  const after = await openIndexedStore('again')
  expect(await after.readMessages('c1')).toEqual(makeTalk(500))
  expect(await after.readTurns()).toEqual([TURN])
})

test('a search that finds everything shows a bounded list', async () => {
  const store = createMemoryStore()
  const all = Array.from({ length: HITS_MAX + 5 }, (_, at) => makeConversation(`c${at}`, { title: 'silk' }))
  expect(await searchStore(store, all, 'silk')).toHaveLength(HITS_MAX)
})
