import { sha256Hex } from '../../../protocol/src/canonical-json.ts'

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const CODE_CHARS = 8

/** How many random bytes a pairing code takes. */
export const PAIRING_CODE_BYTES = CODE_CHARS

/** Makes a pairing code, 40 random bits, as a person reads it: K7QM-29XF. Throws on fewer bytes. */
export function makePairingCode(random: Uint8Array): string {
  if (random.length !== PAIRING_CODE_BYTES) {
    throw new RangeError(`a pairing code takes ${PAIRING_CODE_BYTES} random bytes`)
  }
  const text = Array.from(random, (byte) => ALPHABET[byte & 31]).join('')
  return `${text.slice(0, 4)}-${text.slice(4)}`
}

/** What is kept of a pairing code, written with or without its dash. */
export function hashPairingCode(code: string): Promise<string> {
  return sha256Hex(`pairing-code:${code.replaceAll('-', '')}`)
}
