import { expect, test } from 'vitest'
import { HOUR_MS, NOW_MS } from '../../../protocol/src/attestation/verification-fixture.ts'
import { EPOCH_MS, EPOCH_OVERLAP_MS } from '../../../protocol/src/sealed/epoch-open.ts'
import { setupAdmission } from './admission-fixture.ts'
import { createSealAdmission } from './seal-admission.ts'
import {
  EPOCH,
  makePairedFrame,
  makeSealingLink,
  makeStoredPolicy,
  makeTeeFrame,
} from './sealing-runner-fixture.ts'

const runner = await makeSealingLink()
const { link } = runner
const NOBODY = { runners: [], platforms: [], certificates: [] }
const setup = () => setupAdmission(link)

test('keys in force come back as they were, without judging them again', async () => {
  const { kept, settled, deps, admit } = await setup()
  await admit(await makePairedFrame(runner))
  await admit(await makeTeeFrame(link.runnerId))
  const blind = createSealAdmission({ ...deps, readDocuments: () => Promise.reject(new Error('read')) })
  const found = await blind.reload([link.runnerId], link.model, NOW_MS)
  expect(found.get(link.runnerId)).toEqual(kept.map(({ key }) => key))
  expect(settled).toEqual([])
})
test('of two that a runner has of one kind and epoch the newer one comes back', async () => {
  const { kept, admit, reload } = await setup()
  await admit(await makePairedFrame(runner))
  await admit(await makePairedFrame(runner, { notBeforeMs: NOW_MS - 500 }))
  expect((await reload()).get(link.runnerId)).toEqual([kept[1]?.key])
})
test('under a newer policy evidence is judged again; what passes goes on under it', async () => {
  const { state, settled, admit, reload } = await setup()
  await admit(await makeTeeFrame(link.runnerId))
  state.policy = await makeStoredPolicy({ seq: 2 })
  expect((await reload(NOW_MS + 30_000)).get(link.runnerId)).toMatchObject([{ kind: 'tee', policySeq: 2 }])
  expect(settled).toMatchObject([{ policySeq: 2, untilMs: NOW_MS + HOUR_MS }])
})
test('under a policy that revokes it a runner’s evidence is dropped, with a line, and its announcement is not', async () => {
  const { state, kept, settled, lines, admit, reload } = await setup()
  await admit(await makeTeeFrame(link.runnerId))
  await admit(await makePairedFrame(runner))
  const sealed = kept[0]?.key
  state.policy = await makeStoredPolicy({ seq: 2, revoked: { ...NOBODY, runners: [sealed?.runnerId ?? ''] } })
  const nowMs = NOW_MS + 30_000
  expect((await reload(nowMs)).get(link.runnerId)).toMatchObject([{ kind: 'paired' }])
  expect(settled).toEqual([{ evidenceDigest: sealed?.evidenceDigest, untilMs: nowMs, policySeq: 2 }])
  expect(lines).toEqual([
    {
      event: 'seal-keys-dropped',
      runner: link.runnerId,
      sealed_runner: sealed?.runnerId,
      evidence: sealed?.evidenceDigest,
      reason: 'runner-revoked',
    },
  ])
})
test('a build that takes no simulation any more drops what an earlier one admitted', async () => {
  const { kept, deps, admit } = await setup()
  await admit(await makeTeeFrame(link.runnerId))
  const strict = createSealAdmission({ ...deps, simulation: 'refused' })
  expect((await strict.reload([link.runnerId], link.model, NOW_MS)).size).toBe(0)
  expect(kept).toHaveLength(1)
})
test('keys of an epoch that is over do not come back', async () => {
  const { admit, reload } = await setup()
  await admit(await makePairedFrame(runner))
  expect((await reload((EPOCH + 1) * EPOCH_MS + EPOCH_OVERLAP_MS)).size).toBe(0)
})
test('a revocation is seen within 30 s', async () => {
  const { state, admission } = await setup()
  expect(await admission.policySeq(NOW_MS)).toBe(1)
  state.policy = await makeStoredPolicy({ seq: 2 })
  expect(await admission.policySeq(NOW_MS + 29_999)).toBe(1)
  expect(await admission.policySeq(NOW_MS + 30_000)).toBe(2)
})
