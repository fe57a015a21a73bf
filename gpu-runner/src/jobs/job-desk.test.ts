import { describe, expect, test } from 'vitest'
import { findReceiptFault } from '../../../protocol/src/receipt.ts'
import { inputHash, outputHash } from '../../../protocol/src/receipt-hashes.ts'
import { type ChatOffer, type EmbeddingOffer, offerContent } from '../../../protocol/src/runner/down.ts'
import { type UpFrame, upFrameSchema } from '../../../protocol/src/runner/up.ts'
import { createFakeClock, settle, until } from '../../test/fake-clock.ts'
import { createScriptedEngine, FACTS } from '../../test/scripted-engine.ts'
import { makeTestIdentity, publicKeyOf } from '../../test/test-identity.ts'
import type { ChatEnd, EngineFacts } from '../engine/engine.ts'
import type { RunnerEvent } from '../events.ts'
import { createJobDesk } from './job-desk.ts'

const PRICE = { input: 20_000_000, output: 60_000_000 }

function chatOffer(jobId: string, attempt = 0): ChatOffer {
  const messages = [{ role: 'user' as const, content: 'What is silk?' }]
  return {
    type: 'job.offer',
    kind: 'chat',
    jobId,
    attempt,
    price: PRICE,
    messages,
    params: { maxTokens: 50 },
  }
}

function embeddingOffer(jobId: string, texts: string[]): EmbeddingOffer {
  return { type: 'job.offer', kind: 'embedding', jobId, attempt: 0, price: PRICE, texts }
}

const stop = (completionTokens: number): ChatEnd => ({
  ok: true,
  finish: 'stop',
  usage: { promptTokens: 5, completionTokens },
})

async function setupDesk(facts: Partial<EngineFacts> = {}) {
  const clock = createFakeClock()
  const { engine, chats } = createScriptedEngine(facts)
  const identity = await makeTestIdentity()
  const events: RunnerEvent[] = []
  let sent: UpFrame[] = []
  let linkUp = true
  const desk = createJobDesk({
    clock,
    engine,
    identity,
    openSealed: () => Promise.reject(new Error('give a fake for openSealed')),
    tokensPerSecond: 0,
    // What goes out must be a frame by the protocol's own schema.
    send: (frame) => void (linkUp && sent.push(upFrameSchema.parse(JSON.parse(JSON.stringify(frame))))),
    report: (event) => events.push(event),
  })
  return {
    clock,
    desk,
    chats,
    identity,
    events,
    setLink: (state: 'up' | 'down') => {
      linkUp = state === 'up'
    },
    /** Waits until so many jobs have ended: receipts are signed on another thread. */
    ended: (count: number) =>
      until(() => events.filter(({ event }) => event === 'job-ended').length >= count),
    /** The frames since the last look. */
    take: () => {
      const frames = sent
      sent = []
      return frames
    },
  }
}

const typesOf = (frames: readonly UpFrame[]) => frames.map((frame) => frame.type)

describe('a chat', () => {
  test('is answered by deltas without a gap, one end and a receipt that holds', async () => {
    const { clock, desk, chats, identity, take, ended } = await setupDesk()
    const offer = chatOffer('job_1')
    desk.offer(offer)
    await settle()
    for (const [i, word] of ['Silk ', 'is ', 'thread', '.'].entries()) {
      chats[0]?.push({ text: word, tokens: 1, tokenIds: [i] })
      await clock.advance(60)
    }
    chats[0]?.end(stop(4))
    await ended(1)
    const frames = take()
    expect(typesOf(frames)).toEqual(['job.delta', 'job.delta', 'job.delta', 'job.done', 'slots'])
    const deltas = frames.filter((frame) => frame.type === 'job.delta')
    expect(deltas.map(({ seq }) => seq)).toEqual([0, 1, 2])
    expect(deltas.map(({ text }) => text)).toEqual(['Silk ', 'is ', 'thread.'])
    expect(deltas.map(({ tokenIds }) => tokenIds)).toEqual([[0], [1], [2, 3]])
    const done = frames.find((frame) => frame.type === 'job.done')
    if (!done) throw new Error('no end')
    expect(done.usage).toEqual({ promptTokens: 5, completionTokens: 4 })
    const fault = await findReceiptFault(done.receipt, {
      jobId: 'job_1',
      attempt: 0,
      runnerId: identity.runnerId,
      publicKey: publicKeyOf(identity),
      manifestDigest: FACTS.manifestDigest,
      inputHash: await inputHash(offerContent(offer)),
      outputHash: await outputHash(
        'job_1',
        0,
        deltas.map(({ text }) => text),
      ),
      price: PRICE,
    })
    expect(fault).toBeUndefined()
  })

  test('is cancelled: what was made goes out, then an end with a receipt', async () => {
    const { desk, chats, take, ended } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    await settle()
    chats[0]?.push({ text: 'one', tokens: 1 })
    chats[0]?.push({ text: 'two', tokens: 1 })
    await settle()
    desk.cancel({ jobId: 'job_1', attempt: 0 })
    expect(chats[0]?.signal.aborted).toBe(true)
    chats[0]?.end({ ok: true, finish: 'cancelled', usage: { promptTokens: 5, completionTokens: 2 } })
    await ended(1)
    const frames = take()
    expect(typesOf(frames)).toEqual(['job.delta', 'job.delta', 'job.done', 'slots'])
    expect(frames.at(-2)).toMatchObject({ finish: 'cancelled', usage: { completionTokens: 2 } })
  })

  test('that breaks the engine fails with a reason word and nothing of the error', async () => {
    const { desk, chats, events, take, ended } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    await settle()
    chats[0]?.break(new Error('the prompt was: What is silk?'))
    await ended(1)
    expect(take().at(-2)).toEqual({ type: 'job.fail', jobId: 'job_1', attempt: 0, reason: 'engine-failed' })
    expect(JSON.stringify(events)).not.toContain('silk?')
  })

  test('an engine’s refusal names the field', async () => {
    const { desk, chats, take, ended } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    await settle()
    chats[0]?.end({ ok: false, reason: 'unsupported', param: 'tools' })
    await ended(1)
    expect(take().at(-2)).toMatchObject({ type: 'job.fail', reason: 'unsupported', param: 'tools' })
  })
})

describe('slots', () => {
  test('are told at each end, not at a start, which the coordinator knows of, and a full runner refuses', async () => {
    const { desk, chats, take, ended } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    desk.offer(chatOffer('job_2'))
    desk.offer(chatOffer('job_3'))
    expect(take()).toEqual([{ type: 'job.refuse', jobId: 'job_3', attempt: 0, reason: 'busy' }])
    await settle()
    chats[1]?.end(stop(0))
    await ended(1)
    expect(take().at(-1)).toMatchObject({ type: 'slots', freeSlots: 1 })
  })

  test('a refused job may be offered again; a job that ran does not run twice', async () => {
    const { desk, chats, take, ended } = await setupDesk({ slots: 1 })
    desk.offer(chatOffer('job_1'))
    desk.offer(chatOffer('job_1'))
    desk.offer(chatOffer('job_2'))
    await settle()
    expect(chats).toHaveLength(1)
    chats[0]?.end(stop(0))
    await ended(1)
    take()
    desk.offer(chatOffer('job_1'))
    desk.offer(chatOffer('job_2'))
    await settle()
    expect(chats).toHaveLength(2)
    expect(typesOf(take())).toEqual([])
  })

  test('another attempt at the same job is another job', async () => {
    const { desk, chats } = await setupDesk()
    desk.offer(chatOffer('job_1', 0))
    desk.offer(chatOffer('job_1', 1))
    await settle()
    expect(chats).toHaveLength(2)
  })

  test('a leaving runner has none and refuses, and finishes what runs', async () => {
    const { desk, chats, take, ended } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    await settle()
    take()
    desk.leave()
    desk.offer(chatOffer('job_2'))
    expect(take()).toEqual([
      { type: 'slots', freeSlots: 0, tokensPerSecond: 0 },
      { type: 'job.refuse', jobId: 'job_2', attempt: 0, reason: 'leaving' },
    ])
    chats[0]?.end(stop(0))
    await ended(1)
    expect(desk.running()).toBe(0)
    expect(typesOf(take())).toEqual(['job.done', 'slots'])
  })

  test('speed is measured over an answer', async () => {
    const { clock, desk, chats, take, ended } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    await settle()
    await clock.advance(2000)
    chats[0]?.push({ text: 'x', tokens: 100 })
    chats[0]?.end(stop(100))
    await ended(1)
    expect(take().at(-1)).toEqual({ type: 'slots', freeSlots: 2, tokensPerSecond: 50 })
  })
})

describe('a lost link', () => {
  test('does not stop a job, and nothing of it is lost', async () => {
    const { clock, desk, chats, setLink, take, ended } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    await settle()
    chats[0]?.push({ text: 'a', tokens: 1 })
    await settle()
    take()
    setLink('down')
    for (const text of ['b', 'c', 'd']) {
      chats[0]?.push({ text, tokens: 1 })
      await clock.advance(150)
    }
    expect(desk.facts().jobs).toEqual([{ jobId: 'job_1', attempt: 0, seq: 4 }])
    setLink('up')
    desk.resume({ resume: [{ jobId: 'job_1', attempt: 0, fromSeq: 1 }], drop: [] })
    expect(take()).toMatchObject([
      { seq: 1, text: 'b' },
      { seq: 2, text: 'c' },
      { seq: 3, text: 'd' },
    ])
    chats[0]?.push({ text: 'e', tokens: 1 })
    chats[0]?.end(stop(5))
    await ended(1)
    expect(typesOf(take())).toEqual(['job.delta', 'job.done', 'slots'])
  })

  test('an end that was made meanwhile is sent after it', async () => {
    const { desk, chats, setLink, take, ended } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    await settle()
    setLink('down')
    chats[0]?.push({ text: 'a', tokens: 1 })
    chats[0]?.end(stop(1))
    await ended(1)
    setLink('up')
    expect(desk.facts()).toMatchObject({ freeSlots: 2, jobs: [{ jobId: 'job_1', seq: 1 }] })
    take()
    desk.resume({ resume: [{ jobId: 'job_1', attempt: 0, fromSeq: 0 }], drop: [] })
    expect(typesOf(take())).toEqual(['job.delta', 'job.done'])
  })

  test('an ended job is kept until it is paid, and not for ever', async () => {
    const { clock, desk, chats, ended } = await setupDesk()
    for (const jobId of ['job_1', 'job_2']) desk.offer(chatOffer(jobId))
    await settle()
    for (const chat of chats) chat.end(stop(0))
    await ended(2)
    expect(desk.unpaid()).toBe(2)
    desk.paid({ jobId: 'job_1', attempt: 0 })
    expect(desk.unpaid()).toBe(1)
    await clock.advance(60_000)
    expect(desk.facts().jobs).toEqual([])
  })

  test('a job that went to another runner is stopped without a word', async () => {
    const { desk, chats, events, take, ended } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    await settle()
    take()
    desk.resume({ resume: [], drop: [{ jobId: 'job_1', attempt: 0 }] })
    expect(chats[0]?.signal.aborted).toBe(true)
    chats[0]?.end({ ok: true, finish: 'cancelled', usage: { promptTokens: 5, completionTokens: 0 } })
    await ended(1)
    expect(typesOf(take())).toEqual(['slots'])
    expect(desk.running()).toBe(0)
    expect(events.filter(({ event }) => event === 'job-ended')).toHaveLength(1)
  })

  test('after the lease everything is stopped', async () => {
    const { desk, chats } = await setupDesk()
    desk.offer(chatOffer('job_1'))
    desk.offer(chatOffer('job_2'))
    await settle()
    desk.abandon()
    expect(chats.map(({ signal }) => signal.aborted)).toEqual([true, true])
    expect(desk.facts()).toMatchObject({ jobs: [], freeSlots: 2 })
  })
})

test('embeddings go out as vectors, and the receipt covers each', async () => {
  const { desk, ended, identity, take } = await setupDesk({ kind: 'embedding' })
  const offer = embeddingOffer('job_1', ['silk', 'light'])
  desk.offer(offer)
  await ended(1)
  const frames = take()
  expect(typesOf(frames)).toEqual(['job.vectors', 'job.done', 'slots'])
  const done = frames.find((frame) => frame.type === 'job.done')
  if (!done) throw new Error('no end')
  const facts = { jobId: 'job_1', attempt: 0, runnerId: identity.runnerId, publicKey: publicKeyOf(identity) }
  const output = await outputHash('job_1', 0, [btoa('silk'), btoa('light')])
  const input = await inputHash(offerContent(offer))
  expect(
    await findReceiptFault(done.receipt, { ...facts, inputHash: input, outputHash: output }),
  ).toBeUndefined()
  const swapped = await outputHash('job_1', 0, [btoa('light'), btoa('silk')])
  expect(await findReceiptFault(done.receipt, { ...facts, outputHash: swapped })).toBe('wrong-output')
})
