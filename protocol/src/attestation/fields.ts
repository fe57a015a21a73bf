import * as z from 'zod/mini'

// The verifier runs in the Mini App too: `zod/mini` keeps it small.

/** Exactly so many bytes in lower-case hex. */
export function hexText(bytes: number) {
  return z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)))
}

/** At most so many bytes in base64url without padding. Its canonical spelling is checked where it is decoded. */
export function base64UrlText(maxBytes: number) {
  return z.string().check(z.maxLength(Math.ceil((maxBytes * 4) / 3)), z.regex(/^[A-Za-z0-9_-]*$/))
}

/** A SHA-256 in hex. */
export const digest = hexText(32)
/** A SHA-384 in hex: a measurement. */
export const measurement = hexText(48)
/** A short name for people. */
export const label = z.string().check(z.minLength(1), z.maxLength(96))
/** A moment, Unix ms, up to the end of the year 9999: later ones cannot be written as dates. */
export const momentMs = z.int().check(z.minimum(0), z.maximum(253_402_300_799_999))
