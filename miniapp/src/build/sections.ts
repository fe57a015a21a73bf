/** The parts of the page for developers. `start` is at `/build` itself, the others below it. */
export const SECTIONS = ['start', 'keys', 'playground', 'usage', 'requests', 'prices', 'reference'] as const
export type Section = (typeof SECTIONS)[number]

/** What belongs to a person, and is empty without one. */
const PERSONAL: readonly Section[] = ['keys', 'playground', 'usage', 'requests']

/** The part that an address shows; the beginning where nothing lives at it. */
export function sectionOf(pathname: string): Section {
  const [, , name] = pathname.split('/')
  return SECTIONS.find((section) => section === name && section !== 'start') ?? 'start'
}

/** The address of a part. */
export function pathOf(section: Section): '/build' | `/build/${Section}` {
  return section === 'start' ? '/build' : `/build/${section}`
}

/** Whether a part can be shown to somebody who is not known. */
export function isPublic(section: Section): boolean {
  return !PERSONAL.includes(section)
}
