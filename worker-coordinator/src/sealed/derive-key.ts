import { hkdfSync } from 'node:crypto'

const SECRET_MIN_CHARS = 32
const KEY_BYTES = 32

/**
 * Derives 32 bytes from the coordinator's secret for one purpose (HKDF-SHA256, RFC 5869): what one purpose shows says
 * nothing of another's. Throws without a secret of at least 32 characters, as sessions do.
 */
export function deriveKey(secret: string | undefined, label: string): Buffer {
  if (secret === undefined || secret.length < SECRET_MIN_CHARS)
    throw new Error(
      `SESSION_KEY needs at least ${SECRET_MIN_CHARS} characters. Action: wrangler secret put SESSION_KEY`,
    )
  return Buffer.from(hkdfSync('sha256', secret, '', label, KEY_BYTES))
}
