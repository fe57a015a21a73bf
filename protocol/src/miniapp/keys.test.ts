import { expect, test } from 'vitest'
import {
  createdKeySchema,
  createKeyRequestSchema,
  keyListSchema,
  updateKeyRequestSchema,
} from '../accounts/api-keys.ts'
import { usageSchema } from '../billing/usage.ts'
import { apiKeyListSchema, createdApiKeySchema, createKeySchema, updateKeySchema } from './keys.ts'
import { usageReportSchema } from './usage.ts'

const key = {
  id: 3,
  name: 'laptop',
  prefix: 'sk-shq-ab12',
  limit_day_nano: '5000000',
  limit_month_nano: null,
  held_nano: '0',
  spent_nano: '9007199254740991',
  spent_day_nano: '1',
  spent_month_nano: '1',
  created_at: 1_795_348_800,
  last_used_at: null,
}

test('the page reads of a key what the coordinator writes', () => {
  const created = createdKeySchema.parse({ ...key, key: 'sk-shq-x' })
  expect(createdApiKeySchema.parse(created)).toEqual(created)
  const list = keyListSchema.parse({ data: [key, { ...key, id: 4, last_used_at: 5 }] })
  expect(apiKeyListSchema.parse(list)).toEqual(list)
})

test.each([
  { name: ' laptop ' },
  { name: 'x', limit_day_nano: '5', limit_month_nano: null },
  { name: 'x'.repeat(64), limit_month_nano: '0' },
])('what the page sends for a key is taken by the coordinator: %j', (body) => {
  expect(createKeyRequestSchema.safeParse(createKeySchema.parse(body)).success).toBe(true)
  expect(updateKeyRequestSchema.safeParse(updateKeySchema.parse(body)).success).toBe(true)
})

test.each([
  { name: ' ' },
  { name: 'x'.repeat(65) },
  { name: 'x', limit_day_nano: '-1' },
  { name: 'x', a: 1 },
])('what the coordinator would refuse is not sent: %j', (body) => {
  expect(createKeySchema.safeParse(body).success).toBe(false)
  expect(updateKeySchema.safeParse(body).success).toBe(false)
  expect(createKeyRequestSchema.safeParse(body).success).toBe(false)
})

test('the page reads of usage what the coordinator writes', () => {
  const sums = {
    jobs: 3,
    prompt_tokens: 31,
    completion_tokens: 6,
    charge_nano: '8',
    charge_ton: '0.000000008 TON',
  }
  for (const [group_by, groups] of [
    ['key', [null, 12]],
    ['model', ['silkworm']],
    ['day', ['2026-11-22']],
  ] as const) {
    const data = groups.map((group) => ({ group, name: null, ...sums }))
    const report = usageSchema.parse({ from: '2026-11-20', to: '2026-11-22', group_by, data, total: sums })
    expect(usageReportSchema.parse(report)).toMatchObject({
      group_by,
      data: data.map(({ group }) => ({ group })),
    })
  }
})
