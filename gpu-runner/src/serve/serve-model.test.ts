import { describe, expect, test } from 'vitest'
import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { verifyEd25519 } from '../../../protocol/src/ed25519.ts'
import { type Hello, helloSigningText, type UpFrame, upFrameSchema } from '../../../protocol/src/runner/up.ts'
import { createFakeClock, settle, until } from '../../test/fake-clock.ts'
import { CHALLENGE, createFakeSocket, type FakeSocket, WELCOME } from '../../test/fake-socket.ts'
import { createScriptedEngine, FACTS } from '../../test/scripted-engine.ts'
import { offerOf, pairedCandidate, readAnswer, sealTo } from '../../test/sealed-client.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { makeTestIdentity, publicKeyOf } from '../../test/test-identity.ts'
import { openTestSeals } from '../../test/test-seals.ts'
import { openEarnings } from '../earnings/earnings.ts'
import type { EngineFacts } from '../engine/engine.ts'
import type { RunnerEvent } from '../events.ts'
import { serveModel } from './serve-model.ts'

const ASK = { input: 20_000_000, output: 60_000_000 }
const OFFER = {
  type: 'job.offer',
  kind: 'chat',
  jobId: 'job_1',
  attempt: 0,
  price: ASK,
  messages: [{ role: 'user', content: 'Hi' }],
  params: { maxTokens: 50 },
}
const DONE = { ok: true, finish: 'stop', usage: { promptTokens: 1, completionTokens: 1 } } as const

async function setupServe(facts: Partial<EngineFacts> = {}) {
  const clock = createFakeClock()
  const identity = await makeTestIdentity()
  const earnings = await openEarnings(await makeTempFolder())
  const { engine, chats } = createScriptedEngine(facts)
  const sockets: FakeSocket[] = []
  const events: RunnerEvent[] = []
  const openSocket = () => {
    const socket = createFakeSocket()
    sockets.push(socket)
    return socket
  }
  const report = (event: RunnerEvent) => void events.push(event)
  const seals = await openTestSeals({ clock, identity })
  const deps = { clock, random: () => 0.5, openSocket, identity, earnings, seals, report }
  const served = serveModel(deps, { engine, ask: ASK, tokensPerSecond: 900 })
  const socket = () => sockets.at(-1) ?? createFakeSocket()
  const frames = (): UpFrame[] =>
    socket()
      .sent.filter((text) => text !== 'ping')
      .map((text) => upFrameSchema.parse(JSON.parse(text)))
  const greet = async (welcome: object = WELCOME, challenge: object = CHALLENGE): Promise<Hello> => {
    socket().receive(challenge)
    await until(() => socket().sent.length > 0)
    socket().receive(welcome)
    const hello = frames()[0]
    if (hello?.type !== 'hello') throw new Error('no hello')
    return hello
  }
  const happened = (name: RunnerEvent['event'], count = 1) =>
    until(() => events.filter(({ event }) => event === name).length >= count)
  return { clock, identity, earnings, seals, chats, events, served, sockets, socket, frames, greet, happened }
}

test('the hello says what is served and is signed for this link', async () => {
  const { greet, identity, events } = await setupServe()
  const hello = await greet()
  expect(hello).toMatchObject({
    runnerId: identity.runnerId,
    model: FACTS.model,
    manifestDigest: FACTS.manifestDigest,
    slots: 2,
    freeSlots: 2,
    tokensPerSecond: 900,
    ask: ASK,
    jobs: [],
  })
  const signature = fromBase64Url(hello.signature) ?? new Uint8Array()
  const text = helloSigningText(CHALLENGE.nonce, hello)
  expect(await verifyEd25519(publicKeyOf(identity), signature, text)).toBe(true)
  expect(events).toContainEqual({
    event: 'runner-online',
    runnerId: identity.runnerId,
    model: 'silkworm',
    device: 'cpu',
  })
})

test('a paid job adds to today’s earnings', async () => {
  const { clock, earnings, greet, socket, chats, happened, events } = await setupServe()
  await greet()
  socket().receive(OFFER)
  await settle()
  chats[0]?.end(DONE)
  await happened('job-ended')
  socket().receive({ type: 'job.paid', jobId: 'job_1', attempt: 0, earnedNano: 80 })
  expect(earnings.on(clock.nowMs())).toBe(80n)
  expect(events.at(-1)).toMatchObject({ event: 'job-paid', earnedNano: '80', todayNano: '80' })
})

describe('a link that is lost in the middle of an answer', () => {
  test('comes back within the lease, and the reader misses nothing', async () => {
    const { clock, greet, socket, chats, frames, happened } = await setupServe()
    await greet()
    socket().receive(OFFER)
    await settle()
    chats[0]?.push({ text: 'a', tokens: 1, tokenIds: [1] })
    await settle()
    socket().drop()
    chats[0]?.push({ text: 'b', tokens: 1, tokenIds: [2] })
    await clock.advance(100)
    const hello = await greet({ ...WELCOME, resume: [{ jobId: 'job_1', attempt: 0, fromSeq: 1 }] })
    expect(hello).toMatchObject({ freeSlots: 1, jobs: [{ jobId: 'job_1', attempt: 0, seq: 2 }] })
    chats[0]?.end(DONE)
    await happened('job-ended')
    expect(frames().map((frame) => frame.type)).toEqual(['hello', 'job.delta', 'job.done', 'slots'])
    expect(frames()[1]).toMatchObject({ seq: 1, text: 'b' })
  })

  test('stays away longer than the lease: the job is stopped', async () => {
    const { clock, greet, socket, chats, sockets } = await setupServe()
    await greet()
    socket().receive(OFFER)
    await settle()
    socket().drop()
    await clock.advance(19_999)
    expect(chats[0]?.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(chats[0]?.signal.aborted).toBe(true)
    expect(sockets.length).toBeGreaterThan(1)
    expect(await greet()).toMatchObject({ freeSlots: 2, jobs: [] })
  })

  test('is tried often while a job waits for it', async () => {
    const { clock, greet, socket, sockets } = await setupServe()
    await greet()
    socket().receive(OFFER)
    await settle()
    for (let i = 0; i < 15; i++) {
      socket().drop()
      await clock.advance(1000)
    }
    expect(sockets.length).toBeGreaterThanOrEqual(15)
  })
})

describe('sealing keys', () => {
  const SPEAKS_SEALED = { ...CHALLENGE, protocol: 2 }

  test('are shown on each link right after the welcome, and again when an epoch comes', async () => {
    const { clock, greet, frames, seals, socket } = await setupServe()
    await greet(WELCOME, SPEAKS_SEALED)
    expect(frames().slice(1)).toEqual(seals.frames())
    const shown = () => frames().filter(({ type }) => type === 'seal.keys')
    // An hour of a line that answers its pings.
    for (let pings = 0; pings < 150 && shown().length === 1; pings++) {
      await clock.advance(25_000)
      socket().receive('pong')
    }
    await until(() => shown().length === 2)
    expect(shown()).toEqual(seals.frames())
  })

  test('are not shown to a coordinator that knows nothing of them, nor for embeddings', async () => {
    const old = await setupServe()
    await old.greet()
    expect(old.frames().map(({ type }) => type)).toEqual(['hello'])
    const embedding = await setupServe({ kind: 'embedding' })
    await embedding.greet(WELCOME, SPEAKS_SEALED)
    expect(embedding.frames().map(({ type }) => type)).toEqual(['hello'])
  })

  test('that are refused are shown again on the same link', async () => {
    const { clock, greet, frames, socket, happened, events } = await setupServe()
    await greet(WELCOME, SPEAKS_SEALED)
    socket().receive({ type: 'seal.verdict', kind: 'paired', accepted: false, reason: 'keys-expired' })
    await happened('seal-refused')
    await clock.advance(5000)
    await until(() => frames().filter(({ type }) => type === 'seal.keys').length === 2)
    socket().receive({ type: 'seal.verdict', kind: 'paired', accepted: true, untilMs: 7 })
    expect(events.slice(-2)).toEqual([
      { event: 'seal-refused', model: 'silkworm', kind: 'paired', reason: 'keys-expired' },
      { event: 'seal-accepted', model: 'silkworm', kind: 'paired', untilMs: 7 },
    ])
  })

  test('open a question that comes over the link, and its answer is read by who asked', async () => {
    const { clock, greet, frames, socket, chats, happened, seals } = await setupServe()
    await greet(WELCOME, SPEAKS_SEALED)
    const candidate = await pairedCandidate(seals.frames()[0], clock.nowMs(), 'x25519')
    const ticket = await sealTo([candidate], { nowMs: clock.nowMs() })
    socket().receive(offerOf(ticket))
    await until(() => chats.length === 1)
    chats[0]?.push({ text: 'one', tokens: 1 })
    chats[0]?.end(DONE)
    await happened('job-ended')
    expect(await readAnswer(ticket, frames())).toMatchObject({ text: 'one', end: { finish: 'stop' } })
  })
})

describe('leaving', () => {
  test('finishes what runs, refuses what comes, and then closes', async () => {
    const { clock, greet, socket, chats, frames, served, happened } = await setupServe()
    await greet()
    socket().receive(OFFER)
    await settle()
    let left = false
    void served.leave(new AbortController().signal).then(() => {
      left = true
    })
    socket().receive({ ...OFFER, jobId: 'job_2' })
    await clock.advance(30_000)
    expect(left).toBe(false)
    expect(frames().map((frame) => frame.type)).toContain('bye')
    expect(frames()).toContainEqual({ type: 'job.refuse', jobId: 'job_2', attempt: 0, reason: 'leaving' })
    chats[0]?.end(DONE)
    await happened('job-ended')
    socket().receive({ type: 'job.paid', jobId: 'job_1', attempt: 0, earnedNano: 1 })
    await clock.advance(100)
    expect(socket().closed).toBe(true)
    socket().drop()
    await settle()
    expect(left).toBe(true)
  })

  test('waits a little for the payment, not for ever', async () => {
    const { clock, greet, socket, chats, served, happened } = await setupServe()
    await greet()
    socket().receive(OFFER)
    await settle()
    chats[0]?.end(DONE)
    await happened('job-ended')
    const left = served.leave(new AbortController().signal)
    await clock.advance(1900)
    expect(socket().closed).toBe(false)
    await clock.advance(200)
    expect(socket().closed).toBe(true)
    await clock.advance(1000)
    await left
  })

  test('in a hurry stops what runs', async () => {
    const { clock, greet, socket, chats, served } = await setupServe()
    await greet()
    socket().receive(OFFER)
    await settle()
    const hurry = new AbortController()
    const left = served.leave(hurry.signal)
    hurry.abort()
    await clock.advance(1000)
    await left
    expect(chats[0]?.signal.aborted).toBe(true)
  })

  test('is told again after a link came back meanwhile', async () => {
    const { clock, greet, socket, frames, served } = await setupServe()
    await greet()
    socket().receive(OFFER)
    await settle()
    void served.leave(new AbortController().signal)
    socket().drop()
    await clock.advance(200)
    expect(await greet({ ...WELCOME, resume: [{ jobId: 'job_1', attempt: 0, fromSeq: 0 }] })).toMatchObject({
      freeSlots: 0,
    })
    expect(frames().at(-1)).toEqual({ type: 'bye' })
  })
})

test('a refusal for good ends the service with its sentence', async () => {
  const { socket, served } = await setupServe()
  socket().receive({
    type: 'refused',
    reason: 'unknown-runner',
    sentence: 'Pair this machine first.',
    retry: false,
  })
  socket().drop()
  const hangUp = socket().onclose
  hangUp?.()
  expect(await served.ended).toMatchObject({ sentence: 'Pair this machine first.' })
})
