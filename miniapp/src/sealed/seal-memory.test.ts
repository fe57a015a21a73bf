import { expect, test } from 'vitest'
import type { VerificationDocument } from '../../../protocol/src/attestation/verification-document.ts'
import { CONFIRMED_MAX, createSealMemory, VERDICTS_MAX } from './seal-memory.ts'

const RUNNER = `run_${'a'.repeat(26)}`
const OTHER = `run_${'b'.repeat(26)}`

function fakeStorage(kept: Record<string, string> = {}) {
  return {
    getItem: (name: string) => kept[name] ?? null,
    setItem: (name: string, value: string) => {
      kept[name] = value
    },
  }
}

test('a confirmed runner is confirmed the next time as well, for this person alone', () => {
  const storage = fakeStorage()
  createSealMemory(storage, '7').confirm(RUNNER)
  expect([...createSealMemory(storage, '7').confirmed()]).toEqual([RUNNER])
  expect(createSealMemory(storage, '8').confirmed().size).toBe(0)
})

test('a runner whose confirmation is taken back is confirmed no more', () => {
  const storage = fakeStorage()
  const memory = createSealMemory(storage, '7')
  memory.confirm(RUNNER)
  memory.confirm(OTHER)
  memory.unconfirm(RUNNER)
  expect([...memory.confirmed()]).toEqual([OTHER])
  expect([...createSealMemory(storage, '7').confirmed()]).toEqual([OTHER])
})

test('whoever listens hears of each change', () => {
  const memory = createSealMemory(fakeStorage(), '7')
  const heard: number[] = []
  const leave = memory.subscribe(() => heard.push(memory.confirmed().size))
  memory.confirm(RUNNER)
  memory.unconfirm(RUNNER)
  leave()
  memory.confirm(RUNNER)
  expect(heard).toEqual([1, 0])
})

test('nonsense under its name confirms nobody', () => {
  for (const nonsense of ['{', '{}', '"run_x"', '[1, null, "run_x", {}]', `["${'ab'.repeat(32)}"]`]) {
    const memory = createSealMemory(fakeStorage({ 'sharnaqa-confirmed-7': nonsense }), '7')
    expect(memory.confirmed().size, nonsense).toBe(0)
  }
})

test('there is a bound to how many are confirmed', () => {
  const letters = '0123456789abcdefghjkmnpqrstvwxyz'
  const memory = createSealMemory(fakeStorage(), '7')
  const id = (at: number) => `run_${letters[at >> 5]}${letters[at & 31]}${'a'.repeat(24)}`
  for (let at = 0; at < CONFIRMED_MAX; at++) expect(memory.confirm(id(at))).toBe(true)
  expect(memory.confirm(id(CONFIRMED_MAX))).toBe(false)
  expect(memory.confirm(id(0))).toBe(true)
})

test('an older policy never takes the place of a newer one, and one of another network does not count', () => {
  const storage = fakeStorage()
  const memory = createSealMemory(storage, '7')
  const policy = (seq: number, network = 'main') => ({ network, seq, digest: 'ab'.repeat(32) })
  memory.noteSeen(policy(4))
  memory.noteSeen(policy(3))
  expect(createSealMemory(storage, '7').seen('main')).toEqual(policy(4))
  expect(memory.seen('test')).toBeUndefined()
})

test('a browser that keeps nothing still confirms for the page', () => {
  const refuse = () => {
    throw new Error('denied')
  }
  const memory = createSealMemory({ getItem: refuse, setItem: refuse }, '7')
  memory.confirm(RUNNER)
  expect(memory.confirmed().has(RUNNER)).toBe(true)
})

test('verdicts that this device gave are kept, the newest of them, and refusals are not', () => {
  const memory = createSealMemory(fakeStorage(), '7')
  const verdict = (digest: string, said: 'accepted' | 'refused' = 'accepted') =>
    ({ version: 1, verdict: said, evidenceDigest: digest }) as VerificationDocument
  memory.noteVerdict(verdict('refused', 'refused'))
  for (let at = 0; at <= VERDICTS_MAX; at++) memory.noteVerdict(verdict(`e${at}`))
  expect(memory.verdict('refused')).toBeUndefined()
  expect(memory.verdict('e0')).toBeUndefined()
  expect(memory.verdict(`e${VERDICTS_MAX}`)).toMatchObject({ verdict: 'accepted' })
})
