import { expect, test } from 'vitest'
import type { SealedReceipt } from '../../../protocol/src/sealed/sealed-receipt.ts'
import { settleDown, setupDesk } from './desk-fixture.ts'
import { receiveFrame } from './receive-frame.ts'
import { settleJob, setupSealedRunner, startSealed } from './sealed-desk-fixture.ts'

const LENGTH_BUCKET = 256

test.each<[string, Partial<SealedReceipt>]>([
  ['of another job', { jobId: 'job_00000000000000000000000aa' }],
  ['of another attempt', { attempt: 1 }],
  ['of another runner', { runnerId: 'f'.repeat(64) }],
  ['under other evidence', { evidenceDigest: 'f'.repeat(64) }],
  ['of another model', { manifestDigest: 'f'.repeat(64) }],
  ['of another request', { inputHash: 'f'.repeat(64) }],
  ['of another answer', { outputHash: 'f'.repeat(64) }],
  ['at another price', { price: { input: 20_000_001, output: 60_000_000 } }],
  ['with more prompt than the header allows', { promptTokens: LENGTH_BUCKET + 1 }],
  ['with more tokens than the header allows', { completionTokens: 257 }],
])('a receipt %s is neither paid nor charged, nor shown', async (_, change) => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job, reader } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  await answer.say('Words.')
  await answer.finish(1, change)
  await settleJob(fixture, job)
  expect(fixture.ended).toMatchObject([{ state: 'failed', charge: 0n, transfers: [], receipts: '[]' }])
  expect(reader.end()).toMatchObject({ finish: 'failed', receipts: [] })
  expect(runner.link.strikes).toBe(1)
})

test('a receipt that is signed by an unknown key is neither paid nor charged', async () => {
  const fixture = setupDesk()
  const [runner, other] = [await setupSealedRunner(fixture), await setupSealedRunner(fixture)]
  const { job } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  await answer.finish(1, {}, other.pair)
  await settleJob(fixture, job)
  expect(fixture.ended).toMatchObject([{ state: 'failed', charge: 0n, receipts: '[]' }])
})

test('a second receipt of the same job changes nothing', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  await answer.say('Words.')
  const receipt = await answer.finish(1)
  const { jobId, attempt } = runner.lastOffer()
  receiveFrame(fixture.desk, runner.facts.linkId, { type: 'job.sealed-done', jobId, attempt, receipt })
  await settleJob(fixture, job)
  receiveFrame(fixture.desk, runner.facts.linkId, { type: 'job.sealed-done', jobId, attempt, receipt })
  await settleDown()
  expect(fixture.ended).toHaveLength(1)
  expect(fixture.ended[0]?.transfers).toHaveLength(1)
})

test.each<[string, object]>([
  ['words outside the seal', { type: 'job.delta', seq: 0, text: 'xyzzy', tokens: 1 }],
  [
    'a receipt of an open job',
    { type: 'job.done', finish: 'stop', usage: { promptTokens: 1, completionTokens: 1 }, receipt: {} },
  ],
  ['a gap between chunks', { type: 'job.chunk', seq: 2, data: 'AAAA' }],
  ['a nonce in the middle', { type: 'job.chunk', seq: 1, data: 'AAAA', nonce: 'A'.repeat(43) }],
  ['that it cannot open what it began', { type: 'job.unsealable', reason: 'cannot-open' }],
])('a runner that sends %s is cut off', async (_, frame) => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job, reader } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  const { jobId, attempt } = runner.lastOffer()
  receiveFrame(fixture.desk, runner.facts.linkId, { jobId, attempt, ...frame } as never)
  await settleJob(fixture, job)
  expect(reader.end()).toMatchObject({ finish: 'failed', reason: 'engine-failed' })
  expect(reader.text()).toBe('')
})

test('a runner that sends more bytes than its header pays for is cut off', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  const { job, reader } = await startSealed(fixture, [runner])
  const answer = await runner.open()
  await answer.begin()
  const { jobId, attempt } = runner.lastOffer()
  for (let seq = 1; seq < 120; seq++) {
    receiveFrame(fixture.desk, runner.facts.linkId, {
      type: 'job.chunk',
      jobId,
      attempt,
      seq,
      data: 'A'.repeat(5000),
    })
  }
  await settleJob(fixture, job)
  expect(reader.end()).toMatchObject({ finish: 'failed', reason: 'engine-failed' })
  // 64 KiB and 256 × 1 KiB.
  const bytes = reader.frames.reduce(
    (sum, frame) => sum + (frame.type === 'chunk' ? frame.data.length : 0),
    0,
  )
  expect(bytes * 0.75).toBeLessThan((64 + 256) * 1024)
})
