import { expect, test } from 'vitest'
import { setupDesk } from './desk-fixture.ts'
import { receiveFrame } from './receive-frame.ts'
import { setupSealedRunner } from './sealed-desk-fixture.ts'
import { addSealedKey } from './sealed-links.ts'
import { mergeConfidential, takeConfidentialSupply, takeSealedSupply } from './sealed-supply.ts'
import { takeSnapshot } from './snapshot.ts'

const ME = { accountId: 7, keyId: undefined }
const CONFIDENTIAL = { tier: 'confidential', caller: ME } as const
const OWN = { tier: 'own', caller: ME } as const

test('everybody finds each TEE that serves everyone, with its price and the key to seal to', async () => {
  const { desk, ...fixture } = setupDesk()
  const tee = await setupSealedRunner({ desk, ...fixture }, { facts: { features: ['tools'], slots: 3 } })
  await setupSealedRunner({ desk, ...fixture }, { kind: 'paired', facts: { ownerId: 7 } })
  await setupSealedRunner({ desk, ...fixture }, { facts: { audience: 'own', ownerId: 7 } })
  expect(takeSealedSupply(desk, CONFIDENTIAL)).toEqual([
    {
      runner_id: tee.key.runnerId,
      kind: 'tee',
      epoch: 0,
      evidence_digest: tee.key.evidenceDigest,
      until_ms: tee.key.untilMs,
      features: ['tools'],
      context_tokens: 1024,
      tokens_per_second: 100,
      free_slots: 3,
      price: { input: 20_000_000, output: 60_000_000 },
    },
  ])
})

test("in tier own a caller finds the caller's and the groups' runners alone, for free", async () => {
  const fixture = setupDesk()
  const mine = await setupSealedRunner(fixture, { kind: 'paired', facts: { ownerId: 7 } })
  const shared = await setupSealedRunner(fixture, {
    kind: 'paired',
    facts: { audience: 'group', groupId: 'g' },
  })
  await setupSealedRunner(fixture, { kind: 'paired' })
  await setupSealedRunner(fixture, { facts: { ownerId: 7 } })
  const found = takeSealedSupply(fixture.desk, { ...OWN, groupIds: ['g'] })
  expect(found.map(({ runner_id }) => runner_id)).toEqual([mine.key.runnerId, shared.key.runnerId])
  expect(found.map(({ price }) => price)).toEqual([
    { input: 0, output: 0 },
    { input: 0, output: 0 },
  ])
  expect(takeSealedSupply(fixture.desk, OWN)).toHaveLength(1)
})

test('keys that ended, or that an older policy judged, are not shown; nor are runners that leave', async () => {
  const fixture = setupDesk()
  fixture.desk.seals.policySeq = 1
  await setupSealedRunner(fixture, { key: { untilMs: 1_000_000 } })
  await setupSealedRunner(fixture, { key: { policySeq: 0 } })
  const leaving = await setupSealedRunner(fixture)
  receiveFrame(fixture.desk, leaving.facts.linkId, { type: 'bye' })
  expect(takeSealedSupply(fixture.desk, CONFIDENTIAL)).toEqual([])
  expect(takeConfidentialSupply(fixture.desk)).toBeUndefined()
  expect(takeSnapshot(fixture.desk)).not.toHaveProperty('confidential')
})

test('of two epochs the one that is now is shown, and the next one when it begins', async () => {
  const fixture = setupDesk()
  const runner = await setupSealedRunner(fixture)
  await fixture.advance(52 * 60_000 - 1_000_000)
  const next = { ...runner.key, epoch: 1, evidenceDigest: 'b'.repeat(64), untilMs: 9e6 }
  addSealedKey(fixture.desk, runner.link, next)
  const epochs = () => takeSealedSupply(fixture.desk, CONFIDENTIAL).map(({ epoch }) => epoch)
  expect(epochs()).toEqual([0])
  await fixture.advance(8 * 60_000)
  expect(epochs()).toEqual([1])
})

test('objects of one model are summed up, with the lowest price on each side', async () => {
  const one = setupDesk()
  await setupSealedRunner(one, { facts: { ask: { input: 5, output: 9 }, tokensPerSecond: 40 } })
  const other = setupDesk()
  await setupSealedRunner(other, { facts: { ask: { input: 7, output: 3 }, tokensPerSecond: 60, slots: 2 } })
  const parts = [takeConfidentialSupply(one.desk), undefined, takeConfidentialSupply(other.desk)]
  expect(mergeConfidential(parts)).toEqual({
    runners: 2,
    freeSlots: 3,
    waitSeconds: 0,
    tokensPerSecond: 50,
    contextTokens: 1024,
    price: { input: 5, output: 3 },
  })
  expect(mergeConfidential([undefined])).toBeUndefined()
})
