import { expect, test } from 'vitest'
import type { PairingProgressJson } from '../../../../protocol/src/miniapp/runners.ts'
import type { Reply } from '../../session/session.ts'
import type { Keep } from '../device-storage.ts'
import { makeRunner, makeServed } from '../runner-fixture.ts'
import { askProgress, startPairing } from './ask-pairing.ts'

const refused = <T>(reason: string): Reply<T> => ({ ok: false, reason, sentence: undefined })
const { signal } = new AbortController()

function setupStorage(): Keep {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

function setupStart() {
  let made = 0
  const api = {
    startPairing: async () => {
      made += 1
      const value = { id: `pair_${made}`, code: 'K7QM-29XF', command: 'start', expires_at: 600 }
      return { ok: true as const, value }
    },
  }
  return { api, storage: setupStorage(), count: () => made }
}

test('leaving and coming back asks for no second code', async () => {
  const { count, ...deps } = setupStart()
  const first = await startPairing({ ...deps, nowMs: () => 0 })
  expect(first).toEqual({
    ok: true,
    value: { id: 'pair_1', code: 'K7QM-29XF', command: 'start', expiresAtMs: 600_000 },
  })
  expect(await startPairing({ ...deps, nowMs: () => 599_000 })).toEqual(first)
  expect(count()).toBe(1)
})

test('whoever comes back after the code has ended gets a new one', async () => {
  const { count, ...deps } = setupStart()
  await startPairing({ ...deps, nowMs: () => 0 })
  await startPairing({ ...deps, nowMs: () => 600_000 })
  expect(count()).toBe(2)
})

test('a code that could not be made is not kept', async () => {
  const storage = setupStorage()
  const api = { startPairing: async () => refused<never>('unreachable') }
  expect(await startPairing({ api, storage, nowMs: () => 0 })).toMatchObject({ ok: false })
  expect(storage.getItem('sharnaqa-pairing')).toBeNull()
})

const detail = {
  ...makeRunner({ earned_nano: '70', models: [makeServed({})] }),
  days: [
    { day: '2026-11-21', earned_nano: '0', jobs: 1 },
    { day: '2026-11-22', earned_nano: '70', jobs: 2 },
  ],
  online_share_24h: 1,
  online_share_7d: 1,
  downtimes: [],
  asks: [],
}
const runner = async () => ({ ok: true as const, value: detail })

test('a code that the coordinator has forgotten is known by the runner that used it', async () => {
  const api = { pairing: async () => refused<PairingProgressJson>('pairing_not_found'), runner }
  const reply = await askProgress({ api, started: { id: 'pair_1', runnerId: 'run_1' }, signal })
  expect(reply).toMatchObject({
    ok: true,
    value: { state: 'paired', runner: { models: ['silkworm'], jobs_done: 3, earned_nano: '70' } },
  })
})

test('a code that nobody used, and is not known, stays unknown', async () => {
  const api = { pairing: async () => refused<PairingProgressJson>('pairing_not_found'), runner }
  expect(await askProgress({ api, started: { id: 'pair_1' }, signal })).toMatchObject({ ok: false })
})

test('a coordinator out of reach is asked nothing else', async () => {
  const fails = async () => {
    throw new Error('must not be asked')
  }
  const api = { pairing: async () => refused<PairingProgressJson>('unreachable'), runner: fails }
  const reply = await askProgress({ api, started: { id: 'pair_1', runnerId: 'run_1' }, signal })
  expect(reply).toMatchObject({ ok: false, reason: 'unreachable' })
})
