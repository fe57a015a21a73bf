import { expect, test } from 'vitest'
import {
  makeSimulatedTee,
  simulatedRootsOf,
  simulateSnpEvidence,
  simulateTdxEvidence,
} from '../simulated-evidence.ts'
import { CHALLENGE, makeStatement, NOW_MS, tdxRequest, verdictOf } from '../verification-fixture.ts'
import { exportSimulatedTee, importSimulatedTee } from './simulated-tee-file.ts'

test('a simulated TEE that went through a file makes evidence that the policy of the first takes', async () => {
  const tee = await makeSimulatedTee(NOW_MS, { gpus: 2 })
  const read = await importSimulatedTee(await exportSimulatedTee(tee))
  if (!read) throw new Error('our own file')
  expect(simulatedRootsOf(read)).toEqual(simulatedRootsOf(tee))
  const request = await tdxRequest({ tee })
  const statement = await makeStatement({ gpu: { count: 2, mode: 'on' } })
  const run = { statement, nonce: CHALLENGE, nowMs: NOW_MS }
  expect(await verdictOf({ ...request, evidence: await simulateTdxEvidence(read, run) })).toBe('accepted')
  expect(await verdictOf({ ...request, evidence: await simulateSnpEvidence(read, run) })).toBe('accepted')
})

test('a file that is damaged gives nothing', async () => {
  const text = await exportSimulatedTee(await makeSimulatedTee(NOW_MS, { gpus: 1 }))
  expect(text).toContain('SIMULATED')
  for (const bad of ['', '{}', text.slice(0, -40), text.replace('"version": 1', '"version": 2')])
    expect(await importSimulatedTee(bad)).toBeUndefined()
  expect(
    await importSimulatedTee(text.replace(/"privateKey": ".{12}/, '"privateKey": "AAAAAAAAAAAA')),
  ).toBeUndefined()
})
