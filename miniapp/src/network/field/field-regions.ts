/** Continents as the coordinator names them, from west to east; last, whoever it does not know the place of. */
export const REGIONS = ['NA', 'SA', 'EU', 'AF', 'AS', 'OC', 'AN', 'unknown'] as const
export type Region = (typeof REGIONS)[number]

/** Where two rows are needed, these stand in the upper one. */
export const NORTHERN: ReadonlySet<Region> = new Set(['NA', 'EU', 'AS', 'unknown'])

/** Reads a continent; anything else is a place that is not known. */
export function readRegion(region: string | null): Region {
  return REGIONS.find((one) => one === region) ?? 'unknown'
}
