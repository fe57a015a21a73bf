import { fromBase64Url, toBase64Url } from '../../protocol/src/canonical-json.ts'
import { runnerIdOf } from '../../protocol/src/ids.ts'
import type { Identity } from '../src/identity/identity.ts'

/** A fresh key that is not on any disk. */
export async function makeTestIdentity(): Promise<Identity> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('Ed25519 keys come in pairs')
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  return { runnerId: await runnerIdOf(raw), publicKey: toBase64Url(raw), privateKey: pair.privateKey }
}

/** The raw public key, as a checker of receipts wants it. */
export function publicKeyOf(identity: Identity): Uint8Array<ArrayBuffer> {
  return fromBase64Url(identity.publicKey) ?? new Uint8Array()
}
