import { expect, test } from 'vitest'
import { sha256Of } from '../signatures.ts'
import { makeSigningKey } from '../simulated/signing-keys.ts'
import { makeSimulatedGpus } from '../simulated/simulated-gpu.ts'
import {
  type Changes,
  DAY_MS,
  makePolicy,
  NOW_MS,
  sharedTee,
  tdxRequest,
  tdxVerdict,
} from '../verification-fixture.ts'
import { verifyEvidence } from '../verify-evidence.ts'

test('two GPUs with a report each are accepted', async () => {
  expect(await tdxVerdict({ statement: { gpu: { count: 2, mode: 'on' } } })).toBe('accepted')
})

const reports: readonly (readonly [string, string, Changes])[] = [
  ['gpu-nonce', 'that answers another nonce', { gpu: { nonce: new Uint8Array(32).fill(9) } }],
  ['gpu-firmware-id', 'for other firmware than its certificate', { gpu: { firmwareId: '60'.repeat(48) } }],
  ['gpu-profile', 'of a driver that no profile has', { gpu: { driver: 'SIMULATED 0.9' } }],
  ['gpu-mode', 'of a GPU that is shared in a way no profile has', { gpu: { featureFlag: 0 } }],
  ['gpu-mode', 'of a GPU that is shared in an unknown way', { gpu: { featureFlag: 7 } }],
  [
    'gpu-measurement',
    'with a digest that the policy does not list',
    { gpu: { firstDigest: '61'.repeat(48) } },
  ],
  ['gpu-measurement-count', 'with too few measurements', { gpu: { blocks: 7 } }],
  ['gpu-measurement-count', 'with too many measurements', { gpu: { blocks: 9 } }],
]
test.each(reports)('%s: a report %s is refused', async (reason, _, changes) => {
  expect(await tdxVerdict(changes)).toBe(reason)
})

test('gpu-malformed: a report whose digest is cut short is refused', async () => {
  expect(await tdxVerdict({ gpu: { firstDigest: '5d'.repeat(47) } })).toBe('gpu-malformed')
})

test('gpu-signature: a report that another key signed is refused', async () => {
  expect(await tdxVerdict({ gpu: { signer: await makeSigningKey('ecdsa-sha384') } })).toBe('gpu-signature')
})

test('gpu-chain: a GPU whose certificate is over is refused', async () => {
  const tee = await sharedTee()
  const gpus = await makeSimulatedGpus(NOW_MS, { count: 1, leafUntilMs: NOW_MS - DAY_MS })
  const { document } = await verifyEvidence(await tdxRequest({ tee: { ...tee, gpus } }))
  expect(document.reason).toBe('gpu-chain')
  expect(document.steps[11]?.inputs.fault).toBe('chain-time')
})

test('gpu-chain: a GPU of another root is refused', async () => {
  const { gpus } = await makeSimulatedGpus(NOW_MS, { count: 1 })
  const { document } = await verifyEvidence(await tdxRequest({ gpus }))
  expect(document.reason).toBe('gpu-chain')
  expect(document.steps[11]?.inputs.fault).toBe('chain-root')
})

const counts: readonly (readonly [string, Changes])[] = [
  ['fewer GPUs than the statement says', { statement: { gpu: { count: 3, mode: 'on' } } }],
  [
    'no GPU where the policy wants one',
    { statement: { gpu: { count: 0, mode: 'off' } }, policy: wants(1, 8) },
  ],
  ['more GPUs than the policy takes', { statement: { gpu: { count: 2, mode: 'on' } }, policy: wants(0, 1) }],
]
test.each(counts)('gpu-count: %s are refused', async (_, { policy, ...changes }) => {
  const { profiles } = (await makePolicy({})).gpu
  const gpu = policy?.gpu && { gpu: { ...policy.gpu, profiles } }
  expect(await tdxVerdict({ ...changes, ...(gpu && { policy: gpu }) })).toBe('gpu-count')
})

function wants(minCount: number, maxCount: number): Changes['policy'] & object {
  return { gpu: { minCount, maxCount, profiles: [] } }
}

test('gpu-count: more GPUs than the statement says are refused', async () => {
  const { gpus } = (await sharedTee()).gpus
  expect(await tdxVerdict({ gpus })).toBe('gpu-count')
})

test('gpu-repeated: one GPU that reports twice is not two', async () => {
  const [gpu] = (await sharedTee()).gpus.gpus
  const gpus = gpu ? [gpu, gpu] : []
  expect(await tdxVerdict({ gpus, statement: { gpu: { count: 2, mode: 'on' } } })).toBe('gpu-repeated')
})

test('gpu-devtools: a GPU with developer tools, or without its confidential mode, is refused', async () => {
  expect(await tdxVerdict({ statement: { gpu: { count: 1, mode: 'devtools' } } })).toBe('gpu-devtools')
  expect(await tdxVerdict({ statement: { gpu: { count: 1, mode: 'off' } } })).toBe('gpu-devtools')
})

test('a runner without GPUs is accepted where the policy wants none', async () => {
  expect(await tdxVerdict({ statement: { gpu: { count: 0, mode: 'off' } } })).toBe('accepted')
})

test('gpu-revoked: a GPU whose certificate the policy revokes is refused', async () => {
  const [gpu] = (await sharedTee()).gpus.gpus
  const certificates = [await sha256Of(gpu?.chain[0] ?? new Uint8Array())]
  expect(await tdxVerdict({ policy: { revoked: { runners: [], platforms: [], certificates } } })).toBe(
    'gpu-revoked',
  )
})
