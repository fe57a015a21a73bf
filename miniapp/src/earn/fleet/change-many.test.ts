import { expect, test } from 'vitest'
import type { Reply } from '../../session/session.ts'
import { changeMany } from './change-many.ts'

const OK: Reply<boolean> = { ok: true, value: true }
const REFUSED: Reply<boolean> = { ok: false, reason: 'runner_not_found', sentence: undefined }

test('each is changed once, a few at a time', async () => {
  let running = 0
  let most = 0
  const seen: number[] = []
  const items = Array.from({ length: 50 }, (_, at) => at)
  const outcome = await changeMany(
    items,
    async (item) => {
      running += 1
      most = Math.max(most, running)
      seen.push(item)
      await Promise.resolve()
      running -= 1
      return OK
    },
    () => undefined,
  )
  expect(outcome).toEqual({ done: 50, failed: 0, reason: undefined })
  expect(seen.toSorted((one, other) => one - other)).toEqual(items)
  expect(most).toBe(4)
})

test('one that is refused stops no other, and is told', async () => {
  const progress: number[] = []
  const outcome = await changeMany(
    [1, 2, 3],
    async (item) => (item === 2 ? REFUSED : OK),
    (ended) => progress.push(ended),
  )
  expect(outcome).toEqual({ done: 2, failed: 1, reason: 'runner_not_found' })
  expect(progress).toEqual([1, 2, 3])
})

test('nothing to change is done at once', async () => {
  expect(
    await changeMany(
      [],
      async () => REFUSED,
      () => undefined,
    ),
  ).toEqual({
    done: 0,
    failed: 0,
    reason: undefined,
  })
})
