import { expect, test } from 'vitest'
import { readSealPath, sealPath } from './seal-path.ts'

const EVIDENCE = 'ab'.repeat(32)
const MANIFEST = 'cd'.repeat(32)

test('an address of evidence is read back as it was written', () => {
  for (const place of [
    { evidenceDigest: EVIDENCE },
    { evidenceDigest: EVIDENCE, manifestDigest: MANIFEST, model: 'org/model 7B:q4' },
  ]) {
    expect(readSealPath(sealPath(place))).toEqual(place)
  }
})

test.each(['/seal', '/seal/', '/seal/abc', `/seal/${EVIDENCE.toUpperCase()}`])(
  '%s names no evidence',
  (path) => {
    expect(readSealPath(path)).toBeUndefined()
  },
)

test('what is not a manifest or a name is left out', () => {
  expect(readSealPath(`/seal/${EVIDENCE}/x/model`)).toEqual({ evidenceDigest: EVIDENCE })
  expect(readSealPath(`/seal/${EVIDENCE}/${MANIFEST}/%E0%A4%A`)).toEqual({ evidenceDigest: EVIDENCE })
})
