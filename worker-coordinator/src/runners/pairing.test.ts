import { expect, test } from 'vitest'
import { pairingCodeSchema } from '../../../protocol/src/runner/pairing.ts'
import { hashPairingCode, makePairingCode } from './pairing.ts'

test('every code that is made is one that the protocol reads, whatever the bytes', () => {
  for (let byte = 0; byte < 256; byte++) {
    const code = makePairingCode(new Uint8Array(8).fill(byte))
    expect(code).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/)
    expect(pairingCodeSchema.parse(code)).toBe(code.replace('-', ''))
  }
})

test('the 32 letters and digits are equally likely', () => {
  const letters = new Set(
    Array.from({ length: 32 }, (_, byte) => makePairingCode(new Uint8Array(8).fill(byte))[0]),
  )
  expect(letters.size).toBe(32)
})

test('a code is never made of fewer random bytes', () => {
  expect(() => makePairingCode(new Uint8Array(7))).toThrow('8 random bytes')
})

test('a code has one hash, however a person types it', async () => {
  const hash = await hashPairingCode('K7QM-29XF')
  for (const typed of ['k7qm29xf', ' K7QM 29XF ', 'k7qm-29xf']) {
    expect(await hashPairingCode(pairingCodeSchema.parse(typed))).toBe(hash)
  }
})
