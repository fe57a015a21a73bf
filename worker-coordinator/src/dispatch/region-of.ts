/** The continent that a request came from, such as `EU`, where the edge says it; null elsewhere. */
export function regionOf({ cf }: Pick<Request, 'cf'>): string | null {
  const continent = cf?.continent
  return typeof continent === 'string' && /^[A-Z]{2}$/.test(continent) ? continent : null
}
