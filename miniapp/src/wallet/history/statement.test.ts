import { expect, test } from 'vitest'
import { type Line, openingOf, withNewest, withOlder } from './statement.ts'

const line = (atMs: number, amount = 1n, place: Line['place'] = 'balance'): Line => ({
  id: `t${atMs}`,
  kind: 'deposit',
  place,
  amount,
  subject: undefined,
  atMs,
})
const times = ({ lines }: { readonly lines: readonly Line[] }) => lines.map(({ atMs }) => atMs)

test('a newer page goes in front, each line once, and older ones can still be asked for', () => {
  const known = { lines: [line(5), line(4), line(3)], next: 'c3' }
  const merged = withNewest(known, { lines: [line(6), line(5)], next: 'c5' })
  expect(times(merged)).toEqual([6, 5, 4, 3])
  expect(merged.next).toBe('c3')
})

test('where the pages do not meet, what lay between is not skipped: the known is forgotten', () => {
  const page = { lines: [line(20), line(19)], next: 'c19' }
  expect(withNewest({ lines: [line(5)], next: undefined }, page)).toBe(page)
  expect(withNewest(undefined, page)).toBe(page)
})

test('a page that has all is all', () => {
  const page = { lines: [line(2)], next: undefined }
  expect(withNewest({ lines: [line(2), line(1)], next: 'c1' }, page)).toBe(page)
})

test('older lines go behind, each once, also where the two places of one transfer are parted', () => {
  const known = { lines: [line(9), line(8, -5n, 'earnings')], next: 'c8' }
  const merged = withOlder(known, {
    lines: [line(8, -5n, 'earnings'), line(8, 5n), line(7)],
    next: undefined,
  })
  expect(times(merged)).toEqual([9, 8, 8, 7])
  expect(merged.next).toBeUndefined()
})

test('what there was before and all lines are what there is now', () => {
  const lines = [line(3, -2n), line(2, 10n), line(1, -1n)]
  expect(openingOf(107n, lines)).toBe(100n)
  expect(openingOf(7n, lines)).toBe(0n)
  expect(openingOf(5n, [])).toBe(5n)
})
