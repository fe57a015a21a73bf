import { expect, test } from 'vitest'
import { findKnownAnswerFaults } from '../../../protocol/src/sealed/check-known-answers.ts'

test('in the Worker’s runtime everything sealed, signed and hashed comes out as it was recorded', async () => {
  expect(await findKnownAnswerFaults()).toEqual([])
})
