import { expect, test } from 'vitest'
import { settleDown, setupDesk, setupReader, setupRunner } from './desk-fixture.ts'
import { receiveFrame } from './receive-frame.ts'
import { startJob } from './start-job.ts'

test('a runner that refused an offer is not named as one that worked on the job', async () => {
  const fixture = setupDesk()
  const fast = await setupRunner(fixture, { tokensPerSecond: 1000 })
  const other = await setupRunner(fixture)
  void startJob(fixture.desk, fixture.makeJob(), setupReader().sink)
  await settleDown()
  const { jobId, attempt } = fast.offer()
  receiveFrame(fixture.desk, fast.facts.linkId, { type: 'job.refuse', jobId, attempt, reason: 'busy' })
  await settleDown()
  other.say('one')
  await other.finish({ tokens: 1 })
  const [end] = fixture.ended
  // Whoever stands in place 0 is paid by the transfer of attempt 0.
  expect(JSON.parse(end?.why ?? '')).toMatchObject([{ runner: other.facts.runnerId }])
  expect(end?.transfers).toMatchObject([{ id: `${jobId}/earn/0`, credit: other.facts.ledgerId }])
})
