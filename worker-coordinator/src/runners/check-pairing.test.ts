import { expect, test } from 'vitest'
import { toBase64Url } from '../../../protocol/src/canonical-json.ts'
import { runnerIdOf } from '../../../protocol/src/ids.ts'
import { pairRequestSchema, pairSigningText } from '../../../protocol/src/runner/pairing.ts'
import { checkPairing } from './check-pairing.ts'
import { hashPairingCode } from './pairing.ts'

async function newRunner() {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const raw = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
  const signText = async (text: string) =>
    toBase64Url(
      new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, new TextEncoder().encode(text))),
    )
  return { raw, publicKey: toBase64Url(raw), signText }
}

const CODE = 'K7QM29XF'
const REFUSED = { ok: false, reason: 'bad-signature' }

test('who signed with the key gets the id of that key', async () => {
  const { raw, publicKey, signText } = await newRunner()
  const signature = await signText(pairSigningText(CODE, publicKey))
  const request = pairRequestSchema.parse({ code: 'k7qm-29xf', publicKey, name: ' tower ', signature })
  expect(await checkPairing(request)).toEqual({
    ok: true,
    runnerId: await runnerIdOf(raw),
    codeHash: await hashPairingCode(CODE),
    publicKey,
    name: 'tower',
  })
})

test('a signature over another code, another key or another text is refused', async () => {
  const [mine, other] = [await newRunner(), await newRunner()]
  const { publicKey } = mine
  for (const signature of [
    await mine.signText(pairSigningText('AAAAAAAA', publicKey)),
    await mine.signText(pairSigningText(CODE, other.publicKey)),
    await other.signText(pairSigningText(CODE, publicKey)),
    await mine.signText(CODE),
    '',
    'A'.repeat(86),
    'not base64url!',
  ]) {
    expect(await checkPairing({ code: CODE, publicKey, name: 'tower', signature })).toEqual(REFUSED)
  }
})

test('32 bytes that are no key sign nothing', async () => {
  for (const byte of [0, 255]) {
    const publicKey = toBase64Url(new Uint8Array(32).fill(byte))
    for (const signature of ['A'.repeat(86), toBase64Url(new Uint8Array(64).fill(255))]) {
      expect(await checkPairing({ code: CODE, publicKey, name: 'tower', signature })).toEqual(REFUSED)
    }
  }
})
