import { expect, test } from 'vitest'
import { firstJobIdAt, makeJobId, parseJobId, runnerIdOf } from './ids.ts'

const random = (fill: number) => new Uint8Array(16).fill(fill)

test('ids sort by the moment they were made', () => {
  const earlier = makeJobId(1_800_000_000_000, random(31))
  const later = makeJobId(1_800_000_000_001, random(0))
  expect(earlier < later).toBe(true)
  expect(firstJobIdAt(1_800_000_000_001) <= later).toBe(true)
  expect(firstJobIdAt(1_800_000_000_001) > earlier).toBe(true)
})
test('an id that was made is read back, and nothing else is', () => {
  const id = makeJobId(1_800_000_000_000, random(5))
  expect(parseJobId(id)).toBe(id)
  for (const wrong of ['', 'job_', `${id}0`, id.toUpperCase(), `${id.slice(0, -1)}u`, '../etc']) {
    expect(parseJobId(wrong)).toBeUndefined()
  }
})
test("a runner's id follows from its key alone", async () => {
  const key = new Uint8Array(32).fill(7)
  expect(await runnerIdOf(key)).toMatch(/^run_[0-9a-hjkmnp-tv-z]{26}$/)
  expect(await runnerIdOf(key)).toBe(await runnerIdOf(new Uint8Array(32).fill(7)))
  expect(await runnerIdOf(key)).not.toBe(await runnerIdOf(new Uint8Array(32).fill(8)))
})
