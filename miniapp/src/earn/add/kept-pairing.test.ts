import { expect, test } from 'vitest'
import { forgetPairing, keepPairing, readKeptPairing } from './kept-pairing.ts'

const pairing = { id: 'pair_1', code: 'K7QM-29XF', command: 'start', expiresAtMs: 600_000 }

function setupStorage() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
}

test('whoever leaves and comes back finds the pairing', () => {
  const storage = setupStorage()
  keepPairing(storage, pairing)
  expect(readKeptPairing(storage, 599_999)).toEqual(pairing)
})

test('a code that ended unused is not shown again', () => {
  const storage = setupStorage()
  keepPairing(storage, pairing)
  expect(readKeptPairing(storage, 600_000)).toBeUndefined()
})

test('a pairing that was used outlives its code', () => {
  const storage = setupStorage()
  keepPairing(storage, { ...pairing, runnerId: 'run_1' })
  expect(readKeptPairing(storage, 5_000_000)?.runnerId).toBe('run_1')
  expect(readKeptPairing(storage, 600_000 + 24 * 3_600_000)).toBeUndefined()
})

test('a pairing that was forgotten is gone', () => {
  const storage = setupStorage()
  keepPairing(storage, pairing)
  forgetPairing(storage)
  expect(readKeptPairing(storage, 0)).toBeUndefined()
})

test('what is kept by somebody else is nothing', () => {
  const storage = setupStorage()
  for (const text of ['{', 'null', '{"id":1}', '[]']) {
    storage.setItem('sharnaqa-pairing', text)
    expect(readKeptPairing(storage, 0)).toBeUndefined()
  }
})

test('a browser that keeps nothing stops nothing', () => {
  const refuse = () => {
    throw new Error('forbidden')
  }
  const storage = { getItem: refuse, setItem: refuse, removeItem: refuse }
  keepPairing(storage, pairing)
  forgetPairing(storage)
  expect(readKeptPairing(storage, 0)).toBeUndefined()
})
