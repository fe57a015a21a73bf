import { expect, test } from 'vitest'
import {
  type FakeNetworkPlan,
  setupFakeNetwork,
} from '../../../protocol/src/sealed-client/fake-network-fixture.ts'
import { MODEL } from '../../../protocol/src/sealed-client/fake-runner-fixture.ts'
import { checkPlace } from './check-place.ts'
import { createSealMemory } from './seal-memory.ts'
import { createSealedClient } from './sealed-client.ts'
import { evidenceOf } from './verify/check-receipt-here.ts'

const forgetful = { getItem: () => null, setItem: () => undefined }

/** A client of a fake network, with the evidence of its first runner. */
async function setupClient(plan: FakeNetworkPlan = {}, nowMs?: number) {
  const fake = await setupFakeNetwork(plan)
  const memory = createSealMemory(forgetful, '7')
  const { network, trust, deps, runners, tier } = fake
  const clock = nowMs === undefined ? deps.nowMs : () => nowMs
  const client = createSealedClient({ network, memory, nowMs: clock, sleep: deps.sleep, trust })
  const evidenceDigest = runners[0]?.row.evidence_digest ?? ''
  const check = (place = { evidenceDigest, ...wanted }) => client.check(place, new AbortController().signal)
  return { ...fake, client, memory, evidenceDigest, check, tier }
}

const wanted = { model: MODEL.id, manifestDigest: MODEL.manifestDigest }

test('evidence is checked again here, in thirteen steps', async () => {
  const { check } = await setupClient()
  const reply = await check()
  if (!reply.ok || reply.value.kind !== 'tee') throw new Error('no report')
  expect(reply.value.document.verdict).toBe('accepted')
  expect(reply.value.document.steps).toHaveLength(13)
})

test('evidence that the network swapped is not shown as the one that was asked for', async () => {
  let swapped: string | undefined
  const { check, runners } = await setupClient({
    runners: [{}, {}],
    attack: { evidence: (digest) => swapped ?? digest },
  })
  expect(await check()).toMatchObject({ ok: true })
  swapped = runners[1]?.row.evidence_digest
  expect(await check()).toMatchObject({ ok: false, reason: 'evidence-of-another' })
})

test('another model than the one that was wanted is refused at its step', async () => {
  const { check, evidenceDigest } = await setupClient()
  const reply = await check({ evidenceDigest, model: MODEL.id, manifestDigest: 'ef'.repeat(32) })
  expect(reply).toMatchObject({
    ok: true,
    value: { document: { verdict: 'refused', reason: 'model-manifest' } },
  })
})

test('a network that is not there is said to be, and evidence that it forgot is gone', async () => {
  const { network, trust, deps } = await setupFakeNetwork()
  const memory = createSealMemory(forgetful, '7')
  const signal = new AbortController().signal
  for (const reason of ['unreachable', 'not-found']) {
    const away = { ...network, readEvidence: async () => ({ ok: false, reason }) as const }
    const reply = await checkPlace(
      { network: away, trust, memory, nowMs: deps.nowMs },
      { evidenceDigest: 'ab'.repeat(32) },
      signal,
    )
    expect(reply).toMatchObject({ ok: false, reason })
  }
})

test('of one’s own machine the signature is checked, and whether it was confirmed', async () => {
  const { check, memory, runners } = await setupClient({ tier: 'own' })
  expect(await check()).toMatchObject({ ok: true, value: { kind: 'paired', isConfirmed: false } })
  memory.confirm(runners[0]?.row.runner_id ?? '')
  const reply = await check()
  expect(reply).toMatchObject({ value: { isConfirmed: true, runnerId: runners[0]?.row.runner_id } })
  expect(reply.ok && reply.value).not.toHaveProperty('fault')
})

test('a simulation is known from the evidence that was checked, and only looking sends no question', async () => {
  const { client, orders, evidenceDigest } = await setupClient()
  const look = await client.look(MODEL.id, 'confidential', new AbortController().signal)
  expect(look).toMatchObject({ ok: true, isSimulated: true, evidenceDigest })
  expect(orders).toEqual([])
})

test('what was accepted when it was sealed still vouches for a receipt when its hour is over', async () => {
  const { client, check, memory, evidenceDigest } = await setupClient()
  await client.look(MODEL.id, 'confidential', new AbortController().signal)
  const reply = await check()
  if (!reply.ok || reply.value.kind !== 'tee') throw new Error('no report')
  const { accepted: _, ...now } = reply.value
  const over = {
    ...now,
    document: { ...now.document, verdict: 'refused', reason: 'beacon-unknown' },
  } as const
  expect(evidenceOf(over)).toMatchObject({ document: { verdict: 'refused' } })
  const document = { ...now.document, verdict: 'accepted' } as const
  memory.noteVerdict(document)
  expect(evidenceOf({ ...over, before: document })?.accepted?.evidenceDigest).toBe(evidenceDigest)
})

test('what did not pass can be looked at, also where the network does not know it any more', async () => {
  const { client, network, trust, deps, memory } = await setupClient({ pins: { signers: [] } })
  const signal = new AbortController().signal
  const look = await client.look(MODEL.id, 'confidential', signal)
  const evidenceDigest = (!look.ok && look.evidenceDigest) || ''
  const forgot = { ...network, readEvidence: async () => ({ ok: false, reason: 'not-found' }) as const }
  const reply = await checkPlace(
    { network: forgot, trust, memory, nowMs: deps.nowMs },
    { evidenceDigest },
    signal,
  )
  expect(reply).toMatchObject({ ok: true, value: { document: { reason: 'pins-malformed' } } })
})
