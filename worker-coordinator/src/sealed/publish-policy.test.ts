import { expect, test } from 'vitest'
import type { Policy } from '../../../protocol/src/attestation/policy/policy.ts'
import { signPolicy } from '../../../protocol/src/attestation/policy/sign-policy.ts'
import {
  DAY_MS,
  makePolicy,
  NOW_MS,
  sharedSigners,
} from '../../../protocol/src/attestation/verification-fixture.ts'
import { utf8 } from '../../../protocol/src/bytes.ts'
import { sha256Hex, toHex } from '../../../protocol/src/canonical-json.ts'
import type { StoredPolicy } from './current-policy.ts'
import type { NewPolicy } from './policy-store.ts'
import { type PublishPolicyDeps, publishPolicy } from './publish-policy.ts'

const signers = await sharedSigners()

async function sign(change: Partial<Policy> = {}, count = 2) {
  return signPolicy(await makePolicy({ policy: change }), signers.slice(0, count))
}

/** A place that keeps policies as D1 does. */
async function setup(overrides: Partial<PublishPolicyDeps> = {}) {
  const added: NewPolicy[] = []
  const deps: PublishPolicyDeps = {
    pins: {
      network: 'sim-local',
      signers: signers.map(({ publicKey }) => toHex(publicKey)),
      threshold: 2,
      minSeq: 1,
    },
    simulation: 'allowed',
    findNewest: async (): Promise<StoredPolicy | undefined> => {
      const newest = added.at(-1)
      return newest && { ...newest, document: utf8(newest.document) }
    },
    addPolicy: async (policy) => {
      if (added.some(({ seq }) => seq >= policy.seq)) return false
      added.push(policy)
      return true
    },
    nowMs: () => NOW_MS,
    ...overrides,
  }
  return { added, deps, publish: (document: Uint8Array<ArrayBuffer>) => publishPolicy(deps, document) }
}

test('a policy that enough signers signed is kept, byte for byte', async () => {
  const { added, publish } = await setup()
  const document = await sign()
  const published = await publish(document)
  expect(published).toMatchObject({ ok: true, seq: 1, isNew: true })
  expect(added).toMatchObject([{ seq: 1, addedAt: NOW_MS, document: new TextDecoder().decode(document) }])
})
test('the same policy again is no fault and changes nothing, whoever signed it this time', async () => {
  const { added, publish } = await setup()
  await publish(await sign())
  expect(await publish(await sign({}, 3))).toMatchObject({ ok: true, seq: 1, isNew: false })
  expect(added).toHaveLength(1)
})
test('the next policy names the one before it; with a gap it need not', async () => {
  const { added, publish } = await setup()
  await publish(await sign())
  const prev = added[0]?.digest ?? ''
  expect(await publish(await sign({ seq: 2, prev: await sha256Hex('another') }))).toEqual({
    ok: false,
    reason: 'policy-forked',
  })
  expect(await publish(await sign({ seq: 2, prev }))).toMatchObject({ ok: true, seq: 2 })
  expect(await publish(await sign({ seq: 9 }))).toMatchObject({ ok: true, seq: 9 })
})

const faults: readonly (readonly [string, Partial<Policy>, number])[] = [
  ['policy-signatures', {}, 1],
  ['policy-network', { network: 'sim-other' }, 2],
  ['policy-window', { expiresAtMs: NOW_MS + 8 * DAY_MS }, 2],
  ['policy-expired', { issuedAtMs: NOW_MS - 2 * DAY_MS, expiresAtMs: NOW_MS - 1 }, 2],
  ['policy-not-yet-valid', { issuedAtMs: NOW_MS + 1 }, 2],
]
test.each(faults)(
  '%s: such a policy is refused, and the one in force stays',
  async (reason, change, count) => {
    const { added, publish } = await setup()
    await publish(await sign())
    expect(await publish(await sign({ seq: 7, ...change }, count))).toEqual({ ok: false, reason })
    expect(added).toHaveLength(1)
  },
)
test('policy-rolled-back, policy-forked: an older policy and another of the same number are refused', async () => {
  const { publish } = await setup()
  await publish(await sign({ seq: 5 }))
  expect(await publish(await sign({ seq: 4 }))).toEqual({ ok: false, reason: 'policy-rolled-back' })
  expect(await publish(await sign({ seq: 5, minTcbEvaluationNumber: 99 }))).toEqual({
    ok: false,
    reason: 'policy-forked',
  })
})
test('policy-simulated: a build that refuses the simulated TEE takes no policy of a simulated network', async () => {
  const { added, publish } = await setup({ simulation: 'refused' })
  expect(await publish(await sign())).toEqual({ ok: false, reason: 'policy-simulated' })
  expect(added).toEqual([])
})
test('pins-malformed: a build without signers takes no policy at all', async () => {
  const pins = { network: 'sim-local', signers: [], threshold: 2, minSeq: 1 }
  const { publish } = await setup({ pins })
  expect(await publish(await sign())).toEqual({ ok: false, reason: 'pins-malformed' })
})
test('policy-malformed: anything else is refused', async () => {
  const { publish } = await setup()
  for (const text of ['', '{}', 'null', '{"policy":"","signatures":[]}', '\u{FEFF}{}'])
    expect(await publish(utf8(text))).toEqual({ ok: false, reason: 'policy-malformed' })
  expect(await publish(new Uint8Array([0xff, 0xfe]))).toEqual({ ok: false, reason: 'policy-malformed' })
})
test('of two that come at once one stands, and the other is told so', async () => {
  const { added, deps, publish } = await setup()
  const late = { ...deps, findNewest: async () => undefined }
  await publish(await sign({ seq: 3 }))
  const first = await publishPolicy(late, await sign({ seq: 3, minTcbEvaluationNumber: 99 }))
  expect(first).toEqual({ ok: false, reason: 'policy-rolled-back' })
  expect(added).toHaveLength(1)
})
