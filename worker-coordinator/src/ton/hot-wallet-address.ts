import type { TonNetwork } from './address.ts'
import { readSeed } from './read-seed.ts'
import { createWalletV5 } from './wallet-v5.ts'

/** The hot wallet of a seed (32 bytes in hex), raw. */
export function hotWalletAddress(seedHex: string, network: TonNetwork): string {
  return createWalletV5(readSeed(seedHex), network).address
}
