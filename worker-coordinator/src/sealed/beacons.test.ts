import { expect, test } from 'vitest'
import { MAX_WINDOW_MS } from '../../../protocol/src/attestation/policy/check-binding.ts'
import { parserOf } from '../../../protocol/src/miniapp/fields.ts'
import { beaconsSchema } from '../../../protocol/src/sealed-client/http-network.ts'
import { BEACON_MS, BEACONS_TOLD, createBeacons } from './beacons.ts'

const SECRET = 'a-secret-of-at-least-thirty-two-characters'
const NOW_MS = Date.UTC(2026, 10, 22, 12, 3)

test('every isolate tells the same beacons, the newest first, each from the moment on that it names', () => {
  const told = createBeacons(SECRET)(NOW_MS)
  expect(told).toEqual(createBeacons(SECRET)(NOW_MS + 60_000))
  expect(told[0]?.publishedAtMs).toBe(Date.UTC(2026, 10, 22, 12))
  expect(told.map(({ publishedAtMs }) => publishedAtMs)).toEqual(
    Array.from({ length: BEACONS_TOLD }, (_, back) => Date.UTC(2026, 10, 22, 12) - back * BEACON_MS),
  )
  expect(new Set(told.map(({ value }) => value)).size).toBe(BEACONS_TOLD)
})
test('a beacon has its value for as long as evidence may carry it, and is then told no more', () => {
  const [first] = createBeacons(SECRET)(NOW_MS)
  const later = (ms: number) => createBeacons(SECRET)(NOW_MS + ms)
  expect(later(MAX_WINDOW_MS)).toContainEqual(first)
  expect(later(MAX_WINDOW_MS + BEACON_MS)).not.toContainEqual(first)
})
test('the next beacon is told by nobody before its moment', () => {
  const [next] = createBeacons(SECRET)(NOW_MS + BEACON_MS)
  expect(createBeacons(SECRET)(NOW_MS)).not.toContainEqual(next)
  expect(createBeacons(`${SECRET}!`)(NOW_MS + BEACON_MS)).not.toContainEqual(next)
})
test('the values are those that this secret has always told', () => {
  // Reckoned with another implementation of HKDF and HMAC. Evidence in force carries them: if this
  // must change, runners renew their evidence at the release.
  expect(createBeacons(SECRET)(NOW_MS)[0]?.value).toBe(
    '91c678868fc17df87bb8aee102417d4f994ce6427e5a20e63258ec053d1a40e7',
  )
})
test('clients can read them', () => {
  const data = createBeacons(SECRET)(NOW_MS).map(({ value, publishedAtMs }) => ({
    value,
    published_at_ms: publishedAtMs,
  }))
  expect(parserOf(beaconsSchema)({ network: 'sim-local', data })?.data).toEqual(data)
})
test('a coordinator without a secret tells none', () => {
  expect(() => createBeacons(undefined)(NOW_MS)).toThrow('SESSION_KEY')
  expect(() => createBeacons('short')(NOW_MS)).toThrow('SESSION_KEY')
})
