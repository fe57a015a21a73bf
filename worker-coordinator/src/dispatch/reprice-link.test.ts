import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { type DeskFixture, settleDown, setupDesk, setupReader, setupRunner } from './desk-fixture.ts'
import { pump } from './lease-job.ts'
import { repriceLink } from './links.ts'
import { startJob } from './start-job.ts'

const CHEAP = { input: 10_000_000, output: 30_000_000 }
const DEAR = { input: 20_000_000, output: 60_000_000 }
const capped = { maxPrice: { output: nano(BigInt(CHEAP.output)) } }

function reprice({ desk }: DeskFixture, linkId: string, ask: typeof CHEAP | undefined) {
  const link = desk.links.get(linkId)
  if (!link) throw new Error('no such link')
  repriceLink(desk, link, ask)
  pump(desk)
}
async function start(fixture: DeskFixture, extra: Parameters<DeskFixture['makeJob']>[0] = {}) {
  const job = fixture.makeJob(extra)
  // A job that runs is answered for only later: what counts here is whom it was offered to.
  void startJob(fixture.desk, job, setupReader().sink)
  await settleDown()
  return job
}

test('a lower price is found by a job that waits for one', async () => {
  const fixture = setupDesk()
  const cheap = await setupRunner(fixture, { ask: CHEAP })
  const dear = await setupRunner(fixture, { ask: DEAR })
  await start(fixture)
  const waiting = await start(fixture, capped)
  expect([cheap.offers(), dear.offers()]).toEqual([1, 0])
  reprice(fixture, dear.facts.linkId, CHEAP)
  expect(dear.offer()).toMatchObject({ jobId: waiting.jobId, price: CHEAP })
})
test('a higher price is not paid by a job that was held for a lower one', async () => {
  const fixture = setupDesk()
  const runner = await setupRunner(fixture, { ask: CHEAP, ownAsk: CHEAP })
  await start(fixture)
  await start(fixture)
  runner.say('one')
  reprice(fixture, runner.facts.linkId, DEAR)
  expect(runner.offers()).toBe(1)
  expect(runner.offer().price).toEqual(CHEAP)
  await runner.finish({ tokens: 1 })
  // What waits was held at the old price: the runner is too dear for it until it has that again.
  expect(runner.offers()).toBe(1)
  reprice(fixture, runner.facts.linkId, undefined)
  expect(runner.offers()).toBe(2)
})
test('a runner that says its speed keeps the price that its owner set', async () => {
  const fixture = setupDesk()
  const runner = await setupRunner(fixture, { ask: CHEAP, ownAsk: CHEAP, slots: 2 })
  reprice(fixture, runner.facts.linkId, DEAR)
  await start(fixture)
  expect(runner.offer().price).toEqual(DEAR)
  expect(fixture.desk.links.get(runner.facts.linkId)?.facts).toMatchObject({ ask: DEAR, ownAsk: CHEAP })
})
