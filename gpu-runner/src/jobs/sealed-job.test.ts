import { describe, expect, test } from 'vitest'
import { type UpFrame, upFrameSchema } from '../../../protocol/src/runner/up.ts'
import { SUITES } from '../../../protocol/src/sealed/suites.ts'
import { createFakeClock, settle, until } from '../../test/fake-clock.ts'
import { createScriptedEngine } from '../../test/scripted-engine.ts'
import {
  offerOf,
  PRICE,
  pairedCandidate,
  QUESTION,
  readAnswer,
  type SealPlan,
  sealTo,
} from '../../test/sealed-client.ts'
import { makeTestIdentity } from '../../test/test-identity.ts'
import { openTestSeals } from '../../test/test-seals.ts'
import type { ChatEnd } from '../engine/engine.ts'
import type { RunnerEvent } from '../events.ts'
import { createJobDesk } from './job-desk.ts'

const stop = (completionTokens: number): ChatEnd => ({
  ok: true,
  finish: 'stop',
  usage: { promptTokens: 5, completionTokens },
})

async function setupSealedDesk() {
  const clock = createFakeClock()
  const { engine, chats } = createScriptedEngine()
  const identity = await makeTestIdentity()
  const events: RunnerEvent[] = []
  const report = (event: RunnerEvent) => void events.push(event)
  const seals = await openTestSeals({ clock, identity, report })
  const sent: UpFrame[] = []
  let linkUp = true
  const send = (frame: UpFrame) =>
    void (linkUp && sent.push(upFrameSchema.parse(JSON.parse(JSON.stringify(frame)))))
  const desk = createJobDesk({
    clock,
    engine,
    identity,
    openSealed: seals.open,
    tokensPerSecond: 0,
    send,
    report,
  })
  const seal = async (plan: Partial<SealPlan> = {}) => {
    const nowMs = clock.nowMs()
    const suite = plan.suite ?? 'x25519'
    return await sealTo([await pairedCandidate(seals.frames()[0], nowMs, suite)], { nowMs, ...plan })
  }
  return {
    clock,
    desk,
    chats,
    identity,
    events,
    seals,
    sent,
    seal,
    setLink: (state: 'up' | 'down') => {
      linkUp = state === 'up'
    },
    begun: (count = 1) => until(() => chats.length >= count),
    chunks: (count: number) => until(() => sent.filter(({ type }) => type === 'job.chunk').length >= count),
    ended: (count = 1) => until(() => events.filter(({ event }) => event === 'job-ended').length >= count),
  }
}

const typesOf = (frames: readonly UpFrame[]) => frames.map((frame) => frame.type)

describe('a sealed chat', () => {
  test.each(SUITES)('%s: is answered under the seal, and its receipt holds for who asked', async (suite) => {
    const { clock, desk, chats, sent, seal, begun, chunks, ended, identity, events } = await setupSealedDesk()
    const ticket = await seal({ suite })
    desk.offer(offerOf(ticket))
    await begun()
    await chunks(1)
    expect(chats[0]?.request.messages).toEqual(QUESTION.messages)
    for (const [i, word] of ['Silk ', 'سر ', '🦋 ', 'last'].entries()) {
      chats[0]?.push({ text: word, tokens: 1, tokenIds: [i] })
      await clock.advance(60)
    }
    chats[0]?.end(stop(4))
    await ended()
    const answer = await readAnswer(ticket, sent)
    expect(answer.text).toBe('Silk سر 🦋 last')
    expect(answer.pieces.flatMap(({ tokenIds }) => tokenIds ?? [])).toEqual([0, 1, 2, 3])
    expect(answer.end).toMatchObject({ finish: 'stop', receipt: { status: 'done', completionTokens: 4 } })
    expect(answer.end?.receipt).toMatchObject({ version: 2, runnerId: identity.runnerId, price: PRICE })
    expect(typesOf(sent).slice(-2)).toEqual(['job.sealed-done', 'slots'])
    expect(sent.filter((frame) => frame.type === 'job.chunk').map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4])
    for (const word of ['secret', 'Silk', 'سر']) {
      expect(JSON.stringify([sent, events])).not.toContain(word)
    }
  })

  test('goes on behind what another runner delivered, and makes no more than is paid for', async () => {
    const { desk, chats, seal, begun } = await setupSealedDesk()
    const delivered = { text: 'Silk is', tokens: 2, tokenIds: [7, 8] }
    desk.offer(offerOf(await seal({ question: { ...QUESTION, params: { maxTokens: 100_000 }, delivered } })))
    await begun()
    expect(chats[0]?.request.delivered).toEqual(delivered)
    expect(chats[0]?.request.params.maxTokens).toBe(32_768 + 2)
  })

  test('the first chunk says that it began, before the engine says a word', async () => {
    const { desk, sent, seal, chunks } = await setupSealedDesk()
    const ticket = await seal()
    desk.offer(offerOf(ticket))
    await chunks(1)
    expect(sent[0]).toMatchObject({ type: 'job.chunk', seq: 0, nonce: expect.stringMatching(/^.{43}$/) })
    expect((await readAnswer(ticket, sent)).events).toMatchObject([{ type: 'job' }, { type: 'begun' }])
  })

  test('is cancelled: the last chunk says so, and the receipt is of what was done', async () => {
    const { desk, chats, sent, seal, begun, chunks, ended } = await setupSealedDesk()
    const ticket = await seal()
    desk.offer(offerOf(ticket))
    await begun()
    chats[0]?.push({ text: 'one', tokens: 1 })
    await chunks(2)
    desk.cancel({ jobId: 'job_1', attempt: 0 })
    expect(chats[0]?.signal.aborted).toBe(true)
    chats[0]?.end({ ok: true, finish: 'cancelled', usage: { promptTokens: 5, completionTokens: 1 } })
    await ended()
    const { text, end } = await readAnswer(ticket, sent)
    expect(text).toBe('one')
    expect(end).toMatchObject({ finish: 'cancelled', receipt: { status: 'stopped', completionTokens: 1 } })
  })

  test('that breaks the engine fails with a reason word, and nothing of it is told', async () => {
    const { desk, chats, sent, seal, begun, ended, events } = await setupSealedDesk()
    desk.offer(offerOf(await seal()))
    await begun()
    chats[0]?.break(new Error('the prompt was: What is a secret?'))
    await ended()
    expect(sent.at(-2)).toEqual({ type: 'job.fail', jobId: 'job_1', attempt: 0, reason: 'engine-failed' })
    expect(JSON.stringify([sent, events])).not.toContain('secret')
  })

  test('is never paid beyond what its header allows', async () => {
    const { desk, chats, sent, seal, begun, ended } = await setupSealedDesk()
    desk.offer(offerOf(await seal()))
    await begun()
    chats[0]?.end({
      ok: true,
      finish: 'stop',
      usage: { promptTokens: 1_000_000, completionTokens: 1_000_000 },
    })
    await ended()
    expect(sent.find((frame) => frame.type === 'job.sealed-done')).toMatchObject({
      receipt: { promptTokens: 256, completionTokens: 256 },
    })
  })

  test('a piece that is too large for one chunk arrives whole, in several', async () => {
    const { desk, chats, sent, seal, begun, ended } = await setupSealedDesk()
    const ticket = await seal()
    const text = 'سر🦋"\n'.repeat(3000)
    desk.offer(offerOf(ticket))
    await begun()
    chats[0]?.push({ text, tokens: 9, tokenIds: [1, 2, 3] })
    chats[0]?.end(stop(9))
    await ended()
    const answer = await readAnswer(ticket, sent)
    expect(answer.text).toBe(text)
    expect(answer.pieces.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(9)
    expect(answer.end).toMatchObject({ finish: 'stop' })
  })

  test('a tool call of no known shape that fits in no chunk is a broken engine', async () => {
    const { desk, chats, sent, seal, begun, ended } = await setupSealedDesk()
    desk.offer(offerOf(await seal()))
    await begun()
    chats[0]?.push({ text: '', tokens: 1, toolCalls: ['x'.repeat(10_000)] })
    chats[0]?.end(stop(1))
    await ended()
    expect(sent.at(-2)).toMatchObject({ type: 'job.fail', reason: 'engine-failed' })
  })
})

describe('a link that is lost in the middle of a sealed answer', () => {
  test('gets the same chunks again, and the reader misses nothing', async () => {
    const { clock, desk, chats, sent, seal, begun, chunks, ended, setLink } = await setupSealedDesk()
    const ticket = await seal()
    desk.offer(offerOf(ticket))
    await begun()
    chats[0]?.push({ text: 'a', tokens: 1 })
    await chunks(2)
    const before = sent.slice()
    setLink('down')
    for (const text of ['b', 'c']) {
      chats[0]?.push({ text, tokens: 1 })
      await clock.advance(200)
    }
    await until(() => desk.facts().jobs[0]?.seq === 4)
    setLink('up')
    desk.resume({ resume: [{ jobId: 'job_1', attempt: 0, fromSeq: 0 }], drop: [] })
    expect(sent.slice(before.length, before.length + 2)).toEqual(before)
    chats[0]?.end(stop(3))
    await ended()
    const { text, end } = await readAnswer(ticket, sent.slice(before.length))
    expect({ text, finish: end?.finish }).toEqual({ text: 'abc', finish: 'stop' })
  })

  test('an end that was made meanwhile is sent after it', async () => {
    const { desk, chats, sent, seal, begun, ended, setLink } = await setupSealedDesk()
    const ticket = await seal()
    setLink('down')
    desk.offer(offerOf(ticket))
    await begun()
    chats[0]?.push({ text: 'a', tokens: 1 })
    chats[0]?.end(stop(1))
    await ended()
    setLink('up')
    desk.resume({ resume: [{ jobId: 'job_1', attempt: 0, fromSeq: 0 }], drop: [] })
    expect(typesOf(sent)).toEqual(['job.chunk', 'job.chunk', 'job.chunk', 'job.sealed-done'])
    expect((await readAnswer(ticket, sent)).end).toMatchObject({ finish: 'stop' })
  })

  test('a job that went to another runner is stopped without a word', async () => {
    const { desk, chats, sent, seal, begun } = await setupSealedDesk()
    desk.offer(offerOf(await seal()))
    await begun()
    const before = sent.length
    desk.resume({ resume: [], drop: [{ jobId: 'job_1', attempt: 0 }] })
    expect(chats[0]?.signal.aborted).toBe(true)
    chats[0]?.end(stop(1))
    await settle()
    expect(sent.slice(before).filter(({ type }) => type !== 'slots')).toEqual([])
  })
})

describe('what cannot be opened begins nothing', () => {
  test('the same request is taken once, whichever job it comes with', async () => {
    const { desk, chats, sent, seal, begun, ended } = await setupSealedDesk()
    const ticket = await seal()
    desk.offer(offerOf(ticket))
    await begun()
    desk.offer(offerOf(ticket, 'job_2'))
    await ended()
    expect(chats).toHaveLength(1)
    expect(sent).toContainEqual({ type: 'job.unsealable', jobId: 'job_2', attempt: 0, reason: 'replayed' })
    expect(desk.running()).toBe(1)
  })

  test.each([
    ['for another model’s files', { manifestDigest: 'ff'.repeat(32) }, 'wrong-model'],
    ['that is too old', { nowMs: 1_800_000_000_000 - 120_001 }, 'too-old'],
  ])('%s', async (_, plan, reason) => {
    const { desk, chats, sent, seal, ended } = await setupSealedDesk()
    desk.offer(offerOf(await seal(plan)))
    await ended()
    expect(chats).toHaveLength(0)
    expect(sent[0]).toEqual({ type: 'job.unsealable', jobId: 'job_1', attempt: 0, reason })
    expect(sent[1]).toMatchObject({ type: 'slots', freeSlots: 2 })
  })

  test('a question to a key of an epoch that is over', async () => {
    const { clock, desk, seals, sent, ended } = await setupSealedDesk()
    const candidate = await pairedCandidate(seals.frames()[0], clock.nowMs(), 'x25519')
    await clock.advance(71 * 60_000)
    desk.offer(offerOf(await sealTo([candidate], { nowMs: clock.nowMs() })))
    await ended()
    expect(sent.find(({ type }) => type === 'job.unsealable')).toMatchObject({ reason: 'key-epoch' })
  })

  test('a question to somebody else, and rubbish', async () => {
    const { clock, desk, seals, sent, seal, ended } = await setupSealedDesk()
    const candidate = await pairedCandidate(seals.frames()[0], clock.nowMs(), 'x25519')
    const stranger = { ...candidate, runnerId: 'run_stranger' }
    desk.offer(offerOf(await sealTo([stranger], { nowMs: clock.nowMs() }), 'job_1'))
    const ticket = await seal()
    desk.offer(offerOf({ ...ticket, envelope: { ...ticket.envelope, header: '{}' } }, 'job_2'))
    await ended(2)
    const reasons = sent.flatMap((frame) => (frame.type === 'job.unsealable' ? [frame.reason] : []))
    expect(reasons.toSorted()).toEqual(['malformed', 'not-for-me'])
  })
})
