import { z } from 'zod'
import type { FakeOptions } from '../engine/fake-engine.ts'
import type { Env } from './config.ts'

const count = z.coerce.number().int().min(0)

const fakeEnvSchema = z.object({
  SHARNAQA_FAKE_MODE: z
    .enum(['ok', 'hang', 'rubbish', 'die', 'wrong-usage', 'slow-first', 'fail'])
    .default('ok'),
  SHARNAQA_FAKE_AFTER: count.default(0),
  SHARNAQA_FAKE_TOKENS_PER_SECOND: count.default(0),
  SHARNAQA_FAKE_TOKENS: count.default(0),
  SHARNAQA_FAKE_FIRST_TOKEN_MS: count.default(0),
  /** What answers are made of: words with a space between them. */
  SHARNAQA_FAKE_WORDS: z.string().optional(),
})

/** Reads how the fake engine behaves; for tests only. Throws where a value is wrong. */
export function readFakeOptions(env: Env): FakeOptions {
  const parsed = fakeEnvSchema.parse(env)
  return {
    mode: parsed.SHARNAQA_FAKE_MODE,
    after: parsed.SHARNAQA_FAKE_AFTER,
    tokensPerSecond: parsed.SHARNAQA_FAKE_TOKENS_PER_SECOND,
    tokens: parsed.SHARNAQA_FAKE_TOKENS,
    firstTokenMs: parsed.SHARNAQA_FAKE_FIRST_TOKEN_MS,
    ...(parsed.SHARNAQA_FAKE_WORDS ? { words: parsed.SHARNAQA_FAKE_WORDS.split(' ') } : {}),
  }
}
