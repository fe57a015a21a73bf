/** What a runner shows as a QR code stands behind this. */
const SCANNED_PREFIX = 'sharnaqa:runner:'
const ID_CHARS = 26

/**
 * Reads a runner's id out of what was scanned, pasted or typed: `sharnaqa:runner:run_…`, the id alone, with spaces between
 * its groups or without. Undefined where it is none.
 */
export function readRunnerId(text: string): string | undefined {
  const bare = text.replaceAll(/[\s\u200e\u200f-]/g, '').toLowerCase()
  const id = bare.startsWith(SCANNED_PREFIX) ? bare.slice(SCANNED_PREFIX.length) : bare
  const name = id.startsWith('run_') ? id.slice('run_'.length) : id
  return isName(name) ? `run_${name}` : undefined
}

/** The part of an id that differs, in groups of four: so that two of them can be compared by eye. */
export function groupsOfFour(runnerId: string): readonly string[] {
  return runnerId.replace(/^run_/, '').match(/.{1,4}/g) ?? []
}

/** Crockford's base32 in lower case. */
function isName(name: string): boolean {
  return name.length === ID_CHARS && /^[0-9a-hjkmnp-tv-z]+$/.test(name)
}
