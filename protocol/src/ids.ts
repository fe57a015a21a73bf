declare const idBrand: unique symbol
type Id<Name extends string> = string & { readonly [idBrand]: Name }

/** One job. `job_` + 9 characters of time (ms) + 16 random characters: ids sort by the moment they were made. */
export type JobId = Id<'job'>
/** One runner: the first 26 characters of the base32 SHA-256 of its public key, after `run_`. */
export type RunnerId = Id<'runner'>

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's base32, lower case
const TIME_CHARS = 9
const RANDOM_CHARS = 16

/** Makes a job's id from the time and 16 random bytes. */
export function makeJobId(nowMs: number, random: Uint8Array): JobId {
  return `job_${encodeTime(nowMs)}${encodeRandom(random)}` as JobId
}

/** The smallest id that a job made at `nowMs` can have: a lower bound for scans by time. */
export function firstJobIdAt(nowMs: number): JobId {
  return `job_${encodeTime(Math.max(0, nowMs))}` as JobId
}

/** Reads a job's id that came from outside. */
export function parseJobId(value: string): JobId | undefined {
  return /^job_[0-9a-hjkmnp-tv-z]{25}$/.test(value) ? (value as JobId) : undefined
}

/** Derives a runner's id from its raw 32-byte Ed25519 public key. */
export async function runnerIdOf(publicKey: Uint8Array<ArrayBuffer>): Promise<RunnerId> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey))
  let text = ''
  for (let bit = 0; text.length < 26; bit += 5) {
    const pair = ((hash[bit >> 3] ?? 0) << 8) | (hash[(bit >> 3) + 1] ?? 0)
    text += ALPHABET[(pair >> (11 - (bit & 7))) & 31]
  }
  return `run_${text}` as RunnerId
}

function encodeTime(nowMs: number): string {
  let rest = Math.floor(nowMs)
  let text = ''
  for (let i = 0; i < TIME_CHARS; i++) {
    text = `${ALPHABET[rest % 32]}${text}`
    rest = Math.floor(rest / 32)
  }
  return text
}

function encodeRandom(random: Uint8Array): string {
  let text = ''
  for (let i = 0; i < RANDOM_CHARS; i++) text += ALPHABET[(random[i] ?? 0) & 31]
  return text
}
