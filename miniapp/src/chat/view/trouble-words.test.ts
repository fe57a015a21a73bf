import { expect, test } from 'vitest'
import { JOB_REASONS } from '../../../../protocol/src/answer.ts'
import { toJobError } from '../../../../protocol/src/openai/openai-error.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { TROUBLES } from './trouble-words.ts'

test('each reason that a job can fail for is a sentence of this page', () => {
  for (const reason of JOB_REASONS) {
    const { code } = toJobError(reason).body.error
    expect(TROUBLES, `${reason}: ${code}`).toHaveProperty([String(code)])
  }
})

test('each sentence is there', () => {
  for (const id of Object.values(TROUBLES)) expect(CHAT_WORDS.en).toHaveProperty([id])
})
