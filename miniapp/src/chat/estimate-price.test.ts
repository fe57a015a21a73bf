import { expect, test } from 'vitest'
import { NANO_MAX, nano } from '../../../protocol/src/money.ts'
import { outBucketOf } from '../../../protocol/src/sealed/header.ts'
import { makeAnswer, makeQuestion } from './chat-fixture.ts'
import {
  answerBucket,
  costOfAnswer,
  estimatePrice,
  estimateSealedPrice,
  typicalAnswerTokens,
} from './estimate-price.ts'
import { fitContext } from './fit-context.ts'

const price = { input: nano(20_000_000n), output: nano(60_000_000n) }
const fitted = fitContext([{ role: 'user', content: 'What is silk?' }], 1024)

test('a question costs about its words and a typical answer, and at most what is set aside for it', () => {
  const { about, most } = estimatePrice(price, fitted, 300)
  expect(about).toBe(BigInt(Math.ceil((fitted.promptTokens * 20 + 300 * 60) as number)))
  // Bytes and template of the prompt, and the longest answer, as the coordinator sets it aside.
  expect(most).toBe(BigInt((13 + 64 + 16) * 20 + fitted.maxTokens * 60))
  expect(about).toBeLessThan(most)
})

test('the most is never less than the estimate, in any writing', () => {
  for (const content of ['a', 'ش'.repeat(200), '🧵'.repeat(50), 'silk '.repeat(60)]) {
    const { about, most } = estimatePrice(price, fitContext([{ role: 'user', content }], 1024), 4096)
    expect(about).toBeLessThanOrEqual(most)
  }
})

test('a part of a nano is a whole one, and nothing is nothing', () => {
  const cheap = { input: nano(1n), output: nano(1n) }
  expect(estimatePrice(cheap, fitted, 300).about).toBe(1n)
  const free = { input: nano(0n), output: nano(0n) }
  expect(estimatePrice(free, fitted, 300)).toEqual({ about: 0n, most: 0n })
})

test('what is typical is the middle one of the last answers', () => {
  const answers = [900, 10, 20, 30, 40, 50].map((completionTokens, at) =>
    makeAnswer(at * 2 + 1, { jobs: [{ completionTokens }] }),
  )
  expect(typicalAnswerTokens(answers)).toBe(30)
  expect(typicalAnswerTokens([makeQuestion(0), makeAnswer(1)])).toBe(300)
})

test('an answer of several jobs costs their sum, and one with a part unknown is not guessed', () => {
  expect(costOfAnswer([{ costNano: '2' }, { costNano: '3' }])).toBe(5n)
  expect(costOfAnswer([{ costNano: '2' }, {}])).toBeUndefined()
  expect(costOfAnswer([{ costNano: '-2' }])).toBeUndefined()
  expect(costOfAnswer([])).toBeUndefined()
  expect(costOfAnswer([{ costNano: String(NANO_MAX) }])).toBe(NANO_MAX)
})

test('of a sealed question the network sees sizes alone: the most is what it sets aside for these', () => {
  const { about, most } = estimateSealedPrice(price, fitted, 300, 4096)
  expect(about).toBe(estimatePrice(price, fitted, 300).about)
  expect(most).toBe(BigInt(256 * 20 + outBucketOf(fitted.maxTokens) * 60))
  // Never more than the model can read and write.
  expect(estimateSealedPrice(price, fitted, 300, 128).most).toBe(BigInt(128 * 20 + 128 * 60))
})

test('the longest answer that is set aside is the bucket that the seal names', () => {
  for (const tokens of [1, 255, 256, 257, 512, 1000, 2048, 2049, 32_768, 50_000]) {
    expect(answerBucket(tokens), String(tokens)).toBe(outBucketOf(tokens))
  }
})
