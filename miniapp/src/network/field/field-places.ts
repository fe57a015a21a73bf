import type { FieldRunner } from '../network.ts'
import { type Area, type Box, layOutAreas, type Size } from './field-areas.ts'
import { fractionOf } from './field-hash.ts'
import { type Region, readRegion } from './field-regions.ts'

/** A runner's place in the field, in CSS pixels. */
export type Spot = {
  readonly key: string
  readonly region: Region
  readonly x: number
  readonly y: number
  readonly radius: number
  /** Which place of its area it has: what stays while others come and go. */
  readonly place: number
  /** Its area's room for points. */
  readonly room: Box
}

export type Places = { readonly areas: readonly Area[]; readonly spots: ReadonlyMap<string, Spot> }

type Placed = Pick<FieldRunner, 'key' | 'region' | 'tokensPerSecond'>

/** Places for each runner that is there: whoever comes has a choice. */
const PLACES_PER_RUNNER = 1.3
/** How far a point strays from its place, and how large it is at most, by the mean distance between two places. */
const STRAY = 0.16
const RADIUS_SHARE = 0.3
const RADIUS_MAX = 13
/** The slowest runner's point, as a share of the fastest's. */
const SLOWEST = 0.3
/** Tokens a second of a point of full size. */
const FASTEST = 1000
/** How many places are looked through at most for those that lie in a very flat area. */
const LOOKED_MAX = 60_000
/** The plane's golden ratio, x³ = x + 1: steps by its powers spread points evenly, however many there are (Roberts' R2). */
const PLASTIC = 1.324717957244746

/**
 * Gives each runner a place in its continent's area, never on another's. Who was there `before` keeps its place,
 * however many come and go; only a border that moves takes it along.
 */
export function placeRunners(
  runners: readonly Placed[],
  size: Size,
  before: ReadonlyMap<string, Spot> = new Map(),
): Places {
  const byRegion = new Map<Region, Placed[]>()
  for (const runner of runners) {
    const region = readRegion(runner.region)
    byRegion.set(region, [...(byRegion.get(region) ?? []), runner])
  }
  const counts = new Map([...byRegion].map(([region, here]) => [region, here.length]))
  const areas = layOutAreas(counts, size)
  const spots = areas.flatMap((area) => placeInArea(area, byRegion.get(area.region) ?? [], before))
  return { areas, spots: new Map(spots.map((spot) => [spot.key, spot])) }
}

function placeInArea(
  { region, room }: Area,
  runners: readonly Placed[],
  before: ReadonlyMap<string, Spot>,
): readonly Spot[] {
  const wanted = runners.length <= 2 ? runners.length : Math.ceil(runners.length * PLACES_PER_RUNNER)
  const apart = Math.sqrt((room.width * room.height) / Math.max(1, wanted))
  const radiusMax = Math.min(RADIUS_MAX, RADIUS_SHARE * apart, room.width / 2, room.height / 2)
  const inOrder = runners.toSorted((one, other) => (one.key < other.key ? -1 : 1))
  const kept = new Map<string, number>()
  for (const { key } of inOrder) {
    const spot = before.get(key)
    if (spot?.region === region && placeAt(spot.place, room)) kept.set(key, spot.place)
  }
  const free = freePlaces(room, wanted, new Set(kept.values()))
  return inOrder.map(({ key, tokensPerSecond }) => {
    const place = kept.get(key) ?? takeNearest(free, key)
    const radius = radiusMax * (SLOWEST + (1 - SLOWEST) * speedShare(tokensPerSecond) ** 2)
    const { across, down } = placeAt(place, room) ?? MIDDLE
    const stray = (axis: string) =>
      place === 0 ? 0 : (2 * fractionOf(`${axis} ${region} ${place}`) - 1) * STRAY * apart
    return {
      key,
      region,
      place,
      room,
      radius,
      x: within(room.x + across * room.width + stray('across'), room.x, room.width, radius),
      y: within(room.y + down * room.height + stray('down'), room.y, room.height, radius),
    }
  })
}

/** Each from 0 to 1. */
type Place = { readonly across: number; readonly down: number }

const MIDDLE: Place = { across: 0.5, down: 0.5 }

/** The place of a number: 0 is the room's middle, and the first so many lie evenly, however many. Some fall outside. */
function placeAt(number: number, { width, height }: Box): Place | undefined {
  const side = Math.max(width, height)
  const across = (((0.5 + number / PLASTIC) % 1) - 0.5) * (side / width)
  const down = (((0.5 + number / PLASTIC ** 2) % 1) - 0.5) * (side / height)
  if (Math.abs(across) > 0.5 || Math.abs(down) > 0.5) return undefined
  return { across: 0.5 + across, down: 0.5 + down }
}

/** The first places of a room that nobody has. */
function freePlaces(room: Box, wanted: number, taken: ReadonlySet<number>): Map<number, Place> {
  const free = new Map<number, Place>()
  let seen = 0
  for (let number = 0; number < LOOKED_MAX && (seen < wanted || free.size + taken.size < wanted); number++) {
    const place = placeAt(number, room)
    if (!place) continue
    seen += 1
    if (!taken.has(number)) free.set(number, place)
  }
  return free
}

/** Takes the free place that is nearest to where a key would have its runner. */
function takeNearest(free: Map<number, Place>, key: string): number {
  const wish = { across: fractionOf(`across ${key}`), down: fractionOf(`down ${key}`) }
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (const [number, { across, down }] of free) {
    const distance = (across - wish.across) ** 2 + (down - wish.down) ** 2
    if (distance >= least) continue
    least = distance
    best = number
  }
  free.delete(best)
  return best
}

/** Keeps a point of a radius inside a stretch. */
function within(value: number, from: number, length: number, radius: number): number {
  return Math.min(from + length - radius, Math.max(from + radius, value))
}

/** Each doubling of the speed adds the same. */
function speedShare(tokensPerSecond: number): number {
  return Math.min(1, Math.log2(1 + Math.max(0, tokensPerSecond)) / Math.log2(1 + FASTEST))
}
