const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's base32, lower case
const INVITATION_CHARS = 20
const ID_CHARS = 16

/** How many random bytes an invitation takes. */
export const INVITATION_BYTES = INVITATION_CHARS
/** How many random bytes a group's id takes. */
export const GROUP_ID_BYTES = ID_CHARS

/** Makes an invitation's code, 100 random bits that fit into a link. Throws on another number of bytes. */
export function makeInvitation(random: Uint8Array): string {
  return encode(random, INVITATION_CHARS)
}

/** Makes a group's id, `grp_` and 80 random bits. Throws on another number of bytes. */
export function makeGroupId(random: Uint8Array): string {
  return `grp_${encode(random, ID_CHARS)}`
}

/** Reads an invitation's code as a person passed it on; undefined where it cannot be one. */
export function parseInvitation(text: string): string | undefined {
  const code = text.trim().toLowerCase()
  return /^[0-9a-hjkmnp-tv-z]{20}$/.test(code) ? code : undefined
}

function encode(random: Uint8Array, chars: number): string {
  if (random.length !== chars) throw new RangeError(`${chars} random bytes are needed`)
  return Array.from(random, (byte) => ALPHABET[byte & 31]).join('')
}
