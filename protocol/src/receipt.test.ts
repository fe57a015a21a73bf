import { expect, test } from 'vitest'
import { toBase64Url } from './canonical-json.ts'
import { findReceiptFault, type Receipt, type ReceiptFacts, signReceipt } from './receipt.ts'
import { inputHash, outputHash } from './receipt-hashes.ts'

async function setupReceipt() {
  const keys = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey))
  const facts: ReceiptFacts = {
    jobId: 'job_1',
    attempt: 0,
    runnerId: 'run_1',
    publicKey,
    manifestDigest: 'a'.repeat(64),
    inputHash: await inputHash({ messages: [{ role: 'user', content: 'hi' }] }),
    outputHash: await outputHash('job_1', 0, ['Hel', 'lo']),
    price: { input: 10, output: 20 },
  }
  const receipt = await signReceipt(keys.privateKey, {
    version: 1,
    jobId: 'job_1',
    attempt: 0,
    runnerId: 'run_1',
    model: 'm',
    manifestDigest: 'a'.repeat(64),
    inputHash: await inputHash({ messages: [{ role: 'user', content: 'hi' }] }),
    outputHash: await outputHash('job_1', 0, ['Hel', 'lo']),
    promptTokens: 3,
    completionTokens: 2,
    price: { input: 10, output: 20 },
    startedAtMs: 1,
    endedAtMs: 2,
  })
  return { receipt, facts }
}

test('a receipt that was signed holds', async () => {
  const { receipt, facts } = await setupReceipt()
  expect(await findReceiptFault(receipt, facts)).toBeUndefined()
})
test.each<[string, Partial<Receipt>, string]>([
  ['more tokens', { completionTokens: 3 }, 'bad-signature'],
  ['another time', { endedAtMs: 3 }, 'bad-signature'],
  ['another signature', { signature: toBase64Url(new Uint8Array(64)) }, 'bad-signature'],
  ['no signature', { signature: '' }, 'bad-signature'],
  ['another job', { jobId: 'job_2' }, 'wrong-job'],
  ['another runner', { runnerId: 'run_2' }, 'wrong-job'],
  ['another attempt', { attempt: 1 }, 'wrong-job'],
  ['another model', { manifestDigest: 'b'.repeat(64) }, 'wrong-model'],
  ['another input', { inputHash: 'b'.repeat(64) }, 'wrong-input'],
  ['another output', { outputHash: 'b'.repeat(64) }, 'wrong-output'],
  ['another price', { price: { input: 10, output: 21 } }, 'wrong-price'],
])('a receipt with %s does not hold', async (_, change, fault) => {
  const { receipt, facts } = await setupReceipt()
  expect(await findReceiptFault({ ...receipt, ...change }, facts)).toBe(fault)
})
test('pieces that were cut otherwise, reordered or left out give another hash', async () => {
  const hashes = await Promise.all(
    [['a', 'b'], ['b', 'a'], ['ab'], ['a'], ['a', 'b', '']].map((pieces) => outputHash('j', 0, pieces)),
  )
  expect(new Set(hashes).size).toBe(5)
})
