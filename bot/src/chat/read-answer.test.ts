import { expect, test } from 'vitest'
import type { AnswerFrame } from '../../../protocol/src/answer.ts'
import { type FakeJob, type FakeModel, fakeBotDeps } from '../fake-bot-deps.ts'
import { type Clock, realClock } from './clock.ts'
import { fakeClock } from './fake-clock.ts'
import { readAnswer } from './read-answer.ts'

const REQUEST = { accountId: 1, conversation: 'c', model: 'm', messages: [] }
/** Never rings: what is tested here does not wait. */
const stillClock: Clock = { nowMs: () => 0, sleep: () => new Promise(() => undefined) }

function setup(model: FakeModel, { clock = stillClock, startAnswer = undefined as StartAnswer } = {}) {
  const fake = fakeBotDeps(model, startAnswer ? { startAnswer } : {})
  const stop = new AbortController()
  const seen: string[] = []
  const read = () =>
    readAnswer({ ...fake.deps, clock }, REQUEST, stop.signal, {
      onJob: ({ jobId }) => seen.push(`job ${jobId}`),
      onQueued: (place, seconds) => seen.push(`queued ${place} ${seconds}`),
      onText: (text) => seen.push(text),
    })
  return { ...fake, stop, seen, read }
}

type StartAnswer = (() => Promise<ReadableStream<AnswerFrame>>) | undefined

test('frames are told in order, and the end says how it ended and what it cost', async () => {
  const { read, seen } = setup((job) => {
    job.send({ type: 'queued', place: 2, waitSeconds: 4 })
    job.write('Hello ')
    job.send({ type: 'pause' })
    job.write('you')
    job.end('length')
  })
  expect(await read()).toEqual({
    finish: 'length',
    usage: { promptTokens: 7, completionTokens: 3, costNano: '300' },
    runnerIds: ['run_0123456789abcdefghjkmnpqrs'],
  })
  expect(seen).toEqual(['job job-1', 'queued 2 4', 'Hello ', 'you'])
})

test('a refusal and a failure keep their reason', async () => {
  expect(await setup((job) => job.refuse('queue-full')).read()).toMatchObject({
    finish: 'refused',
    reason: 'queue-full',
  })
  expect(await setup((job) => job.end('failed', 'runner-lost')).read()).toMatchObject({
    finish: 'failed',
    reason: 'runner-lost',
  })
})

test('a stream that breaks, ends too early or never starts is an ending, not a throw', async () => {
  const ended = { finish: 'failed', reason: 'coordinator-restarted', runnerIds: [] }
  const broken = setup((job) => job.breakOff())
  expect(await broken.read()).toEqual(ended)
  const closed = new ReadableStream<AnswerFrame>({ start: (controller) => controller.close() })
  expect(await setup(() => undefined, { startAnswer: async () => closed }).read()).toEqual(ended)
  const failing = async () => Promise.reject(new Error('no'))
  expect(await setup(() => undefined, { startAnswer: failing }).read()).toEqual(ended)
})

test('Stop tells the job once and keeps what it delivers until its end', async () => {
  let job: FakeJob | undefined
  const { read, seen, stop, stopped } = setup((started) => {
    job = started
    started.write('so ')
  })
  const reading = read()
  await Promise.resolve()
  job?.write('far')
  stop.abort('stopped')
  expect(await reading).toMatchObject({ finish: 'cancelled', usage: { completionTokens: 3 } })
  expect(stopped).toEqual(['job-1'])
  expect(seen.join('')).toBe('job job-1so far')
})

test('a job that does not obey Stop is left after a few seconds', async () => {
  const fake = fakeBotDeps((job) => job.write('so far'), { stopAnswer: async () => undefined })
  const stop = new AbortController()
  stop.abort('stopped')
  const events = { onJob: () => undefined, onQueued: () => undefined, onText: () => undefined }
  const ending = await readAnswer({ ...fake.deps, clock: slowFrames() }, REQUEST, stop.signal, events)
  expect(ending).toEqual({ finish: 'cancelled', runnerIds: [] })
})

test('a job that starts only after Stop is stopped then', async () => {
  const { promise, resolve } = Promise.withResolvers<ReadableStream<AnswerFrame>>()
  const told = Promise.withResolvers<string>()
  const fake = fakeBotDeps(undefined, {
    startAnswer: () => promise,
    stopAnswer: async ({ jobId }) => told.resolve(jobId),
  })
  const stop = new AbortController()
  stop.abort('stopped')
  const events = { onJob: () => undefined, onQueued: () => undefined, onText: () => undefined }
  const ending = await readAnswer({ ...fake.deps, clock: slowFrames() }, REQUEST, stop.signal, events)
  expect(ending.finish).toBe('cancelled')
  resolve(
    new ReadableStream<AnswerFrame>({
      start: (controller) => controller.enqueue({ type: 'job', jobId: 'late', model: 'm', holdNano: '1' }),
    }),
  )
  expect(await told.promise).toBe('late')
})

test('a silence of minutes ends the answer with a reason, and the job is told', async () => {
  const { read, stopped } = setup((job) => job.write('and then'), { clock: slowFrames() })
  expect(await read()).toMatchObject({ finish: 'failed', reason: 'timed-out' })
  expect(stopped).toEqual(['job-1'])
})

test('an answer without an end is stopped', async () => {
  const { read, stopped } = setup((job) => {
    job.write('x'.repeat(200_001))
  })
  expect(await read()).toMatchObject({ finish: 'cancelled' })
  expect(stopped).toEqual(['job-1'])
})

test('the real clock wakes early when it is told to', async () => {
  const early = new AbortController()
  const sleeping = realClock.sleep(1_000_000, early.signal)
  early.abort()
  await sleeping
  await realClock.sleep(1_000_000, AbortSignal.abort())
})

/** Lets frames that are there come first, then time passes. */
function slowFrames(): Clock {
  const clock = fakeClock()
  return {
    nowMs: clock.nowMs,
    sleep: async (ms, signal) => {
      for (let turns = 0; turns < 50; turns += 1) await Promise.resolve()
      await clock.sleep(ms, signal)
    },
  }
}
