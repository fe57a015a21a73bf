import { expect, test } from 'vitest'
import { firstJobIdAt, makeJobId } from '../../../protocol/src/ids.ts'
import { TRANSFER_KINDS } from '../ledger/ledger.ts'
import { toCsv } from './csv.ts'
import {
  counterpartOf,
  cutPage,
  jobsBefore,
  lastDayBelow,
  rangesOfDays,
  readCursorText,
  type StatementLine,
  writeCursor,
} from './statement.ts'
import { readUsageRange, writeDay } from './usage-range.ts'

const T = 1_795_348_800_000
const idAt = (ms: number, random = 1) => makeJobId(ms, new Uint8Array(16).fill(random))
const job = (ms: number, random?: number): StatementLine => ({
  id: idAt(ms, random),
  kind: 'usage',
  place: 'balance',
  amount: -1n,
  counterpart: '',
  subject: null,
  atMs: ms,
})
const moved = (id: string, atMs: number, place: 'balance' | 'earnings' = 'balance'): StatementLine => ({
  id,
  kind: 'deposit',
  place,
  amount: 1n,
  counterpart: '',
  subject: null,
  atMs,
})
const page = (lines: readonly StatementLine[], changes: Partial<Parameters<typeof cutPage>[0]> = {}) =>
  cutPage({ lines, before: undefined, floor: undefined, limit: 10, ...changes })

test('lines of both kinds stand in one order, the newest first', () => {
  const lines = [moved('a', T), job(T + 2), moved('b', T + 5), job(T)]
  expect(page(lines).lines).toEqual([moved('b', T + 5), job(T + 2), job(T), moved('a', T)])
  expect(page(lines).next).toBeUndefined()
})
test('pages of one line each give every line once, also where all came at one moment', () => {
  const lines = [
    moved('a', T),
    moved('use/1', T, 'earnings'),
    moved('use/1', T, 'balance'),
    job(T, 1),
    job(T, 2),
    moved('zz', T),
  ]
  const seen: StatementLine[] = []
  let before: Parameters<typeof cutPage>[0]['before']
  for (let pages = 0; pages < 20; pages++) {
    const { lines: shown, next } = page(lines, { before, limit: 1 })
    seen.push(...shown)
    if (!next) break
    before = readCursorText(writeCursor(next))
    expect(before).toEqual(next)
  }
  expect(seen).toEqual([
    moved('zz', T),
    moved('use/1', T, 'earnings'),
    moved('use/1', T, 'balance'),
    job(T, 2),
    job(T, 1),
    moved('a', T),
  ])
})
test('below the oldest job that was looked at nothing is shown yet', () => {
  const lines = [moved('a', T - 10), job(T), moved('b', T + 1)]
  const first = page(lines, { floor: idAt(T) })
  expect(first).toEqual({
    lines: [moved('b', T + 1), job(T)],
    next: { atMs: T, id: idAt(T), place: '' },
  })
  expect(page([moved('a', T - 10)], { before: first.next }).lines).toEqual([moved('a', T - 10)])
})
test('a scan of jobs begins right below the last line', () => {
  expect(jobsBefore(undefined)).toBeUndefined()
  expect(jobsBefore({ id: idAt(T), atMs: T, place: 'balance' })).toBe(idAt(T))
  expect(jobsBefore({ id: 'welcome/1', atMs: T, place: 'balance' })).toBe(firstJobIdAt(T + 1))
  expect(jobsBefore({ id: 'deposit/1', atMs: T, place: 'balance' })).toBe(firstJobIdAt(T))
})
test('days that follow each other are looked through as one, from the newest', () => {
  const day = (n: number) => n * 86_400_000
  const at = (ms: number) => firstJobIdAt(ms)
  expect(rangesOfDays([7, 9, 8, 3], at(day(9) + 5))).toEqual([
    { from: at(day(7) - 120_000), to: at(day(9) + 5) },
    { from: at(day(3) - 120_000), to: at(day(4)) },
  ])
  expect(rangesOfDays([], at(day(9)))).toEqual([])
  expect(rangesOfDays([9], at(day(9) - 120_000))).toEqual([])
})
test('a job that was asked right before midnight may be counted for the next day', () => {
  const midnight = 86_400_000 * 9
  expect(lastDayBelow(firstJobIdAt(midnight))).toBe(9)
  expect(lastDayBelow(firstJobIdAt(midnight - 120_000))).toBe(8)
  expect(lastDayBelow(idAt(midnight - 120_000))).toBe(9)
  expect(lastDayBelow(firstJobIdAt(midnight - 120_001))).toBe(8)
})
test.each([
  '',
  'x',
  '1',
  '1.b',
  '1.b.',
  '1.x.id',
  '-1.b.id',
  '1.5.b.id',
  `1.b.${'x'.repeat(201)}`,
  '1.b.a b',
])('a cursor that nobody gave is none: %j', (text) => {
  expect(readCursorText(text)).toBeUndefined()
})
test('every kind that an account can see has words', () => {
  for (const kind of TRANSFER_KINDS) expect(counterpartOf(kind, 'balance', null)).toMatch(/^[A-Z]/)
  expect(counterpartOf('mature', 'earnings', 'attic')).toBe('Earnings of attic')
  expect(counterpartOf('earnings-use', 'earnings', null)).toBe('To your balance')
})

test('cells that a spreadsheet would run are made harmless', () => {
  const dangerous = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1']
  for (const cell of dangerous) {
    const written = toCsv(['h'], [[cell]]).slice('h\r\n'.length)
    expect(written.replace(/^"/, '')).toMatch(/^'/)
  }
  expect(toCsv(['a', 'b'], [['plain', '=x,"y"\nz']])).toBe('a,b\r\nplain,"\'=x,""y""\nz"\r\n')
})
test('a file without lines has its header', () => {
  expect(toCsv(['a', 'b'], [])).toBe('a,b\r\n')
})

test('a usage report covers 30 days, today included, unless asked otherwise', () => {
  const nowMs = Date.UTC(2026, 10, 22, 23, 59)
  const range = readUsageRange({}, nowMs)
  if (!range.ok) throw new Error('refused')
  expect([writeDay(range.fromDay), writeDay(range.toDay)]).toEqual(['2026-10-24', '2026-11-22'])
  const own = readUsageRange({ from: '2026-01-01', to: '2026-04-02' }, nowMs)
  expect(own).toMatchObject({ ok: true, fromDay: 20_454, toDay: 20_545 })
})
test.each([
  { from: '2026-01-01', to: '2026-04-03' },
  { from: '2026-02-02', to: '2026-02-01' },
  { from: '2020-01-01' },
])('a range of more than 92 days, or one that runs backwards, is refused: %j', (query) => {
  expect(readUsageRange(query, Date.UTC(2026, 10, 22))).toEqual({ ok: false, reason: 'wrong-range' })
})
