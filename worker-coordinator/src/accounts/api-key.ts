import { toBase64Url } from '../../../protocol/src/canonical-json.ts'
import { sha256 } from '../platform/sha256.ts'

const KEY_START = 'sk-shq-'
const SHOWN_CHARS = KEY_START.length + 4

/** How many random bytes a key takes. */
export const API_KEY_BYTES = 32

/** A key as it leaves the coordinator once, and what stays. */
export type NewApiKey = { readonly key: string; readonly prefix: string; readonly hash: string }

/** Makes an API key: `sk-shq-` and 32 random bytes in base64url. Throws on fewer bytes. */
export async function makeApiKey(random: Uint8Array): Promise<NewApiKey> {
  if (random.length !== API_KEY_BYTES) throw new RangeError(`a key takes ${API_KEY_BYTES} random bytes`)
  const key = `${KEY_START}${toBase64Url(random)}`
  return { key, prefix: key.slice(0, SHOWN_CHARS), hash: hashApiKey(key) }
}

/** Tells whether a bearer token means to be one of our keys, well formed or not. */
export function looksLikeApiKey(token: string): boolean {
  return token.startsWith('sk-')
}

/** Reads a key that came from outside. */
export function parseApiKey(token: string): string | undefined {
  return /^sk-shq-[A-Za-z0-9_-]{43}$/.test(token) ? token : undefined
}

/** What is kept of a key. A plain hash is enough: 32 random bytes cannot be guessed. */
export function hashApiKey(key: string): string {
  return sha256(key)
}
