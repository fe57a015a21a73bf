import * as z from 'zod/mini'
import { fromCanonicalBase64Url, toCanonicalBase64Url } from '../bytes.ts'
import { CANDIDATES_MAX, HEADER_CHARS_MAX } from './header.ts'
import { REQUEST_BUCKETS } from './padding.ts'
import type { SealedRequest } from './seal-request.ts'

const TAG_BYTES = 16
const LARGEST = (REQUEST_BUCKETS.at(-1) ?? 0) + TAG_BYTES
const base64Url = (bytesMax: number) =>
  z.string().check(z.maxLength(Math.ceil((bytesMax * 4) / 3)), z.regex(/^[A-Za-z0-9_-]+$/))

/** A sealed request as it is carried in JSON: bytes are base64url. */
export const envelopeSchema = z.strictObject({
  header: z.string().check(z.maxLength(HEADER_CHARS_MAX)),
  ct: base64Url(LARGEST),
  wraps: z
    .array(z.strictObject({ enc: base64Url(2048), wrapped: base64Url(64) }))
    .check(z.minLength(1), z.maxLength(CANDIDATES_MAX)),
})
export type Envelope = z.infer<typeof envelopeSchema>

/** Writes a sealed request as it is carried. */
export function writeEnvelope({ header, ct, wraps }: SealedRequest): Envelope {
  return {
    header,
    ct: toCanonicalBase64Url(ct),
    wraps: wraps.map(({ enc, wrapped }) => ({
      enc: toCanonicalBase64Url(enc),
      wrapped: toCanonicalBase64Url(wrapped),
    })),
  }
}

/** Reads it back; undefined where something is not in its one canonical spelling. */
export function readEnvelope(envelope: Envelope): SealedRequest | undefined {
  const ct = fromCanonicalBase64Url(envelope.ct)
  const wraps = envelope.wraps.flatMap((wrap) => {
    const [enc, wrapped] = [fromCanonicalBase64Url(wrap.enc), fromCanonicalBase64Url(wrap.wrapped)]
    return enc && wrapped ? [{ enc, wrapped }] : []
  })
  return ct && wraps.length === envelope.wraps.length ? { header: envelope.header, ct, wraps } : undefined
}
