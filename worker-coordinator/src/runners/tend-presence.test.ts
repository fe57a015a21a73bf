import { expect, test, vi } from 'vitest'
import type { PresenceRow } from './presence-store.ts'
import { LOOKED_AT_MAX, PRESENCE_KEPT_MS, type TendPresenceDeps, tendPresence } from './tend-presence.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const LAST_MS = NOW_MS - 60_000
const rowOf = (runnerId: string, model = 'm'): PresenceRow => ({
  runnerId,
  model,
  fromMs: NOW_MS - 3_600_000,
})

function setup(overrides: Partial<TendPresenceDeps> = {}) {
  const repairPresence = vi.fn(async () => {})
  const deletePresence = vi.fn(async () => {})
  const log = vi.fn()
  const deps: TendPresenceDeps = {
    nowMs: () => NOW_MS,
    log,
    lastMinuteMs: LAST_MS,
    listOpenPresence: async () => [],
    listLinkedRunners: () => {
      throw new Error('give a fake for listLinkedRunners')
    },
    repairPresence,
    deletePresence,
    ...overrides,
  }
  return { repairPresence, deletePresence, log, run: () => tendPresence(deps) }
}

test('rows of links that no object shows end when the clock ran last, others stay', async () => {
  const { run, repairPresence, log } = setup({
    listOpenPresence: async () => [rowOf('run_a'), rowOf('run_b'), rowOf('run_b', 'n')],
    listLinkedRunners: async (model) => (model === 'm' ? ['run_b'] : []),
  })
  await run()
  expect(repairPresence).toHaveBeenCalledExactlyOnceWith([rowOf('run_a'), rowOf('run_b', 'n')], LAST_MS)
  expect(log).toHaveBeenCalledWith('presence-repaired', { links: 2 })
})
test('an object that does not answer keeps its rows, and the others are repaired', async () => {
  const { run, repairPresence } = setup({
    listOpenPresence: async () => [rowOf('run_a', 'mute'), rowOf('run_a')],
    listLinkedRunners: async (model) => {
      if (model === 'mute') throw new Error('no answer')
      return []
    },
  })
  await run()
  expect(repairPresence).toHaveBeenCalledExactlyOnceWith([rowOf('run_a')], LAST_MS)
})
test('objects without an open row are not asked, and nothing is written where nothing is wrong', async () => {
  const { run, repairPresence, log } = setup()
  await run()
  expect(repairPresence).not.toHaveBeenCalled()
  expect(log).not.toHaveBeenCalled()
  const { run: again, repairPresence: none } = setup({
    listOpenPresence: async () => [rowOf('run_a')],
    listLinkedRunners: async () => ['run_a'],
  })
  await again()
  expect(none).not.toHaveBeenCalled()
})
test('rows are read before their objects are asked: a link that came meanwhile is not closed', async () => {
  const order: string[] = []
  const { run } = setup({
    listOpenPresence: async () => {
      order.push('rows')
      return [rowOf('run_a')]
    },
    listLinkedRunners: async () => {
      order.push('objects')
      return ['run_a']
    },
  })
  await run()
  expect(order).toEqual(['rows', 'objects'])
})
test('one run looks at a bounded number of rows and models, and the next begins elsewhere', async () => {
  const pages: { from: string; limit: number }[] = []
  const listLinkedRunners = vi.fn(async () => [])
  const many = Array.from({ length: 3000 }, (_, index) => rowOf(`run_${index}`, `m${index % 300}`))
  const setupAt = (nowMs: number) =>
    setup({
      nowMs: () => nowMs,
      listOpenPresence: async (page) => {
        pages.push(page)
        return many
      },
      listLinkedRunners,
    })
  const first = setupAt(NOW_MS)
  await first.run()
  expect(listLinkedRunners).toHaveBeenCalledTimes(100)
  expect(first.repairPresence).toHaveBeenCalledOnce()
  const [[repaired] = []] = first.repairPresence.mock.calls as unknown as [[PresenceRow[]]]
  expect(repaired).toHaveLength(1000)
  for (let minute = 1; minute < 32; minute++) await setupAt(NOW_MS + minute * 60_000).run()
  expect(new Set(pages.map(({ from }) => from)).size).toBe(32)
  expect(pages.every(({ limit }) => limit === LOOKED_AT_MAX)).toBe(true)
})
test('old rows go in steps', async () => {
  const { run, deletePresence } = setup()
  await run()
  expect(deletePresence).toHaveBeenCalledExactlyOnceWith({ beforeMs: NOW_MS - PRESENCE_KEPT_MS, limit: 500 })
})
