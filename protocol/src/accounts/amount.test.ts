import { expect, test } from 'vitest'
import { amountSchema } from './amount.ts'
import { createKeyRequestSchema, updateKeyRequestSchema } from './api-keys.ts'

test('an amount comes as a whole number or as decimal text', () => {
  expect(
    [0, 1, 9007199254740991, '0', '250', '9007199254740991'].map((value) => amountSchema.parse(value)),
  ).toEqual([0n, 1n, 9007199254740991n, 0n, 250n, 9007199254740991n])
})

test.for([
  1.5,
  -1,
  '1e3',
  2 ** 53,
  '9007199254740992',
  Number.NaN,
  '',
  ' 1',
  '01',
  '0x10',
  '-0',
  true,
  [],
  {},
])('the amount %j is refused in words', (value) => {
  const parsed = amountSchema.safeParse(value)
  expect(parsed.success).toBe(false)
  expect(parsed.error?.issues[0]?.message).toContain('whole number of nanoTON')
})

test('a limit is an amount, null for none, or absent', () => {
  expect(updateKeyRequestSchema.parse({ limit_day_nano: null, limit_month_nano: '7' })).toEqual({
    limit_day_nano: null,
    limit_month_nano: 7n,
  })
  expect(updateKeyRequestSchema.parse({})).toEqual({})
})

test('a key needs a name of 1 to 64 characters', () => {
  expect(createKeyRequestSchema.parse({ name: ' laptop ' })).toEqual({ name: 'laptop' })
  for (const name of ['', '   ', 'x'.repeat(65), 7, undefined]) {
    expect(createKeyRequestSchema.safeParse({ name }).success).toBe(false)
  }
})
