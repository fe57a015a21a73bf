import { expect, test } from 'vitest'
import { createVerdictCache, type VerdictKey } from './verdict-cache.ts'
import { HOUR_MS, NOW_MS, tdxRequest } from './verification-fixture.ts'
import { verifyEvidence } from './verify-evidence.ts'

/** A cache that holds one accepted verdict, and the key under which it does. */
async function setupCache() {
  const request = await tdxRequest()
  const verification = await verifyEvidence(request)
  const { evidenceDigest, policySeq } = verification.document
  const key: VerdictKey = {
    evidenceDigest: evidenceDigest ?? '',
    format: 'sim-tdx',
    policySeq: policySeq ?? 0,
    wanted: request.wanted,
  }
  const cache = createVerdictCache()
  cache.keep(key, verification)
  return { cache, key, pins: request.pins, verification }
}

test('a verdict is found until the first part of it ends, and not a moment later', async () => {
  const { cache, key, pins } = await setupCache()
  expect(cache.find(key, pins, NOW_MS)?.accepted.evidenceDigest).toBe(key.evidenceDigest)
  expect(cache.find(key, pins, NOW_MS + HOUR_MS)).toBeDefined()
  expect(cache.find(key, pins, NOW_MS + HOUR_MS + 1)).toBeUndefined()
  expect(cache.find(key, pins, NOW_MS)).toBeUndefined()
})

test('a verdict is not found with a broken clock, or one that went back', async () => {
  const { cache, key, pins } = await setupCache()
  expect(cache.find(key, pins, Number.NaN)).toBeUndefined()
  expect(cache.find(key, pins, NOW_MS - 1)).toBeUndefined()
})

test('a verdict is not found for another question', async () => {
  const { cache, key, pins } = await setupCache()
  const ask = (changes: Partial<VerdictKey>) => cache.find({ ...key, ...changes }, pins, NOW_MS)
  expect(ask({ evidenceDigest: '00'.repeat(32) })).toBeUndefined()
  expect(ask({ policySeq: 2 })).toBeUndefined()
  expect(ask({ format: 'tdx' })).toBeUndefined()
  expect(ask({ wanted: { ...key.wanted, model: 'other' } })).toBeUndefined()
  expect(ask({ wanted: { ...key.wanted, platforms: 'registered' } })).toBeUndefined()
})

test('a verdict under an older policy than the one seen is not found', async () => {
  const { cache, key, pins } = await setupCache()
  expect(cache.find(key, { ...pins, seen: { seq: 2, digest: '00'.repeat(32) } }, NOW_MS)).toBeUndefined()
  expect(cache.find(key, { ...pins, minSeq: 2 }, NOW_MS)).toBeUndefined()
})

test('a refusal is not kept, nor a verdict under another name', async () => {
  const { key, pins, verification } = await setupCache()
  const cache = createVerdictCache()
  cache.keep(key, { document: verification.document })
  cache.keep({ ...key, evidenceDigest: '00'.repeat(32) }, verification)
  expect(cache.find(key, pins, NOW_MS)).toBeUndefined()
  expect(cache.find({ ...key, evidenceDigest: '00'.repeat(32) }, pins, NOW_MS)).toBeUndefined()
})

test('the oldest verdict goes when there are too many', async () => {
  const { cache, key, pins, verification } = await setupCache()
  for (let index = 0; index < 256; index += 1) {
    cache.keep({ ...key, wanted: { ...key.wanted, model: `model-${index}` } }, verification)
  }
  expect(cache.find(key, pins, NOW_MS)).toBeUndefined()
  expect(cache.find({ ...key, wanted: { ...key.wanted, model: 'model-255' } }, pins, NOW_MS)).toBeDefined()
})
