const CONTINENTS = ['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'] as const

/** The word for a continent as Cloudflare names it; undefined where it is not known. */
export function regionWord(region: string | null): `region-${(typeof CONTINENTS)[number]}` | undefined {
  const known = CONTINENTS.find((one) => one === region)
  return known && `region-${known}`
}
