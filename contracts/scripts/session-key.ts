import { existsSync, writeFileSync } from 'node:fs'
import { getSecureRandomBytes, type KeyPair, keyPairFromSeed, sign } from '@ton/crypto'
import { CommandError } from './command-error.ts'
import { readSecretFile } from './read-input.ts'

/** The key that signs vouchers. It cannot close the escrow and cannot send coins anywhere but to the network. */
export type SessionKey = {
  /** Hex. */
  readonly publicKey: string
  /** Base64url. */
  readonly sign: (bytes: Uint8Array) => string
}

/** Opens the key in a file, 64 hex digits. */
export function openSessionKey(file: string): SessionKey {
  const hex = readSecretFile(file)
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new CommandError(`${file} must hold 64 hex digits.`)
  return toSessionKey(keyPairFromSeed(Buffer.from(hex, 'hex')))
}

/** Opens the key in a file, and makes both when there is none. Only its owner can read the file. */
export async function openOrMakeSessionKey(file: string): Promise<SessionKey> {
  if (existsSync(file)) return openSessionKey(file)
  const seed = await getSecureRandomBytes(32)
  writeFileSync(file, `${seed.toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  return toSessionKey(keyPairFromSeed(seed))
}

function toSessionKey(pair: KeyPair): SessionKey {
  return {
    publicKey: pair.publicKey.toString('hex'),
    sign: (bytes) => sign(Buffer.from(bytes), pair.secretKey).toString('base64url'),
  }
}
