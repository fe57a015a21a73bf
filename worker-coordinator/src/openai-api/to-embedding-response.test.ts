import { expect, test } from 'vitest'
import { expectConforms } from './openai-conformity.ts'
import { toBase64 } from './setup-openai-deps.ts'
import { toEmbeddingResponse } from './to-embedding-response.ts'

const usage = { promptTokens: 12, completionTokens: 0, costNano: '77' }
const float = { model: 'minilm', encodingFormat: 'float' } as const
const base64 = { model: 'minilm', encodingFormat: 'base64' } as const

test('floats come as numbers that are the same float32 again', () => {
  const numbers = [0.1, -2, 1e-30, 3.402_823_5e38, 0, Math.PI, 1 / 3].map(Math.fround)
  const body = JSON.parse(toEmbeddingResponse(float, [toBase64(numbers), toBase64([1])], usage) ?? '')
  expectConforms('CreateEmbeddingResponse', body)
  expect(body.data[0].embedding.map(Math.fround)).toEqual(numbers)
  expect(body.data.map((item: { index: number }) => item.index)).toEqual([0, 1])
  expect(body.usage).toEqual({ prompt_tokens: 12, total_tokens: 12, cost_nano: 77 })
})

test('base64 passes through as it came, in the order of the texts', () => {
  const vectors = [toBase64([0.1, 2]), toBase64([3, 4])]
  const body = JSON.parse(toEmbeddingResponse(base64, vectors, usage) ?? '')
  expect(body.data.map((item: { embedding: string }) => item.embedding)).toEqual(vectors)
  // OpenAI's schema knows lists only: what the client makes of base64 is held against it.
  const data = body.data.map((item: { embedding: string }) => ({
    ...item,
    embedding: decode(item.embedding),
  }))
  expectConforms('CreateEmbeddingResponse', { ...body, data })
})

test.each([
  ['a number that is none', toBase64([1, Number.NaN])],
  ['an infinity', toBase64([Number.POSITIVE_INFINITY])],
  ['no numbers', ''],
  ['half a number', btoa('abcdef')],
  ['no base64', 'not base64!'],
])('a vector with %s is no answer', (_, vector) => {
  expect(toEmbeddingResponse(float, [toBase64([1]), vector], usage)).toBe(undefined)
})

function decode(text: string): number[] {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  return [...new Float32Array(bytes.buffer)]
}
