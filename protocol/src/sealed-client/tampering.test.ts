import { expect, test } from 'vitest'
import { type Bytes, fromCanonicalBase64Url, toCanonicalBase64Url } from '../bytes.ts'
import type { Envelope } from '../sealed/envelope.ts'
import { readHeader, type SealedHeader, writeHeader } from '../sealed/header.ts'
import { askFake } from './ask-fixture.ts'
import type { Attack } from './fake-network-fixture.ts'
import { type FakeRunnerPlan, PIECES } from './fake-runner-fixture.ts'
import type { ReadFrame } from './relay-frame.ts'

const WHOLE = PIECES.join('')
type Chunk = Extract<ReadFrame, { type: 'chunk' }>
type End = Extract<ReadFrame, { type: 'end' }>
type Usage = End['usage']

function flip(text: string, at = 3): string {
  const bytes: Bytes = fromCanonicalBase64Url(text) ?? new Uint8Array()
  return toCanonicalBase64Url(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))
}

const withHeader =
  (change: (header: SealedHeader) => Partial<SealedHeader>) =>
  (envelope: Envelope): Envelope => {
    const header = readHeader(envelope.header)
    if (!header) throw new Error('our own header')
    return { ...envelope, header: writeHeader({ ...header, ...change(header) }) }
  }

const REQUESTS: Readonly<Record<string, (envelope: Envelope) => Envelope>> = {
  'an altered header': withHeader(() => ({ max_out_bucket: 32_768 })),
  'a lowered tier': withHeader(() => ({ tier: 'open' })),
  'another model': withHeader(() => ({ model_manifest: 'cd'.repeat(32) })),
  'a later time': withHeader(({ ts }) => ({ ts: ts + 1 })),
  'an added candidate': withHeader(({ cand }) => ({
    cand: [...cand, { runner_id: 'run_of_somebody', epoch: 1, evidence_digest: 'ee'.repeat(32) }],
  })),
  'a swapped candidate': withHeader(({ cand }) => ({ cand: cand.toReversed() })),
  'other evidence': withHeader(({ cand }) => ({
    cand: cand.map((one) => ({ ...one, evidence_digest: 'ee'.repeat(32) })),
  })),
  'an altered ciphertext': (envelope) => ({ ...envelope, ct: flip(envelope.ct) }),
  'an altered key': (envelope) => ({
    ...envelope,
    wraps: envelope.wraps.map((wrap) => ({ ...wrap, wrapped: flip(wrap.wrapped) })),
  }),
  'an altered encapsulation': (envelope) => ({
    ...envelope,
    wraps: envelope.wraps.map((wrap) => ({ ...wrap, enc: flip(wrap.enc) })),
  }),
  'swapped wraps': (envelope) => ({ ...envelope, wraps: envelope.wraps.toReversed() }),
}

test.each(Object.entries(REQUESTS))('a request with %s is opened by no runner', async (_, envelope) => {
  const { runners, text, end } = await askFake({ runners: [{}, {}], attack: { envelope } })
  expect(runners.map(({ opened }) => opened)).toEqual([[], []])
  expect(text).toBe('')
  expect(end).toMatchObject({ finish: 'failed', usage: { costNano: '0' } })
})

/** Changes the chunks of an answer; the job before and the end behind stay. */
const chunks =
  (change: (chunks: readonly Chunk[]) => readonly unknown[]): Attack['frames'] =>
  (frames) => [
    ...frames.filter(({ type }) => type === 'job'),
    ...change(frames.filter((frame) => frame.type === 'chunk')),
    ...frames.filter(({ type }) => type === 'end'),
  ]
/** Changes the frame that ends an answer. */
const ending =
  (change: (end: End) => Partial<End>): Attack['frames'] =>
  (frames) => [
    ...frames.filter(({ type }) => type !== 'end'),
    ...frames.flatMap((frame) => (frame.type === 'end' ? [{ ...frame, ...change(frame) }] : [])),
  ]
const renumbered = (list: readonly Chunk[]) => list.map((chunk, seq) => ({ ...chunk, seq }))
const swap = ([a, b, c, d, ...rest]: readonly Chunk[]) =>
  [a, b, d, c, ...rest].filter((chunk) => chunk !== undefined)
const charged = (usage: Usage) => ({ usage })

const ANSWERS: Readonly<Record<string, readonly [fault: string, Attack['frames']]>> = {
  'a dropped chunk': ['chunk-order', chunks((all) => all.toSpliced(2, 1))],
  'a dropped chunk, the others renumbered': [
    'chunk-altered',
    chunks((all) => renumbered(all.toSpliced(2, 1))),
  ],
  'a repeated chunk': ['chunk-order', chunks((all) => all.toSpliced(2, 0, ...all.slice(2, 3)))],
  'a repeated chunk, the others renumbered': [
    'chunk-altered',
    chunks((all) => renumbered(all.toSpliced(2, 0, ...all.slice(2, 3)))),
  ],
  'chunks in another order': ['chunk-order', chunks(swap)],
  'chunks in another order, renumbered': ['chunk-altered', chunks((all) => renumbered(swap(all)))],
  'no last chunk': ['cut-off', chunks((all) => all.slice(0, -1))],
  'no chunk at all': ['cut-off', chunks(() => [])],
  'a cut that is called a stop, and charged': [
    'receipt-missing',
    (frames) =>
      chunks((all) => all.slice(0, 3))?.(
        ending(() => ({ finish: 'cancelled' }))?.(frames, ORDER) as ReadFrame[],
        ORDER,
      ) ?? [],
  ],
  'an altered chunk': [
    'chunk-altered',
    chunks((all) => all.map((chunk) => (chunk.seq === 3 ? { ...chunk, data: flip(chunk.data) } : chunk))),
  ],
  'an altered nonce': [
    'chunk-altered',
    chunks((all) => all.map((chunk) => (chunk.nonce ? { ...chunk, nonce: flip(chunk.nonce) } : chunk))),
  ],
  'no nonce': ['bad-nonce', chunks((all) => all.map((chunk) => ({ ...chunk, nonce: undefined })))],
  'a candidate that there is not': [
    'unknown-candidate',
    chunks((all) => all.map((chunk) => ({ ...chunk, candidate: 2 }))),
  ],
  'words in clear before it': [
    'words-outside-the-seal',
    chunks((all) => [{ type: 'delta', text: 'Send your key to me.' }, ...all]),
  ],
  'words in clear behind it': [
    'words-outside-the-seal',
    chunks((all) => [...all, { type: 'delta', text: 'Send your key to me.' }]),
  ],
  'a second answer behind the first words': [
    'two-answers',
    chunks((all) => [...all.slice(0, 3), ...all.map((chunk) => ({ ...chunk, attempt: 1 }))]),
  ],
  'an altered receipt': [
    'receipt-altered',
    ending(({ receipts }) => ({
      receipts: receipts.map((one) => ({ ...(one as object), promptTokens: 1 })),
    })),
  ],
  'no receipt': ['receipt-missing', ending(() => ({ receipts: [] }))],
  'a charge beyond its receipt': ['overcharged', ending(({ usage }) => charged({ ...usage, costNano: '2' }))],
  'more tokens than its receipt has': [
    'overcharged',
    ending(({ usage }) => charged({ ...usage, completionTokens: usage.completionTokens + 1 })),
  ],
  'a job of another name': [
    'receipt-wrong-job',
    (frames) => frames.map((frame) => (frame.type === 'job' ? { ...frame, jobId: 'job_other' } : frame)),
  ],
  'another attempt': ['receipt-wrong-job', chunks((all) => all.map((chunk) => ({ ...chunk, attempt: 1 })))],
}
const ORDER = {
  model: '',
  envelope: { header: '', ct: '', wraps: [] },
  key: '',
  lingerSeconds: 0,
  maxPrice: { input: 0, output: 0 },
}

test.each(Object.entries(ANSWERS))('an answer with %s is refused', async (_, [fault, frames]) => {
  const { text, end, faults } = await askFake({ attack: frames ? { frames } : {} })
  expect(faults).toEqual([fault])
  expect(end).toMatchObject({ finish: 'failed', reason: 'seal-broken' })
  expect(WHOLE.startsWith(text)).toBe(true)
})

const LIARS: Readonly<Record<string, readonly [fault: string, FakeRunnerPlan]>> = {
  'answers another request': ['other-request', { begin: { requestHash: 'aa'.repeat(32) } }],
  'says that it is another runner': ['other-runner', { begin: { runnerId: 'ab'.repeat(32) } }],
  'says that it showed other evidence': ['other-runner', { begin: { evidenceDigest: 'ab'.repeat(32) } }],
  'has loaded another model': ['other-model', { begin: { manifestDigest: 'cd'.repeat(32) } }],
  'signs a receipt of another job': ['receipt-wrong-job', { receipt: { jobId: 'job_other' } }],
  'signs a receipt of another runner': ['receipt-wrong-runner', { receipt: { runnerId: 'ab'.repeat(32) } }],
  'signs a receipt of other evidence': [
    'receipt-wrong-evidence',
    { receipt: { evidenceDigest: 'ab'.repeat(32) } },
  ],
  'signs a receipt of another model': [
    'receipt-wrong-model',
    { receipt: { manifestDigest: 'cd'.repeat(32) } },
  ],
  'signs a receipt of another question': ['receipt-wrong-input', { receipt: { inputHash: 'cd'.repeat(32) } }],
  'signs a receipt of other words': ['receipt-wrong-output', { receipt: { outputHash: 'cd'.repeat(32) } }],
  'signs for more answer than was sealed for': [
    'receipt-inflated-tokens',
    { receipt: { completionTokens: 4097 } },
  ],
  'signs for more prompt than was sealed': ['receipt-inflated-tokens', { receipt: { promptTokens: 257 } }],
  'signs for a higher price': ['overcharged', { receipt: { price: { input: 40_001, output: 90_000 } } }],
  'signs with a key that its evidence does not name': ['receipt-bad-signature', { signsWithOtherKey: true }],
}

test.each(Object.entries(LIARS))('a runner that %s is refused', async (_, [fault, runner]) => {
  const { end, faults } = await askFake({ runners: [runner] })
  expect(faults).toEqual([fault])
  expect(end).toMatchObject({ finish: 'failed', reason: 'seal-broken' })
})

test('the answer of another runner to another question cannot be opened', async () => {
  const stolen: ReadFrame[] = []
  const record: Attack['frames'] = (all) => {
    stolen.push(...all)
    return all
  }
  await askFake({ attack: { frames: record } })
  const { text, faults } = await askFake({ attack: { frames: () => stolen } })
  expect({ text, faults }).toEqual({ text: '', faults: ['chunk-altered'] })
})

test('an answer that somebody else stopped is not taken for a short one', async () => {
  const frames: Attack['frames'] = (all) => [
    ...all.slice(0, 3),
    {
      type: 'end',
      finish: 'cancelled',
      usage: { promptTokens: 0, completionTokens: 0, costNano: '0' },
      receipts: [],
    },
  ]
  const plan = { attack: { frames } }
  const cut = await askFake(plan, { order: { isStopped: () => false } })
  expect(cut.end).toMatchObject({ finish: 'failed', reason: 'seal-broken' })
  expect(cut.faults).toEqual(['stopped-by-another'])
  const stopped = await askFake(plan, { order: { isStopped: () => true } })
  expect(stopped.end).toMatchObject({ finish: 'cancelled' })
})

test('a whole answer whose runner was lost right behind it is whole, and costs nothing', async () => {
  const usage = { promptTokens: 0, completionTokens: 0, costNano: '0' }
  const frames = ending(() => ({ finish: 'failed', reason: 'runner-lost', usage, receipts: [] }))
  const { text, end, tickets } = await askFake({ attack: frames ? { frames } : {} })
  expect(text).toBe(WHOLE)
  expect(tickets).toHaveLength(1)
  expect(end).toMatchObject({ finish: 'stop', usage: { costNano: '0' }, receipts: [{ version: 2 }] })
})
