import { describe, expect, test } from 'vitest'
import { type Box, fieldHeight, layOutAreas } from './field-areas.ts'
import { placeRunners, type Spot } from './field-places.ts'
import { REGIONS, type Region, readRegion } from './field-regions.ts'

const WIDTHS = [280, 328, 412, 720, 1008]

function runnersIn(counts: Partial<Record<Region, number>>) {
  return Object.entries(counts).flatMap(([region, count]) =>
    Array.from({ length: count }, (_, at) => ({
      key: `${region}-${at}`,
      region: region === 'unknown' ? null : region,
      tokensPerSecond: 5 * (at % 200),
    })),
  )
}
const sizeOf = (width: number, regions: number) => ({ width, height: fieldHeight(width, regions) })
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width - 0.01 &&
  b.x < a.x + a.width - 0.01 &&
  a.y < b.y + b.height - 0.01 &&
  b.y < a.y + a.height - 0.01
const isWithin = (at: number, radius: number, from: number, length: number) =>
  at - radius >= from - 0.01 && at + radius <= from + length + 0.01
/** A slow runner's point. */
const radiusOf = (spots: readonly Spot[]) => Math.min(...spots.map(({ radius }) => radius))

describe.each(WIDTHS)('in a field of %d px', (width) => {
  test('names of continents lie inside and on no other name, whoever is there', () => {
    for (let present = 1; present < 2 ** REGIONS.length; present++) {
      const here = REGIONS.filter((_, at) => present & (1 << at))
      const size = sizeOf(width, here.length)
      const areas = layOutAreas(new Map(here.map((region, at) => [region, 1 + 7 ** (at % 4)])), size)
      expect(areas.map(({ region }) => region).sort()).toEqual([...here].sort())
      const boxes = areas.flatMap(({ label, room }) => [label, room])
      for (const [at, box] of boxes.entries()) {
        expect(box.x >= 0 && box.y >= 0 && box.width >= 60 && box.height > 10).toBe(true)
        expect(box.x + box.width <= size.width && box.y + box.height <= size.height).toBe(true)
        expect(boxes.some((other, index) => index > at && overlap(box, other))).toBe(false)
      }
    }
  })

  test.each([
    ['one', { unknown: 1 }],
    ['two', { EU: 1, AS: 1 }],
    ['300', { NA: 90, SA: 12, EU: 120, AF: 6, AS: 62, OC: 10 }],
    ['500 in one place', { EU: 500 }],
  ])('%s: every point stays in its area, and the middle of none lies on another', (_, counts) => {
    const size = sizeOf(width, Object.keys(counts).length)
    const { areas, spots } = placeRunners(runnersIn(counts), size)
    const all = [...spots.values()]
    for (const [at, { x, y, radius, region }] of all.entries()) {
      const room = areas.find((area) => area.region === region)?.room
      expect(room && isWithin(x, radius, room.x, room.width)).toBe(true)
      expect(room && isWithin(y, radius, room.y, room.height)).toBe(true)
      expect(radius).toBeGreaterThan(0.5)
      const near = all.slice(at + 1).map((other) => Math.hypot(other.x - x, other.y - y))
      expect(Math.min(...near)).toBeGreaterThan(1.2 * radiusOf(all))
    }
  })
})

test('the same runners have the same places, whatever their order', () => {
  const runners = runnersIn({ EU: 40, AS: 9 })
  const size = sizeOf(328, 2)
  expect([...placeRunners(runners.toReversed(), size).spots].sort()).toEqual(
    [...placeRunners(runners, size).spots].sort(),
  )
})

test('one who comes moves nobody, and one who goes neither', () => {
  const size = sizeOf(328, 1)
  const before = placeRunners(runnersIn({ EU: 31 }), size).spots
  const more = placeRunners(runnersIn({ EU: 60 }), size, before).spots
  for (const [key, spot] of before) expect(more.get(key)?.place).toBe(spot.place)
  const fewer = placeRunners(runnersIn({ EU: 60 }).slice(0, 9), size, more).spots
  for (const [key, spot] of fewer) expect(more.get(key)?.place).toBe(spot.place)
  expect(new Set([...more.values()].map(({ place }) => place)).size).toBe(60)
})

test('a crowd does not push away who was there before it', () => {
  const size = sizeOf(328, 1)
  const before = placeRunners(runnersIn({ EU: 31 }), size).spots
  const after = placeRunners(runnersIn({ EU: 300 }), size, before).spots
  for (const [key, { x, y }] of before) {
    const now = after.get(key)
    expect(Math.hypot((now?.x ?? 0) - x, (now?.y ?? 0) - y)).toBeLessThan(10)
  }
})

test('the faster runner has the larger point, and a lone one stands in the middle', () => {
  const size = { width: 300, height: 180 }
  const at = (tokensPerSecond: number) =>
    placeRunners([{ key: 'a', region: null, tokensPerSecond }], size).spots.get('a')
  expect(at(10)?.radius).toBeLessThan(at(100)?.radius ?? 0)
  expect(at(100)?.radius).toBeLessThan(at(900)?.radius ?? 0)
  expect(at(5000)?.radius).toBe(at(50_000)?.radius)
  expect(at(10)?.x).toBe(150)
})

test('a continent that nobody knows is a place that is not known', () => {
  expect([readRegion('EU'), readRegion('T1'), readRegion(null), readRegion('unknown')]).toEqual([
    'EU',
    'unknown',
    'unknown',
    'unknown',
  ])
})
