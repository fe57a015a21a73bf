import { type Bytes, concatBytes, toCanonicalBase64Url, utf8 } from '../../bytes.ts'
import { canonicalJson, toHex } from '../../canonical-json.ts'
import { POLICY_LABEL } from './check-policy.ts'
import type { Policy } from './policy.ts'

/** A private Ed25519 key, whatever the runtime calls its type. */
type SigningKey = Parameters<typeof crypto.subtle.sign>[1]

/** A signer of policies: its public key, and the private one that WebCrypto holds. */
export type PolicySigner = { readonly publicKey: Bytes; readonly privateKey: SigningKey }

/** Signs a policy. Each signer signs the same bytes; the result is what a client reads. */
export async function signPolicy(policy: Policy, signers: readonly PolicySigner[]): Promise<Bytes> {
  const bytes = utf8(canonicalJson(policy))
  const signatures: { signer: string; signature: string }[] = []
  for (const { publicKey, privateKey } of signers) {
    const signature = await crypto.subtle.sign('Ed25519', privateKey, concatBytes(utf8(POLICY_LABEL), bytes))
    signatures.push({
      signer: toHex(publicKey),
      signature: toCanonicalBase64Url(new Uint8Array(signature)),
    })
  }
  return utf8(JSON.stringify({ policy: toCanonicalBase64Url(bytes), signatures }))
}
