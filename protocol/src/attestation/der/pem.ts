import { type Bytes, fromBase64 } from '../../bytes.ts'

const HEADER = '-----BEGIN CERTIFICATE-----'
const FOOTER = '-----END CERTIFICATE-----'
/** Digits of base64 in a full line (RFC 7468 §2). */
const LINE_DIGITS = 64
/** Most certificates that any chain here has. */
const MAX_CERTIFICATES = 8

/**
 * Reads a chain of PEM certificates (RFC 7468) in one spelling only: full lines of 64 digits, one line feed between
 * lines, one or none at the end. Anything else, a stray space included, is undefined.
 */
export function readPemChain(text: string): readonly Bytes[] | undefined {
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
  const certificates: Bytes[] = []
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(FOOTER, at)
    if (lines[at] !== HEADER || end === -1 || certificates.length === MAX_CERTIFICATES) return undefined
    const der = readBody(lines.slice(at + 1, end))
    if (!der) return undefined
    certificates.push(der)
    at = end + 1
  }
  return certificates
}

function readBody(lines: readonly string[]): Bytes | undefined {
  const last = lines.at(-1)
  if (last === undefined || last.length === 0 || last.length > LINE_DIGITS) return undefined
  if (lines.slice(0, -1).some((line) => line.length !== LINE_DIGITS)) return undefined
  return fromBase64(lines.join(''))
}
