import { expect, test } from 'vitest'
import { downFrameSchema, offerContent } from './down.ts'
import { pairingCodeSchema, pairRequestSchema } from './pairing.ts'
import { helloSigningText, upFrameSchema } from './up.ts'

const delta = { type: 'job.delta', jobId: 'j', attempt: 0, seq: 0, text: 'x', tokens: 1 }

test('a delta is read as it was written', () => {
  expect(upFrameSchema.parse({ ...delta, tokenIds: [1] })).toEqual({ ...delta, tokenIds: [1] })
})
test.each<[string, object]>([
  ['of an unknown type', { type: 'job.steal', jobId: 'j' }],
  ['without a type', { jobId: 'j' }],
  ['with negative tokens', { ...delta, tokens: -1 }],
  ['with half a token', { ...delta, tokens: 0.5 }],
  ['with a sequence below zero', { ...delta, seq: -1 }],
  ['with too many deltas', { ...delta, seq: 200_001 }],
  ['with a text over the bound', { ...delta, text: 'x'.repeat(200_001) }],
  ['with text that is no text', { ...delta, text: 1 }],
  ['with slots below zero', { type: 'slots', freeSlots: -1, tokensPerSecond: 1 }],
  ['with a speed that is no number', { type: 'slots', freeSlots: 1, tokensPerSecond: null }],
  ['with no vectors', { type: 'job.vectors', jobId: 'j', attempt: 0, seq: 0, vectors: [] }],
  ['with an unknown reason', { type: 'job.fail', jobId: 'j', attempt: 0, reason: 'tired' }],
])('a frame %s is refused', (_, frame) => {
  expect(upFrameSchema.safeParse(frame).success).toBe(false)
})
test('a frame down that is not known is refused, and a newer field is passed over', () => {
  expect(downFrameSchema.safeParse({ type: 'job.bonus' }).success).toBe(false)
  const cancel = { type: 'job.cancel', jobId: 'j', attempt: 0 }
  expect(downFrameSchema.parse({ ...cancel, newer: true })).toEqual(cancel)
})
test('what a receipt covers is what was asked, not what is paid', () => {
  const offer = {
    type: 'job.offer',
    jobId: 'j',
    attempt: 0,
    price: { input: 1, output: 2 },
    kind: 'chat',
    messages: [{ role: 'user', content: 'hi' }],
    params: { maxTokens: 1 },
  } as const
  const content = offerContent({ ...offer, messages: [...offer.messages] })
  expect(content).toEqual({ messages: offer.messages, params: offer.params })
})
test('a hello is signed for its own link', () => {
  const hello = { runnerId: 'r', model: 'm', manifestDigest: 'd' }
  expect(helloSigningText('a', hello)).not.toBe(helloSigningText('b', hello))
})
test.each([
  ['K7QM-29XF', 'K7QM29XF'],
  ['k7qm 29xf', 'K7QM29XF'],
  [' k7qm29xf ', 'K7QM29XF'],
])('the pairing code %j is read however a person types it', (typed, code) => {
  expect(pairingCodeSchema.parse(typed)).toBe(code)
})
test.each(['', 'K7QM', 'K7QM-29XF-1', 'K0QM-29XF', 'KIQM-29XF'])('%j is no pairing code', (typed) => {
  expect(pairingCodeSchema.safeParse(typed).success).toBe(false)
})
test('a pairing with a key of another length, or a field too many, is refused', () => {
  const request = { code: 'K7QM-29XF', publicKey: 'A'.repeat(43), name: 'pc', signature: '' }
  expect(pairRequestSchema.safeParse(request).success).toBe(true)
  expect(pairRequestSchema.safeParse({ ...request, publicKey: 'A'.repeat(42) }).success).toBe(false)
  expect(pairRequestSchema.safeParse({ ...request, name: ' ' }).success).toBe(false)
  expect(pairRequestSchema.safeParse({ ...request, owner: 1 }).success).toBe(false)
})
