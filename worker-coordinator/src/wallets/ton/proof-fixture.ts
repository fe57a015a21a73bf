import { beginCell, storeStateInit } from '@ton/core'
import { keyPairFromSeed, sign } from '@ton/crypto'
import { WalletContractV3R2, WalletContractV4, WalletContractV5R1 } from '@ton/ton'
import { proofDigest, type TonProof } from './check-proof.ts'

export const VERSIONS = { v3r2: WalletContractV3R2, v4r2: WalletContractV4, v5r1: WalletContractV5R1 }

/** Signs a proof as a wallet does. `seed`: one byte, repeated: another one is another wallet. */
export async function signProof(input: {
  readonly domain: string
  readonly nonce: string
  readonly timestampS: number
  readonly version?: keyof typeof VERSIONS
  readonly seed?: number
  readonly network?: string
}): Promise<TonProof> {
  const { domain, nonce, timestampS, version = 'v5r1', seed = 1, network = '-239' } = input
  const keys = keyPairFromSeed(Buffer.alloc(32, seed))
  const { address, init } = VERSIONS[version].create({ workchain: 0, publicKey: keys.publicKey })
  const domainBytes = new TextEncoder().encode(domain)
  const digest = await proofDigest(address, domainBytes, timestampS, nonce)
  return {
    address: address.toRawString(),
    network,
    stateInit: beginCell().store(storeStateInit(init)).endCell().toBoc().toString('base64'),
    proof: {
      timestamp: timestampS,
      domain: { lengthBytes: domainBytes.length, value: domain },
      payload: nonce,
      signature: sign(Buffer.from(digest), keys.secretKey).toString('base64'),
    },
  }
}
