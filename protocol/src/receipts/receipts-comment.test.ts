import { expect, test } from 'vitest'
import { parseReserveComment } from '../reserves/reserve-comment.ts'
import { parseReceiptsComment, receiptsComment } from './receipts-comment.ts'

const ROOT = 'ab'.repeat(32)

test('a root of receipts is read back from its comment, and is no root of reserves', () => {
  const comment = receiptsComment({ day: '2026-11-22', root: ROOT })
  expect(parseReceiptsComment(comment)).toEqual({ day: '2026-11-22', root: ROOT })
  expect(parseReserveComment(comment)).toBeUndefined()
})

test.each([
  '',
  `sharnaqa reserves 2026-11-22 ${ROOT}`,
  `sharnaqa receipts 2026-11-22 ${ROOT.slice(2)}`,
  `sharnaqa receipts 2026-11-22 ${ROOT} `,
  `xsharnaqa receipts 2026-11-22 ${ROOT}`,
])('%j is no root of receipts', (comment) => {
  expect(parseReceiptsComment(comment)).toBeUndefined()
})
