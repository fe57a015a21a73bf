import { NORTHERN, REGIONS, type Region } from './field-regions.ts'

/** In CSS pixels. */
export type Size = { readonly width: number; readonly height: number }
export type Box = Size & { readonly x: number; readonly y: number }

/** A continent's part of the field: its name on top, its runners below. */
export type Area = {
  readonly region: Region
  readonly label: Box
  readonly room: Box
}

/** The narrowest that an area is made, so that its name fits. */
const AREA_MIN_WIDTH = 104
/** The lowest row that still has room for points. */
const ROW_MIN_HEIGHT = 84
const LABEL_HEIGHT = 20
const PAD = 12
/** Between a name and its neighbour's. */
const GAP = 4
/** The height of a field of one row: a share of its width, within bounds. */
const HEIGHT = { share: 0.36, min: 176, max: 300 }

/** How high a field is: as a picture of its width, and higher where the continents need more rows. */
export function fieldHeight(width: number, regions: number): number {
  const rows = Math.max(1, Math.ceil(regions / perRow(width)))
  const picture = Math.round(width * HEIGHT.share)
  return Math.min(HEIGHT.max, Math.max(HEIGHT.min, picture)) + (rows - 1) * ROW_MIN_HEIGHT
}

/**
 * Divides a field among the continents that have runners, as a map would: from west to east, and north above south where
 * one row is too narrow. An area grows with each doubling of its runners, so that one more moves no border.
 */
export function layOutAreas(counts: ReadonlyMap<Region, number>, size: Size): readonly Area[] {
  const rows = rowsOf(
    REGIONS.filter((region) => (counts.get(region) ?? 0) > 0),
    perRow(size.width),
  )
  const weight = (region: Region) => 1 + Math.ceil(Math.log2(1 + (counts.get(region) ?? 0)))
  const heights = divide(
    size.height,
    rows.map((row) => row.reduce((sum, region) => sum + weight(region), 0)),
    ROW_MIN_HEIGHT,
  )
  return rows.flatMap((row, at) => {
    const widths = divide(size.width, row.map(weight), AREA_MIN_WIDTH)
    return row.map((region, column) =>
      toArea(region, {
        x: sum(widths.slice(0, column)),
        y: sum(heights.slice(0, at)),
        width: widths[column] ?? 0,
        height: heights[at] ?? 0,
      }),
    )
  })
}

function toArea(region: Region, { x, y, width, height }: Box): Area {
  const top = PAD + LABEL_HEIGHT
  return {
    region,
    label: { x: x + PAD, y: y + PAD, width: width - PAD - GAP, height: LABEL_HEIGHT },
    room: { x: x + PAD, y: y + top, width: width - 2 * PAD, height: Math.max(1, height - top - PAD) },
  }
}

function perRow(width: number): number {
  return Math.max(1, Math.floor(width / AREA_MIN_WIDTH))
}

function rowsOf(present: readonly Region[], most: number): readonly (readonly Region[])[] {
  if (present.length <= most) return [present]
  const north = present.filter((region) => NORTHERN.has(region))
  const south = present.filter((region) => !NORTHERN.has(region))
  if (north.length > 0 && north.length <= most && south.length > 0 && south.length <= most) {
    return [north, south]
  }
  const rows = Math.ceil(present.length / most)
  const ordered = [...north, ...south]
  const begin = (row: number) => Math.ceil((row * ordered.length) / rows)
  return Array.from({ length: rows }, (_, row) => ordered.slice(begin(row), begin(row + 1)))
}

/** Divides a length by weights; each part has `min` at least, as far as there is enough. */
function divide(length: number, weights: readonly number[], min: number): readonly number[] {
  const floor = Math.min(min, length / weights.length)
  const rest = length - floor * weights.length
  const total = sum(weights)
  return weights.map((weight) => floor + (rest * weight) / total)
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0)
}
