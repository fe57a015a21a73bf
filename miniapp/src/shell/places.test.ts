import { expect, test } from 'vitest'
import { addressOf, placeOf, startPath } from './places.ts'

test.each([
  ['/', undefined],
  ['/chat', 'chat'],
  ['/earn/run_1', 'earn'],
  ['/wallet/', 'wallet'],
  ['/walletx', undefined],
  ['/constructor', undefined],
])('%s is the page %s', (path, place) => {
  expect(placeOf(path)).toBe(place)
})

test.each([
  [undefined, '/chat'],
  ['', '/chat'],
  ['earn', '/earn'],
  ['join_K7QM-29XF', '/earn/join/K7QM-29XF'],
  ['join_../../x', '/chat'],
  ['https://example.com', '/chat'],
])('the start parameter %j leads to %s', (startParam, path) => {
  expect(startPath(startParam)).toBe(path)
})

test('going to a page keeps what Telegram wrote, so that a reload still knows the person', () => {
  const here = { search: '?lang=ar', hash: '#tgWebAppData=x' }
  expect(addressOf('/earn', here)).toBe('/earn?lang=ar#tgWebAppData=x')
})
