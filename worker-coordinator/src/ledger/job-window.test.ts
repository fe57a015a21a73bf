import { expect, test, vi } from 'vitest'
import { firstJobIdAt, makeJobId } from '../../../protocol/src/ids.ts'
import {
  cutWindow,
  type FoundJobs,
  goThroughJobs,
  type JobWindow,
  jobTimeMs,
  WINDOW_JOBS_MAX,
  WINDOWS_MAX,
} from './job-window.ts'

const T = 1_795_348_800_000
const idAt = (ms: number) => makeJobId(ms, new Uint8Array(16).fill(9))
const whole: JobWindow = { from: 'job_', to: firstJobIdAt(T) }
const none: FoundJobs = { count: 0, lastId: undefined, openId: undefined }

test('the time of an id is read back to the millisecond', () => {
  for (const ms of [0, 1, 31, 32, T, T + 1, 2 ** 45 - 1]) {
    expect(jobTimeMs(idAt(ms))).toBe(ms)
    expect(jobTimeMs(firstJobIdAt(ms))).toBe(ms)
  }
  expect(jobTimeMs('job_')).toBe(0)
})
test('a window without open jobs goes to its end', () => {
  expect(cutWindow(whole, none)).toEqual(whole)
  expect(cutWindow(whole, { count: WINDOW_JOBS_MAX, lastId: idAt(T - 5), openId: undefined })).toEqual(whole)
})
test('the oldest open job ends the window: itself and what came after wait', () => {
  expect(cutWindow(whole, { count: 9, lastId: idAt(T - 1), openId: idAt(T - 7) })).toEqual({
    from: 'job_',
    to: firstJobIdAt(T - 7),
  })
  const from = firstJobIdAt(T - 7)
  expect(
    cutWindow({ ...whole, from }, { count: 9, lastId: idAt(T - 1), openId: idAt(T - 7) }),
  ).toBeUndefined()
})
test('a full window ends before its last job, and takes one whole millisecond at least', () => {
  const found = { count: WINDOW_JOBS_MAX + 1, lastId: idAt(T - 50), openId: undefined }
  expect(cutWindow(whole, found)?.to).toBe(firstJobIdAt(T - 50))
  expect(cutWindow({ ...whole, from: firstJobIdAt(T - 50) }, found)?.to).toBe(firstJobIdAt(T - 49))
})
test('nothing is left to take when the cursor is at the end', () => {
  expect(cutWindow({ from: whole.to, to: whole.to }, none)).toBeUndefined()
})
test('a run goes through windows until the end, and asks no further', async () => {
  const cursors = ['job_', firstJobIdAt(T - 10), firstJobIdAt(T)]
  let step = 0
  const takeWindow = vi.fn(async () => {
    step += 1
    return true
  })
  const gone = await goThroughJobs(
    {
      readCursor: async () => cursors[step] ?? '',
      findJobs: async ({ from }) =>
        from === 'job_' ? { count: WINDOW_JOBS_MAX + 1, lastId: idAt(T - 10), openId: undefined } : none,
      takeWindow,
    },
    T,
  )
  expect(gone).toEqual({ windows: 2, heldBackBy: undefined })
  expect(takeWindow.mock.calls).toEqual([
    [{ from: 'job_', to: firstJobIdAt(T - 10) }],
    [{ from: firstJobIdAt(T - 10), to: firstJobIdAt(T) }],
  ])
})
test('a run is bounded, and stops where another run was first', async () => {
  let at = 0
  const endless = await goThroughJobs(
    {
      readCursor: async () => firstJobIdAt(at),
      findJobs: async () => ({ count: WINDOW_JOBS_MAX + 1, lastId: idAt(at + 5), openId: undefined }),
      takeWindow: async () => {
        at += 5
        return true
      },
    },
    T,
  )
  expect(endless.windows).toBe(WINDOWS_MAX)
  const second = { readCursor: async () => 'job_', findJobs: async () => none, takeWindow: async () => false }
  expect(await goThroughJobs(second, T)).toEqual({ windows: 0, heldBackBy: undefined })
})
