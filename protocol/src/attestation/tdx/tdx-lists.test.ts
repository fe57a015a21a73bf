import { expect, test } from 'vitest'
import { type Bytes, toCanonicalBase64Url } from '../../bytes.ts'
import { makeSigningKey } from '../simulated/signing-keys.ts'
import { issuerOf, listDates } from '../simulated/simulated-collateral.ts'
import { type RevocationPlan, writeRevocationList } from '../simulated/write-certificate.ts'
import { DAY_MS, flip, NOW_MS, sharedTee, tdxVerdict } from '../verification-fixture.ts'

type List = 'rootCrl' | 'pckCrl'
const LISTS: readonly List[] = ['rootCrl', 'pckCrl']

/** What is said of collateral in which a list is other bytes. */
function verdictWith(list: List, bytes: Bytes): Promise<string> {
  return tdxVerdict({ changeCollateral: (made) => ({ ...made, [list]: toCanonicalBase64Url(bytes) }) })
}

/** A list like the simulation's, but for what a plan changes. */
async function makeList(list: List, plan: Partial<RevocationPlan>): Promise<Bytes> {
  const { pki } = await sharedTee()
  const issuer = issuerOf(list === 'rootCrl' ? pki.root : pki.authority)
  return writeRevocationList({ ...listDates(NOW_MS), ...issuer, revoked: [], ...plan })
}

test.each(LISTS)('crl-missing (%s): a list that is missing is refused', async (list) => {
  expect(await verdictWith(list, new Uint8Array())).toBe('crl-missing')
})

test.each(LISTS)('crl-malformed (%s): garbage is refused', async (list) => {
  expect(await verdictWith(list, new Uint8Array(300).fill(0x30))).toBe('crl-malformed')
  const sound = await makeList(list, {})
  expect(await verdictWith(list, sound.slice(0, -1))).toBe('crl-malformed')
  expect(await verdictWith(list, new Uint8Array([...sound, 0]))).toBe('crl-malformed')
})

test.each(LISTS)(
  'crl-expired, crl-not-yet-valid (%s): a list that is over, or of tomorrow, is refused',
  async (list) => {
    const over = await makeList(list, { nextUpdateMs: NOW_MS - 1000 })
    expect(await verdictWith(list, over)).toBe('crl-expired')
    const early = await makeList(list, { thisUpdateMs: NOW_MS + DAY_MS })
    expect(await verdictWith(list, early)).toBe('crl-not-yet-valid')
  },
)

test.each(LISTS)('crl-issuer (%s): a list of another issuer is refused', async (list) => {
  expect(await verdictWith(list, await makeList(list, { issuer: 'SIMULATED Other CA' }))).toBe('crl-issuer')
})

test.each(LISTS)('crl-signature (%s): a list that another key signed is refused', async (list) => {
  const issuerKey = await makeSigningKey('ecdsa-sha256')
  expect(await verdictWith(list, await makeList(list, { issuerKey }))).toBe('crl-signature')
  const sound = await makeList(list, {})
  expect(await verdictWith(list, flip(sound, sound.length - 1))).toBe('crl-signature')
})

test('crl-issuer: two lists swapped, each in the other’s place are refused', async () => {
  const verdict = await tdxVerdict({
    changeCollateral: (made) => ({ ...made, rootCrl: made.pckCrl, pckCrl: made.rootCrl }),
  })
  expect(verdict).toBe('crl-issuer')
})

test('crl-malformed: a list in another spelling of base64url is refused', async () => {
  const reasons = await Promise.all(
    ['A', 'AA', 'AAA'].map((more) =>
      tdxVerdict({ changeCollateral: (made) => ({ ...made, pckCrl: `${made.pckCrl}${more}` }) }),
    ),
  )
  expect(reasons).toEqual(['crl-malformed', 'crl-malformed', 'crl-malformed'])
})
