import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { verifyEd25519 } from '../../../protocol/src/ed25519.ts'
import { type RunnerId, runnerIdOf } from '../../../protocol/src/ids.ts'
import { type PairRequest, pairSigningText } from '../../../protocol/src/runner/pairing.ts'
import { hashPairingCode } from './pairing.ts'

export type CheckedPairing =
  | {
      readonly ok: true
      readonly runnerId: RunnerId
      readonly codeHash: string
      readonly publicKey: string
      readonly name: string
    }
  | { readonly ok: false; readonly reason: 'bad-signature' }

/** Checks that who asks to pair holds the runner's private key, and derives the runner's id from the public one. */
export async function checkPairing({
  code,
  publicKey,
  name,
  signature,
}: PairRequest): Promise<CheckedPairing> {
  const keyBytes = fromBase64Url(publicKey)
  const signatureBytes = fromBase64Url(signature)
  const holds =
    keyBytes &&
    signatureBytes &&
    (await isSignedBy(keyBytes, signatureBytes, pairSigningText(code, publicKey)))
  if (!holds) return { ok: false, reason: 'bad-signature' }
  return {
    ok: true,
    runnerId: await runnerIdOf(keyBytes),
    codeHash: await hashPairingCode(code),
    publicKey,
    name,
  }
}

/** 32 bytes that are no point of the curve make some runtimes throw on import: such a key has signed nothing. */
async function isSignedBy(
  publicKey: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<boolean> {
  try {
    return await verifyEd25519(publicKey, signature, text)
  } catch {
    return false
  }
}
