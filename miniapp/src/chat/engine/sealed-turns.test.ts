import { expect, test } from 'vitest'
import type { SealedTicket } from '../../../../protocol/src/sealed-client/sealed-ticket.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import type { TurnEvent } from '../turn/next-turn.ts'
import type { SealedReading } from '../turn/run-turn.ts'
import { settle, setupTurnDeps } from '../turn/turn-fixture.ts'
import { createChatEngine } from './chat-engine.ts'

const sealed = {
  choice: { model: 'silkworm', tier: 'confidential' },
  contextTokens: 4096,
  isSealed: true,
} as const
const ticket = { version: 1, key: 'id-1/0' } as SealedTicket

/** An engine on a store, whose sealed answers a test writes. */
function setupEngine(store = createMemoryStore()) {
  const readings: SealedReading[] = []
  const stopped: string[] = []
  const queue: TurnEvent[] = []
  let wake: () => void = () => undefined
  let ids = 0
  const engine = createChatEngine({
    ...setupTurnDeps({
      open: () => Promise.reject(new Error('a sealed question was asked unsealed')),
      openSealed: async function* (order, signal) {
        readings.push(order)
        if (order.tickets().length === 0) await order.keep(ticket)
        while (!signal.aborted) {
          const event = queue.shift()
          if (!event) {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
            continue
          }
          yield event
          if (event.type === 'done' || event.type === 'broken') return
        }
        yield { type: 'broken' }
      },
      stopJob: async (id) => stopped.push(id) > 0,
    }),
    store,
    nowMs: () => 1_000_000,
    newId: () => `id-${++ids}`,
  })
  const say = async (...events: TurnEvent[]) => {
    queue.push(...events)
    wake()
    await settle()
  }
  return { engine, store, readings, stopped, say }
}

test('a sealed question is never asked by the way of an open one, and its answer says that it was sealed', async () => {
  const { engine, store, say } = setupEngine()
  const id = engine.ask({ ...sealed, conversation: undefined, text: 'What is silk?' })
  await settle()
  await say(
    { type: 'opened', jobId: 'job_1' },
    { type: 'words', text: 'Silk.', reasoning: '' },
    { type: 'done' },
  )
  expect(await store.readMessages(id)).toMatchObject([
    { from: 'person' },
    { from: 'model', text: 'Silk.', tier: 'confidential', isSealed: true },
  ])
})

test('tickets are kept while an answer is written, and gone with its end', async () => {
  const { engine, store, say } = setupEngine()
  const id = engine.ask({ ...sealed, conversation: undefined, text: 'What is silk?' })
  await settle()
  expect(await store.readTurns()).toMatchObject([{ tickets: [ticket] }])
  await say({ type: 'words', text: 'Silk.', reasoning: '' }, { type: 'done' })
  expect(await store.readTurns()).toEqual([])
  expect(JSON.stringify(await store.readMessages(id))).not.toContain(ticket.key)
})

test('after the app was closed the answer is read on with the tickets that were kept', async () => {
  const store = createMemoryStore()
  const before = setupEngine(store)
  const id = before.engine.ask({ ...sealed, conversation: undefined, text: 'What is silk?' })
  await settle()
  await before.say({ type: 'words', text: 'Si', reasoning: '' })
  const after = setupEngine(store)
  await after.engine.begun
  await settle()
  expect(after.readings[0]?.tickets()).toEqual([ticket])
  await after.say({ type: 'words', text: 'Silk.', reasoning: '' }, { type: 'done' })
  expect(await store.readMessages(id)).toMatchObject([{ from: 'person' }, { text: 'Silk.', isSealed: true }])
})

test('Stop ends the job that writes now, also when another runner went on', async () => {
  const { engine, stopped, say } = setupEngine()
  const id = engine.ask({ ...sealed, conversation: undefined, text: 'What is silk?' })
  await settle()
  await say({ type: 'opened', jobId: 'job_1' }, { type: 'moved', jobId: 'job_2' })
  engine.stop(id)
  await settle()
  expect(stopped).toEqual(['job_2'])
  await say({ type: 'done' })
  expect(engine.view(id).live).toBeUndefined()
})

test('an answer that goes on in another tier says the one in which more people can read', async () => {
  const { engine, store, say } = setupEngine()
  const id = engine.ask({ ...sealed, conversation: undefined, text: 'What is silk?' })
  await settle()
  await say(
    { type: 'words', text: 'Silk', reasoning: '' },
    { type: 'finished', isCut: true },
    { type: 'done' },
  )
  const own = { choice: { model: 'silkworm', tier: 'own' }, contextTokens: 4096, isSealed: true } as const
  void engine.goOn(id, 'Go on.', own)
  await settle()
  await say({ type: 'words', text: ' shines.', reasoning: '' }, { type: 'done' })
  const [, answer] = await store.readMessages(id)
  expect(answer).toMatchObject({ tier: 'own', isSealed: true })
})
