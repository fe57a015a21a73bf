import type { Chain } from '../../ton/chain.ts'

/**
 * Asks a wallet on the chain for its public key (`get_public_key`). Undefined when it is not there, has no such method,
 * or the chain does not answer: such a wallet cannot be bound now.
 */
export async function readPublicKey(
  chain: Pick<Chain, 'runGetMethod'>,
  address: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { exitCode, numbers } = await chain
    .runGetMethod(address, 'get_public_key')
    .catch(() => ({ exitCode: -1, numbers: [] as readonly bigint[] }))
  const [key] = numbers
  if (exitCode !== 0 || key === undefined || key <= 0n || key >= 1n << 256n) return undefined
  const hex = key.toString(16).padStart(64, '0')
  return Uint8Array.from({ length: 32 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  )
}
