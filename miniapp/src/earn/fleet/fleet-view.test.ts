import { expect, test } from 'vitest'
import { makeRunner, makeServed } from '../runner-fixture.ts'
import { countLit, daysOf, earnedIn, listRunners } from './fleet-view.ts'

const attic = makeRunner({
  id: 'run_a',
  name: 'Attic 10',
  today_nano: '5',
  days_7_nano: '900',
  device: 'RTX 3060',
})
const attic2 = makeRunner({ id: 'run_b', name: 'Attic 2', today_nano: '70', state: 'paused' })
const cellar = makeRunner({
  id: 'run_c',
  name: 'Cellar',
  today_nano: '9007199254740991',
  online: false,
  models: [],
  region: 'AS',
})
const fleet = [attic, attic2, cellar]
const all = { search: '', order: 'earned', span: 'today' } as const
const names = (runners: readonly { readonly name: string }[]) => runners.map(({ name }) => name)

test('who earned most comes first, in the span that is shown', () => {
  expect(names(listRunners(fleet, all))).toEqual(['Cellar', 'Attic 2', 'Attic 10'])
  expect(names(listRunners(fleet, { ...all, span: 'days_7' }))).toEqual(['Attic 10', 'Attic 2', 'Cellar'])
})

test('by state, whoever needs the owner comes first', () => {
  expect(names(listRunners(fleet, { ...all, order: 'state' }))).toEqual(['Cellar', 'Attic 2', 'Attic 10'])
})

test('by name, 2 comes before 10', () => {
  expect(names(listRunners(fleet, { ...all, order: 'name' }))).toEqual(['Attic 2', 'Attic 10', 'Cellar'])
})

test.each([
  ['attic', ['Attic 2', 'Attic 10']],
  ['ATTIC 3060', ['Attic 10']],
  ['silkworm', ['Attic 2', 'Attic 10']],
  ['as', ['Cellar']],
  ['run_c', ['Cellar']],
  ['nothing', []],
])('a search for %j finds %j', (search, found) => {
  const runners = fleet.map((runner) => (runner === attic ? { ...runner, models: [makeServed({})] } : runner))
  expect(names(listRunners(runners, { ...all, search, order: 'name' }))).toEqual(found)
})

test('a thousand runners are listed without changing what was given', () => {
  const many = Array.from({ length: 1000 }, (_, at) => makeRunner({ id: `run_${at}`, name: `Rack ${at}` }))
  const before = [...many]
  expect(listRunners(many, { ...all, order: 'name' })).toHaveLength(1000)
  expect(many).toEqual(before)
})

test('only runners that take jobs count as working', () => {
  expect(countLit(fleet)).toBe(1)
})

test('an amount that cannot be read is none', () => {
  expect(earnedIn({ today_nano: 'x', days_7_nano: '0', days_30_nano: '0' }, 'today')).toBe(0n)
})

test('today is shown beside the six days before', () => {
  const days = Array.from({ length: 30 }, (_, at) => ({
    day: `2026-11-${at + 1}`,
    earned_nano: '0',
    jobs: 0,
  }))
  expect(daysOf(days, 'today')).toHaveLength(7)
  expect(daysOf(days, 'days_30')).toHaveLength(30)
  expect(daysOf(days, 'days_7').at(-1)).toBe(days.at(-1))
})
