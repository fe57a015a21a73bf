import { expect, test } from 'vitest'
import { parseEmbeddingRequest, TEXTS_MAX } from './embeddings.ts'

const base = { model: 'minilm', input: 'Hello' }

function faultOf(body: unknown) {
  const parsed = parseEmbeddingRequest(body)
  if (parsed.ok) throw new Error('the request was taken')
  return parsed.fault
}

test('one text and a list of texts both come out as a list', () => {
  const one = parseEmbeddingRequest(base)
  expect(one.ok && one.request.input).toEqual(['Hello'])
  const two = parseEmbeddingRequest({ ...base, input: ['a', 'b'] })
  expect(two.ok && two.request.input).toEqual(['a', 'b'])
})

test('null in an optional field says the same as leaving it out', () => {
  const parsed = parseEmbeddingRequest({ ...base, encoding_format: null, dimensions: null, user: null })
  expect(parsed.ok && parsed.request).toMatchObject({ model: 'minilm', input: ['Hello'] })
})

test.each<[object, string, string]>([
  [{ model: undefined }, 'model', 'missing_required_parameter'],
  [{ input: undefined }, 'input', 'missing_required_parameter'],
  [{ input: null }, 'input', 'missing_required_parameter'],
  [{ input: 5 }, 'input', 'invalid_type'],
  [{ input: {} }, 'input', 'invalid_type'],
  [{ input: '' }, 'input', 'invalid_value'],
  [{ input: [] }, 'input', 'empty_array'],
  [{ input: ['a', ''] }, 'input[1]', 'invalid_value'],
  [{ input: ['a', null] }, 'input[1]', 'invalid_type'],
  [{ input: [15339, 1917] }, 'input', 'unsupported_value'],
  [{ input: [[15339], [1917]] }, 'input', 'unsupported_value'],
  [{ input: Array(TEXTS_MAX + 1).fill('a') }, 'input', 'array_above_max_length'],
  [{ encoding_format: 'hex' }, 'encoding_format', 'invalid_value'],
  [{ dimensions: 0 }, 'dimensions', 'integer_below_min_value'],
  [{ dimensions: 1.5 }, 'dimensions', 'invalid_type'],
  [{ dimensions: 70_000 }, 'dimensions', 'integer_above_max_value'],
  [{ user: 5 }, 'user', 'invalid_type'],
  [{ max_price: -5 }, 'max_price', 'integer_below_min_value'],
  [{ tier: 'private' }, 'tier', 'invalid_value'],
  [{ linger_seconds: 5 }, 'linger_seconds', 'unknown_parameter'],
  [{ temperature: 1 }, 'temperature', 'unknown_parameter'],
])('%j is refused and names %s', (fields, param, code) => {
  const fault = faultOf({ ...base, ...fields })
  expect(fault).toMatchObject({ param, code })
  expect(fault.message).toContain(param)
})
