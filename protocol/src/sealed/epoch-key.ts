import type { WebCryptoKey } from '../web-crypto-key.ts'
import { suiteOf } from './all-suites.ts'
import type { Suite } from './suites.ts'

/** A runner's key of one epoch. The private part never leaves the process. */
export type EpochKey = {
  readonly suite: Suite
  readonly epoch: number
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly privateKey: WebCryptoKey
}

export async function makeEpochKey(suite: Suite, epoch: number): Promise<EpochKey> {
  const { kem } = suiteOf(suite).cipher
  const pair = await kem.generateKeyPair()
  const publicKey = new Uint8Array(await kem.serializePublicKey(pair.publicKey))
  return { suite, epoch, publicKey, privateKey: pair.privateKey }
}
