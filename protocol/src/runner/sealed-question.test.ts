import { expect, test } from 'vitest'
import { utf8 } from '../bytes.ts'
import { readSealedQuestion, type SealedQuestion } from './sealed-question.ts'

const nested = (depth: number): Record<string, unknown> =>
  depth === 0
    ? { type: 'number', multipleOf: 0.5 }
    : { type: 'object', properties: { in: nested(depth - 1) } }

test('a question is read with what a chat may have: a temperature between 0 and 1, and a tool’s deep schema', () => {
  const question: SealedQuestion = {
    version: 1,
    messages: [{ role: 'user', content: 'سر صغير' }],
    params: {
      maxTokens: 64,
      temperature: 0.7,
      topP: 0.95,
      tools: [{ type: 'function', function: { name: 'find', parameters: nested(6) } }],
    },
  }
  expect(readSealedQuestion(utf8(JSON.stringify(question)))).toEqual(question)
})

test.each([
  ['no JSON', 'hello'],
  ['another version', '{"version":2,"messages":[],"params":{"maxTokens":1}}'],
  ['a member that nobody knows', '{"version":1,"messages":[],"params":{"maxTokens":1},"system":"x"}'],
])('%s is no question', (_, text) => {
  expect(readSealedQuestion(utf8(text))).toBeUndefined()
})
