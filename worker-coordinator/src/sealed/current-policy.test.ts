import { expect, test } from 'vitest'
import { createCurrentPolicy, type StoredPolicy } from './current-policy.ts'

function setup() {
  const state = { newest: undefined as StoredPolicy | undefined, seqReads: 0, reads: 0, isDown: false }
  const policy = createCurrentPolicy({
    readSeq: async () => {
      state.seqReads += 1
      if (state.isDown) throw new Error('down')
      return state.newest?.seq ?? 0
    },
    findNewest: async () => {
      state.reads += 1
      return state.newest
    },
    cacheMs: 30_000,
  })
  const publish = (seq: number) => {
    state.newest = { seq, digest: String(seq).repeat(64), document: new Uint8Array([seq]) }
  }
  return { state, policy, publish }
}

test('a newer policy counts within 30 s, and until then nothing is asked', async () => {
  const { state, policy, publish } = setup()
  publish(1)
  expect(await policy.seq(0)).toBe(1)
  publish(2)
  expect(await policy.seq(29_999)).toBe(1)
  expect((await policy.read(29_999))?.seq).toBe(1)
  expect(state.seqReads).toBe(1)
  expect(await policy.seq(30_000)).toBe(2)
})
test('its text is read only when its number changed', async () => {
  const { state, policy, publish } = setup()
  publish(1)
  for (const nowMs of [0, 30_000, 60_000]) await policy.seq(nowMs)
  expect(state).toMatchObject({ seqReads: 3, reads: 1 })
})
test('that there is no policy is asked again by whoever needs one', async () => {
  const { policy, publish } = setup()
  expect(await policy.read(0)).toBeUndefined()
  publish(1)
  expect((await policy.read(1))?.seq).toBe(1)
})
test('a database that does not answer leaves the number that was known, and says so where none was', async () => {
  const { state, policy, publish } = setup()
  publish(3)
  expect(await policy.seq(0)).toBe(3)
  state.isDown = true
  expect(await policy.seq(60_000)).toBe(3)
  const unknown = setup()
  unknown.state.isDown = true
  await expect(unknown.policy.seq(0)).rejects.toThrow('down')
})
test('a reading that was overtaken does not bring an older policy back', async () => {
  const { state, policy, publish } = setup()
  publish(5)
  await policy.seq(0)
  publish(4)
  expect((await policy.refresh(60_000))?.seq).toBe(5)
  expect(state.reads).toBe(1)
})
