import { beforeAll, expect, test } from 'vitest'
import type { AnyReceipt } from '../answer.ts'
import { tdxRequest } from '../attestation/verification-fixture.ts'
import { type Verification, verifyEvidence } from '../attestation/verify-evidence.ts'
import { sha256Hex } from '../canonical-json.ts'
import type { Receipt } from '../receipt.ts'
import type { SealedReceipt } from '../sealed/sealed-receipt.ts'
import { signReceiptDay } from './day-document.ts'
import type { ReceiptToVerify } from './receipt-facts.ts'
import {
  FIXTURE_DAY,
  FIXTURE_JOB,
  type FixtureKey,
  makeFixtureKey,
  makeFixtureProof,
  makeOpenReceipt,
  makeSealedReceipt,
} from './receipt-fixture.ts'
import type { ReceiptProof } from './receipt-proof.ts'
import type { ReceiptStepName, ReceiptStepReason } from './receipt-steps.ts'
import { receiptsComment } from './receipts-comment.ts'
import { isReceiptRefused, verifyReceipt } from './verify-receipt.ts'

let runner: FixtureKey
let stranger: FixtureKey
let coordinator: FixtureKey
let open: Receipt
let sealed: SealedReceipt
let verification: Verification
let proof: ReceiptProof

beforeAll(async () => {
  ;[runner, stranger, coordinator] = await Promise.all([makeFixtureKey(), makeFixtureKey(), makeFixtureKey()])
  open = await makeOpenReceipt(runner)
  const runnerId = await sha256Hex(runner.publicKey)
  verification = await verifyEvidence(await tdxRequest({ statement: { signingKey: runner.hex, runnerId } }))
  const evidenceDigest = verification.document.evidenceDigest ?? ''
  sealed = await makeSealedReceipt(runner, { kind: 'tee', evidenceDigest })
  proof = await makeFixtureProof(coordinator, sealed)
})

/** Everything that speaks for the sealed receipt of the tests. */
const whole = (): ReceiptToVerify => ({
  receipt: sealed,
  evidence: { ...verification },
  known: { jobId: FIXTURE_JOB, inputHash: sealed.inputHash, outputHash: sealed.outputHash },
  charge: { nano: '250', completionTokens: 50, receipts: [sealed] },
  proof,
  signer: coordinator.hex,
  note: {
    transactionId: '1:ab',
    comment: receiptsComment({ day: FIXTURE_DAY, root: proof.document.root }),
  },
})

async function stepsOf(given: ReceiptToVerify): Promise<Record<string, string>> {
  const { steps } = await verifyReceipt(given)
  return Object.fromEntries(
    steps.map(({ step, verdict, reason }) => [step, reason ? `${verdict} ${reason}` : verdict]),
  )
}

test('a receipt with everything that speaks for it passes every step', async () => {
  expect(await stepsOf(whole())).toEqual({
    shape: 'passed',
    runner: 'passed',
    signature: 'passed',
    evidence: 'passed',
    hashes: 'passed',
    charge: 'passed',
    inclusion: 'passed',
    day: 'passed',
    chain: 'passed',
  })
})

test('a receipt of an open job passes what there is to check of it', async () => {
  const proofOfOpen = await makeFixtureProof(coordinator, open)
  expect(await stepsOf({ receipt: open, runnerKey: runner.base64Url, proof: proofOfOpen })).toEqual({
    shape: 'passed',
    runner: 'passed',
    signature: 'passed',
    evidence: 'unknown not-sealed',
    hashes: 'unknown not-given',
    charge: 'unknown not-given',
    inclusion: 'passed',
    day: 'passed',
    chain: 'unknown not-given',
  })
})

test('a sealed receipt of a paired runner rests on its announcement', async () => {
  const receipt = await makeSealedReceipt(runner, { kind: 'paired', evidenceDigest: '5'.repeat(64) })
  const given = { receipt, runnerKey: runner.base64Url }
  expect(await stepsOf({ ...given, pairedDigest: '5'.repeat(64) })).toMatchObject({
    runner: 'passed',
    signature: 'passed',
    evidence: 'passed',
  })
  expect(await stepsOf({ ...given, pairedDigest: '6'.repeat(64) })).toMatchObject({
    evidence: 'refused wrong-evidence',
  })
  expect(await stepsOf(given)).toMatchObject({ evidence: 'unknown not-given' })
})

test('with nothing to check it with, nothing passes but the shape and nothing is refused', async () => {
  const verified = await verifyReceipt({ receipt: sealed })
  expect(verified.steps.filter(({ verdict }) => verdict === 'passed').map(({ step }) => step)).toEqual([
    'shape',
  ])
  expect(isReceiptRefused(verified)).toBe(false)
})

test.each([undefined, null, 7, 'x', [], {}, { version: 3 }])('%j is no receipt', async (receipt) => {
  const verified = await verifyReceipt({ receipt })
  expect(verified.receipt).toBeUndefined()
  expect(verified.steps[0]).toMatchObject({ verdict: 'refused', reason: 'receipt-malformed' })
  expect(verified.steps.slice(1).every(({ reason }) => reason === 'not-reached')).toBe(true)
})

test('no member of a receipt can be changed', async () => {
  const altered: readonly Partial<SealedReceipt>[] = [
    { jobId: `job_${'0'.repeat(25)}` },
    { attempt: 1 },
    { evidenceDigest: '0'.repeat(64) },
    { manifestDigest: '0'.repeat(64) },
    { inputHash: '0'.repeat(64) },
    { outputHash: '0'.repeat(64) },
    { promptTokens: 99 },
    { completionTokens: 51 },
    { status: 'stopped' },
    { price: { input: 1, output: 1 } },
    { startedAtMs: 1 },
    { endedAtMs: 1 },
  ]
  for (const change of altered) {
    const steps = await stepsOf({
      ...whole(),
      receipt: { ...sealed, ...change },
      runnerKey: runner.base64Url,
    })
    expect(steps.signature, JSON.stringify(change)).toBe('refused bad-signature')
    expect(steps.inclusion, JSON.stringify(change)).toMatch(/^refused/)
  }
  const unknown = await stepsOf({ ...whole(), receipt: { ...sealed, note: 'x' } })
  expect(unknown.shape).toBe('refused receipt-malformed')
})

type Refusal = readonly [string, ReceiptStepName, ReceiptStepReason, () => Promise<ReceiptToVerify>]
const refusals: readonly Refusal[] = [
  [
    'the key of somebody else',
    'runner',
    'wrong-runner',
    async () => ({ receipt: open, runnerKey: stranger.base64Url }),
  ],
  ['a key that is none', 'runner', 'key-malformed', async () => ({ receipt: open, runnerKey: 'AAAA' })],
  [
    'a receipt that somebody else signed',
    'signature',
    'bad-signature',
    async () => {
      const forged = await makeOpenReceipt(stranger, { runnerId: open.runnerId })
      return { receipt: forged, runnerKey: runner.base64Url }
    },
  ],
  [
    'evidence that the verifier refused',
    'evidence',
    'evidence-refused',
    async () => ({ ...whole(), evidence: { document: { ...verification.document, verdict: 'refused' } } }),
  ],
  [
    'evidence of another runner',
    'evidence',
    'wrong-evidence',
    async () => {
      const runnerId = await sha256Hex(stranger.publicKey)
      const statement = { signingKey: stranger.hex, runnerId }
      return { ...whole(), evidence: { ...(await verifyEvidence(await tdxRequest({ statement }))) } }
    },
  ],
  ['another job', 'hashes', 'wrong-job', async () => ({ ...whole(), known: { jobId: 'job_x' } })],
  ['another question', 'hashes', 'wrong-input', async () => ({ ...whole(), known: { inputHash: 'x' } })],
  ['another answer', 'hashes', 'wrong-output', async () => ({ ...whole(), known: { outputHash: 'x' } })],
  ['another model', 'hashes', 'wrong-model', async () => ({ ...whole(), known: { manifestDigest: 'x' } })],
  [
    'another price',
    'hashes',
    'wrong-price',
    async () => ({ ...whole(), known: { price: { input: 1_000_000, output: 1 } } }),
  ],
  [
    'one nano more than the receipts come to',
    'charge',
    'overcharged',
    async () => ({ ...whole(), charge: { nano: '251', completionTokens: 50, receipts: [sealed] } }),
  ],
  [
    'a charge explained by receipts of another job',
    'charge',
    'wrong-job',
    async () => ({ ...whole(), charge: { nano: '1', completionTokens: 50, receipts: [] } }),
  ],
  [
    'a proof of another job',
    'inclusion',
    'wrong-proof',
    async () => ({ ...whole(), proof: { ...proof, job_id: 'job_x' } }),
  ],
  [
    'a tree without the receipt',
    'inclusion',
    'wrong-root',
    async () => ({ ...whole(), day: { ...proof.document, root: '0'.repeat(64) } }),
  ],
  [
    'a document that was changed',
    'day',
    'day-signature',
    async () => ({ ...whole(), day: { ...proof.document, leaves: 4 } }),
  ],
  [
    'a document of somebody else',
    'day',
    'wrong-signer',
    async () => ({ ...whole(), proof: await makeFixtureProof(stranger, sealed, { signer: stranger.hex }) }),
  ],
  [
    'the document of another day',
    'day',
    'wrong-day',
    async () => ({ ...whole(), proof: await makeFixtureProof(coordinator, sealed, { day: '2026-11-21' }) }),
  ],
  [
    'a note of another root',
    'chain',
    'wrong-note',
    async () => ({
      ...whole(),
      note: { transactionId: '1:ab', comment: receiptsComment({ day: FIXTURE_DAY, root: '0'.repeat(64) }) },
    }),
  ],
]
test.each(refusals)('%s is refused at the step %s: %s', async (_what, step, reason, give) => {
  const verified = await verifyReceipt(await give())
  expect(verified.steps.find((one) => one.step === step)).toMatchObject({ verdict: 'refused', reason })
  expect(isReceiptRefused(verified)).toBe(true)
})

test('a day that is not over is waited for, and speaks against nobody', async () => {
  const verified = await verifyReceipt({ receipt: sealed, proof: { readyAtMs: 5 }, note: 'none' })
  for (const step of ['inclusion', 'day', 'chain']) {
    expect(verified.steps.find((one) => one.step === step)).toMatchObject({
      verdict: 'pending',
      reason: 'not-yet',
    })
  }
  expect(isReceiptRefused(verified)).toBe(false)
  expect(await stepsOf({ ...whole(), note: 'none' })).toMatchObject({ chain: 'pending not-on-chain' })
})

test('the prompt is paid once, and less than the receipts come to may be charged', async () => {
  const second = await makeOpenReceipt(runner, { attempt: 1 })
  const receipts: readonly AnyReceipt[] = [open, second]
  const charged = (nano: string, completionTokens: number) =>
    stepsOf({ receipt: open, charge: { nano, completionTokens, receipts } })
  expect(await charged('400', 100)).toMatchObject({ charge: 'passed' })
  expect(await charged('399', 99)).toMatchObject({ charge: 'passed' })
  expect(await charged('401', 100)).toMatchObject({ charge: 'refused overcharged' })
  // A runner that died left no receipt, and what it delivered is charged all the same.
  expect(await charged('450', 117)).toMatchObject({ charge: 'unknown part-without-receipt' })
})

test('an altered signature of a day is refused, whatever it is', async () => {
  for (const signature of ['', '!!', 'A'.repeat(86)]) {
    const document = { ...proof.document, signature }
    expect(await stepsOf({ ...whole(), proof: { ...proof, document } })).toMatchObject({
      day: 'refused day-signature',
    })
  }
  const resigned = await signReceiptDay(stranger.privateKey, proof.document)
  expect(await stepsOf({ ...whole(), day: resigned })).toMatchObject({ day: 'refused day-signature' })
})
