import { expect, test } from 'vitest'
import { DEFAULT_MAX_TOKENS } from '../../../protocol/src/chat-tokens.ts'
import { makeJobId } from '../../../protocol/src/ids.ts'
import { nano } from '../../../protocol/src/money.ts'
import type { ChatJob, EmbeddingJob, SealedJob } from '../jobs/chat-job.ts'
import { costOf, fitsCap, higherPrice } from './price.ts'
import { promptBytes, quoteJob } from './quote.ts'

const price = { input: nano(1_000_000n), output: nano(2_000_000n) }
const base = {
  jobId: makeJobId(0, new Uint8Array(16)),
  caller: { accountId: 1, keyId: undefined },
  model: 'm',
  tier: 'open' as const,
}
const chat = (content: string, maxTokens?: number): ChatJob => ({
  ...base,
  kind: 'chat',
  messages: [{ role: 'user', content }],
  params: maxTokens === undefined ? {} : { maxTokens },
  needs: [],
})
const embedding = (...texts: string[]): EmbeddingJob => ({ ...base, kind: 'embedding', texts })

test('a prompt is held by its bytes, so that no tokenizer makes more of it', () => {
  expect(quoteJob(chat('שלום', 10), price, 4096)).toEqual({
    promptTokensMax: 8 + 64 + 16,
    completionTokensMax: 10,
    hold: 88n + 20n,
  })
})
test('neither prompt nor answer is held beyond the context', () => {
  expect(quoteJob(chat('x'.repeat(5_000)), price, 1024)).toMatchObject({
    promptTokensMax: 1024,
    completionTokensMax: 1024,
  })
})
test('an answer without a limit is held by the default one', () => {
  expect(quoteJob(chat('x'), price, 1_000_000).completionTokensMax).toBe(DEFAULT_MAX_TOKENS)
})
test('embeddings hold what is read and nothing else', () => {
  expect(quoteJob(embedding('abc', 'de'), price, 256)).toEqual({
    promptTokensMax: 5 + 16,
    completionTokensMax: 0,
    hold: 21n,
  })
  expect(quoteJob(embedding('x'.repeat(9_000)), price, 256).promptTokensMax).toBe(256)
})
test('tools and formats count as prompt', () => {
  const job = { ...chat('x'), params: { tools: [{ a: 1 }], responseFormat: { b: 2 } } }
  expect(promptBytes(job)).toBe(1 + '[{"a":1}]'.length + '{"b":2}'.length)
})
test('a cost is rounded up over all lines together', () => {
  const line = { price: { input: nano(1n), output: nano(0n) }, promptTokens: 1, completionTokens: 0 }
  expect(costOf([line, line, line])).toBe(1n)
  expect(costOf([])).toBe(0n)
})
test('a cap bounds each side by itself', () => {
  expect(fitsCap(price)).toBe(true)
  expect(fitsCap(price, { input: nano(1_000_000n), output: nano(2_000_000n) })).toBe(true)
  expect(fitsCap(price, { input: nano(999_999n) })).toBe(false)
  expect(fitsCap(price, { output: nano(1_999_999n) })).toBe(false)
})
test('the higher of two prices is taken side by side', () => {
  expect(higherPrice({ input: nano(1n), output: nano(9n) }, { input: nano(2n), output: nano(3n) })).toEqual({
    input: 2n,
    output: 9n,
  })
})

test('a sealed job is held by its header’s buckets, and by no more than the model takes', () => {
  const sealed: SealedJob = {
    ...base,
    kind: 'sealed',
    tier: 'confidential',
    header: {
      v: 1,
      suite: 'x25519',
      job_id: 'j',
      policy_seq: 1,
      dir_digest: 'd'.repeat(64),
      tier: 'confidential',
      model_manifest: 'a'.repeat(64),
      max_out_bucket: 512,
      len_bucket: 1024,
      ts: 1,
      cand: [],
    },
    envelope: { header: '', ct: '', wraps: [] },
    requestHash: 'b'.repeat(64),
  }
  expect(quoteJob(sealed, price, 4096)).toEqual({
    promptTokensMax: 1024,
    completionTokensMax: 512,
    hold: 1024n + 1024n,
  })
  expect(quoteJob(sealed, price, 256)).toEqual({
    promptTokensMax: 256,
    completionTokensMax: 256,
    hold: 256n + 512n,
  })
})
