/** Reads the 32 bytes of `TON_SEED`, in hex. Throws when they are none: a wrong seed is another wallet. */
export function readSeed(hex: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new Error('TON_SEED must be 32 bytes in hex: 64 characters')
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}
