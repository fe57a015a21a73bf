import { expect, test } from 'vitest'
import { JOB_REASONS } from '../../../protocol/src/answer.ts'
import { toJobError } from '../../../protocol/src/openai/openai-error.ts'
import { TROUBLES } from '../chat/view/trouble-words.ts'
import { codeOfReason, reasonOfCode } from './reasons.ts'

test('a reason of a sealed job has the same code as the API gives it, and a sentence', () => {
  for (const reason of JOB_REASONS) {
    const code = toJobError(reason).body.error.code ?? ''
    expect(codeOfReason(reason), reason).toBe(code)
    expect(reasonOfCode(code), code).toBe(reason)
    expect(TROUBLES, code).toHaveProperty([code])
  }
})

test('no reason is taken for a name that every object has', () => {
  expect(codeOfReason('constructor')).toBe('constructor')
  expect(reasonOfCode('constructor')).toBe('constructor')
})
