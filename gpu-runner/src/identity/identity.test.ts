import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { signText, verifyEd25519 } from '../../../protocol/src/ed25519.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { openIdentity } from './identity.ts'

async function openIn(dataDir: string) {
  const opened = await openIdentity(dataDir)
  if (!opened.ok) throw new Error(opened.sentence)
  return opened.identity
}

test('a new folder gets a key that only its owner can read', async () => {
  const dataDir = path.join(await makeTempFolder(), 'new', 'runner')
  const identity = await openIn(dataDir)
  expect(identity.runnerId).toMatch(/^run_[0-9a-hjkmnp-tv-z]{26}$/)
  expect((await stat(path.join(dataDir, 'identity.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700)
})

test('the same folder is the same runner, another folder another', async () => {
  const dataDir = await makeTempFolder()
  const first = await openIn(dataDir)
  expect((await openIn(dataDir)).runnerId).toBe(first.runnerId)
  expect((await openIn(await makeTempFolder())).runnerId).not.toBe(first.runnerId)
})

test('what it signs can be checked with its public key, and nothing else can', async () => {
  const { privateKey, publicKey } = await openIn(await makeTempFolder())
  const raw = fromBase64Url(publicKey) ?? new Uint8Array()
  const signature = fromBase64Url(await signText(privateKey, 'شرنقة')) ?? new Uint8Array()
  expect(await verifyEd25519(raw, signature, 'شرنقة')).toBe(true)
  expect(await verifyEd25519(raw, signature, 'شرنقه')).toBe(false)
})

describe('a key is not used', () => {
  test.each([0o640, 0o604, 0o660, 0o644])(
    'when its mode is %o, and the sentence says how to mend it',
    async (mode) => {
      const dataDir = await makeTempFolder()
      await openIn(dataDir)
      await chmod(path.join(dataDir, 'identity.json'), mode)
      const opened = await openIdentity(dataDir)
      expect(opened).toMatchObject({
        ok: false,
        reason: 'too-open',
        sentence: expect.stringContaining('chmod 600'),
      })
    },
  )

  test('when its file is damaged, and it is not replaced', async () => {
    const dataDir = await makeTempFolder()
    await openIn(dataDir)
    const file = path.join(dataDir, 'identity.json')
    const whole = await readFile(file, 'utf8')
    for (const bad of [
      '',
      '{}',
      whole.slice(0, 60),
      whole.replace(/"privateKey": ".{10}/, '"privateKey": "AAAAAAAAAA'),
    ]) {
      await writeFile(file, bad, { mode: 0o600 })
      expect(await openIdentity(dataDir)).toMatchObject({ ok: false, reason: 'damaged' })
      expect(await readFile(file, 'utf8')).toBe(bad)
    }
  })
})
