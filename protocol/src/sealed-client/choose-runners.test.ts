import { expect, test } from 'vitest'
import { NOW_MS } from '../attestation/verification-fixture.ts'
import { utf8 } from '../bytes.ts'
import { EPOCH_MS } from '../sealed/epoch-open.ts'
import { CANDIDATES_MAX } from '../sealed/header.ts'
import { chooseFake } from './ask-fixture.ts'
import { createRunnerChooser } from './choose-runners.ts'
import { type FakeNetworkPlan, setupFakeNetwork } from './fake-network-fixture.ts'
import { MODEL } from './fake-runner-fixture.ts'

test('every runner of the directory is chosen now and then, about as often as any other', async () => {
  const runners = Array.from({ length: 20 }, () => ({}))
  const { deps, tier, runners: made } = await chooseFake({ tier: 'own', runners })
  const times = new Map(made.map(({ row }) => [row.runner_id, 0]))
  const asks = 400
  for (let ask = 0; ask < asks; ask++) {
    const chosen = await deps.chooseRunners({ model: MODEL.id, tier, features: [] })
    if (!chosen.ok) throw new Error(chosen.reason)
    expect(new Set(chosen.candidates.map(({ runnerId }) => runnerId)).size).toBe(CANDIDATES_MAX)
    for (const { runnerId } of chosen.candidates) times.set(runnerId, (times.get(runnerId) ?? 0) + 1)
  }
  // 60 each is expected; 25 is more than five standard deviations below.
  expect(Math.min(...times.values())).toBeGreaterThan(25)
})

test('a runner that stands in the directory many times has one chance', async () => {
  const { chosen, runners } = await chooseFake({
    runners: [{}, {}],
    random: () => 0,
    attack: {
      directory: (honest) => ({
        ...honest,
        runners: [...Array(9).fill(honest.runners[0]), ...honest.runners],
      }),
    },
  })
  expect(chosen.ok && chosen.candidates.map(({ runnerId }) => runnerId)).toEqual(
    runners.map(({ row }) => row.runner_id),
  )
})

const DIRECTORIES: Readonly<Record<string, readonly [why: string, FakeNetworkPlan['attack']]>> = {
  'with a bad signature': [
    'directory-signature',
    {
      directoryBytes: (bytes) => {
        const carried = JSON.parse(new TextDecoder().decode(bytes)) as { directory: string }
        const changed = atob(carried.directory.replaceAll('-', '+').replaceAll('_', '/'))
        const text = btoa(changed.replace('"free_slots":2', '"free_slots":3'))
        const directory = text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
        return utf8(JSON.stringify({ ...carried, directory }))
      },
    },
  ],
  'that is no JSON': ['directory-malformed', { directoryBytes: () => utf8('<html>') }],
  'that is stale': [
    'directory-stale',
    { directory: (honest) => ({ ...honest, issued_at_ms: NOW_MS - 121_000 }) },
  ],
  'of the future': [
    'directory-stale',
    { directory: (honest) => ({ ...honest, issued_at_ms: NOW_MS + 121_000 }) },
  ],
  'of another model': ['directory-of-another', { directory: (honest) => ({ ...honest, model: 'other' }) }],
  'of another tier': ['directory-of-another', { directory: (honest) => ({ ...honest, tier: 'open' }) }],
}

test.each(Object.entries(DIRECTORIES))('a directory %s is refused', async (_, [why, attack]) => {
  const { chosen } = await chooseFake(attack ? { attack } : {})
  expect(chosen).toEqual({ ok: false, reason: 'evidence-refused', why })
})

test('in tier own only runners that were confirmed on this device are asked', async () => {
  const { chosen } = await chooseFake({ tier: 'own', trust: { confirmed: new Set() } })
  expect(chosen).toEqual({ ok: false, reason: 'no-own-runner' })
  const some = await setupFakeNetwork({ tier: 'own', runners: [{}, {}] })
  const [mine] = some.runners.map(({ row }) => row.runner_id)
  const trust = { ...some.trust, confirmed: new Set([mine ?? '']) }
  const mineOnly = await createRunnerChooser({ ...some.chooseDeps, trust })({
    model: MODEL.id,
    tier: 'own',
    features: [],
  })
  expect(mineOnly.ok && mineOnly.candidates.map(({ runnerId }) => runnerId)).toEqual([mine])
})

test('a paired runner does not stand in for a TEE', async () => {
  const { chosen } = await chooseFake({ runners: [{ kind: 'paired' }] })
  expect(chosen).toEqual({ ok: false, reason: 'no-runner' })
})

test.each([
  [
    'another manifest than the one that was asked for',
    { manifestDigest: 'cd'.repeat(32) },
    'evidence-refused',
  ],
  ['a feature that no runner has', { features: ['tools'] }, 'unsupported'],
  ['a lower price than any', { maxPrice: { output: 89_999 } }, 'price-too-low'],
] as const)('%s: nobody is chosen, and the reason is told', async (_, wish, reason) => {
  const { chosen } = await chooseFake({}, wish)
  expect(chosen).toMatchObject({ ok: false, reason })
})

test('a directory cannot swap the files of a model: evidence names others', async () => {
  const { chosen } = await chooseFake({
    attack: { directory: (honest) => ({ ...honest, manifest_digest: 'cd'.repeat(32) }) },
  })
  expect(chosen).toMatchObject({ ok: false, reason: 'evidence-refused', why: 'model-manifest' })
})

test('keys of an hour that is over, or not yet begun, are not sealed to', async () => {
  for (const epoch of [-2, 2]) {
    const { chosen } = await chooseFake({
      runners: [{ row: { epoch: Math.floor(NOW_MS / EPOCH_MS) + epoch } }],
    })
    expect(chosen).toEqual({ ok: false, reason: 'no-runner' })
  }
})

test('only the context of those that are asked counts', async () => {
  const { chosen } = await chooseFake({
    runners: [
      {},
      { row: { context_tokens: 0 }, kind: 'paired' },
      { row: { context_tokens: 0, evidence_digest: 'ab'.repeat(32) } },
    ],
  })
  expect(chosen.ok && chosen.contextTokens).toBe(8192)
})
