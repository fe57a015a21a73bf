import { expect, test } from 'vitest'
import type { EmbeddingJob } from '../jobs/chat-job.ts'
import { settleDown, setupDesk, setupReader, setupRunner } from './desk-fixture.ts'
import { receiveFrame } from './receive-frame.ts'
import { startJob } from './start-job.ts'

const vector = (...numbers: number[]) => Buffer.from(new Float32Array(numbers).buffer).toString('base64')

async function setupEmbedding() {
  const fixture = setupDesk()
  const runners = [await setupRunner(fixture), await setupRunner(fixture)] as const
  const { messages: _, needs: __, params: ___, ...base } = fixture.makeJob()
  const job: EmbeddingJob = { ...base, kind: 'embedding', texts: ['a', 'b'] }
  const reader = setupReader()
  const started = startJob(fixture.desk, job, reader.sink)
  await settleDown()
  const [first, second] = runners[0].offers() > 0 ? runners : [runners[1], runners[0]]
  const send = (runner: typeof first, attempt: number, seq: number, ...vectors: string[]) =>
    receiveFrame(fixture.desk, runner.facts.linkId, {
      type: 'job.vectors',
      jobId: job.jobId,
      attempt,
      seq,
      vectors,
    })
  return { ...fixture, first, second, job, reader, started, send }
}

test.each([
  ['no base64', '!!!!'],
  ['half a number', Buffer.from([1, 2]).toString('base64')],
  ['nothing', ''],
  ['not a number', vector(Number.NaN)],
  ['infinity', vector(1, Number.POSITIVE_INFINITY)],
])('a vector that is %s sends the job to another runner, whole', async (_, wrong) => {
  const { first, second, desk, job, send } = await setupEmbedding()
  send(first, 0, 0, vector(1), wrong)
  expect(second.offers()).toBe(1)
  expect(desk.jobs.get(job.jobId)?.vectors).toEqual([])
  send(second, 1, 0, vector(1), vector(2))
  expect(desk.jobs.get(job.jobId)?.vectors).toHaveLength(2)
})
test('more vectors than texts send the job to another runner', async () => {
  const { first, second, send } = await setupEmbedding()
  send(first, 0, 0, vector(1), vector(2), vector(3))
  expect(second.offers()).toBe(1)
})
test('chat deltas for embeddings send the job to another runner', async () => {
  const { first, second, desk, job } = await setupEmbedding()
  receiveFrame(desk, first.facts.linkId, {
    type: 'job.delta',
    jobId: job.jobId,
    attempt: 0,
    seq: 0,
    text: 'x',
    tokens: 1,
  })
  expect(second.offers()).toBe(1)
})
