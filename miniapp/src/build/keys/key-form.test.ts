import { expect, test } from 'vitest'
import type { ApiKeyJson } from '../../../../protocol/src/miniapp/keys.ts'
import { createKeySchema } from '../../../../protocol/src/miniapp/keys.ts'
import { draftOf, EMPTY_DRAFT, type KeyDraft, readKeyDraft, spentOf } from './key-form.ts'

const draft = (changes: Partial<KeyDraft> = {}): KeyDraft => ({ ...EMPTY_DRAFT, name: 'laptop', ...changes })
const key = (changes: Partial<ApiKeyJson> = {}): ApiKeyJson => ({
  id: 1,
  name: 'laptop',
  prefix: 'sk-shq-ab12',
  limit_day_nano: null,
  limit_month_nano: null,
  held_nano: '0',
  spent_nano: '0',
  spent_day_nano: '0',
  spent_month_nano: '0',
  created_at: 0,
  last_used_at: null,
  ...changes,
})

test('a name is enough, and no limit is null', () => {
  const read = readKeyDraft(draft({ name: ' laptop ' }))
  expect(read).toEqual({
    ok: true,
    fields: { name: 'laptop', limit_day_nano: null, limit_month_nano: null },
  })
})

test('limits are typed in TON and sent in nano, to the last one', () => {
  const read = readKeyDraft(draft({ limitDay: '0,000000001', limitMonth: '٢٫٥' }))
  expect(read).toMatchObject({
    ok: true,
    fields: { limit_day_nano: '1', limit_month_nano: '2500000000' },
  })
  if (read.ok) expect(createKeySchema.safeParse(read.fields).success).toBe(true)
})

test.each([
  [{ name: '  ' }, 'name', 'name-empty'],
  [{ name: 'x'.repeat(65) }, 'name', 'name-long'],
  [{ limitDay: 'much' }, 'limitDay', 'limit-wrong'],
  [{ limitDay: '-1' }, 'limitDay', 'limit-wrong'],
  [{ limitDay: '0.0000000001' }, 'limitDay', 'limit-wrong'],
  [{ limitDay: '99999999' }, 'limitDay', 'limit-wrong'],
  [{ limitMonth: '0' }, 'limitMonth', 'limit-zero'],
  [{ limitDay: '2', limitMonth: '1' }, 'limitDay', 'limit-above-month'],
] as const)('%j is refused at its field', (changes, field, reason) => {
  expect(readKeyDraft(draft(changes))).toEqual({ ok: false, field, reason })
})

test('the form of a key says what the key has', () => {
  const one = key({ limit_day_nano: '1500000000' })
  expect(draftOf(one)).toEqual({ name: 'laptop', limitDay: '1.5', limitMonth: '' })
  expect(readKeyDraft(draftOf(one))).toMatchObject({ ok: true, fields: { limit_day_nano: '1500000000' } })
})

test('what is set aside counts as spent, and a limit is never passed', () => {
  const one = key({
    limit_day_nano: '1000',
    spent_day_nano: '400',
    spent_month_nano: '900',
    held_nano: '100',
  })
  expect(spentOf(one, 'day')).toEqual({ spent: 500n, limit: 1000n, percent: 50 })
  expect(spentOf(one, 'month')).toBeUndefined()
  expect(spentOf(key({ limit_month_nano: '10', spent_month_nano: '11' }), 'month')?.percent).toBe(100)
})

test('99.9 percent is not all of it, and a limit of nothing is used up', () => {
  expect(spentOf(key({ limit_day_nano: '1000', spent_day_nano: '999' }), 'day')?.percent).toBe(99)
  expect(spentOf(key({ limit_day_nano: '0' }), 'day')?.percent).toBe(100)
})
