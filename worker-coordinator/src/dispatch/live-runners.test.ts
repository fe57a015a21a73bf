import { expect, test } from 'vitest'
import type { ListedModel } from '../models/model-directory.ts'
import { createLiveRunners } from './live-runners.ts'

function listed(id: string, runnerIds: readonly string[]): ListedModel {
  return { model: { id }, now: { runnerIds } } as unknown as ListedModel
}

function setup() {
  const told: string[] = []
  const live = createLiveRunners({
    listModels: async () => [listed('old', ['a'])],
    listModelsNow: async () => [listed('m', ['a', 'b']), listed('n', ['b', 'c']), listed('o', ['x'])],
    objectsOf: ({ id }) =>
      [0, 1].map((shard) => ({
        closeRunner: async (runnerId, reason) => void told.push(`${id}:${shard} close ${runnerId} ${reason}`),
        reloadAudiences: async (runnerIds) => void told.push(`${id}:${shard} reload ${runnerIds.join()}`),
      })),
  })
  return { told, live }
}

test('what an owner decides reaches each object of each model that the runner is linked for now, and no other', async () => {
  const { told, live } = setup()
  await live.reloadAudiences(['b', 'c', 'away'])
  expect(told).toEqual(['m:0 reload b', 'm:1 reload b', 'n:0 reload b,c', 'n:1 reload b,c'])
  told.length = 0
  await live.closeRunners(['a'], 'paused')
  expect(told).toEqual(['m:0 close a paused', 'm:1 close a paused'])
})
test('nobody to tell of asks nothing', async () => {
  const { told, live } = setup()
  await live.reloadAudiences([])
  await live.closeRunners([], 'paused')
  expect(told).toEqual([])
})
test('what runners serve is told by their ids', async () => {
  expect(await setup().live.findLiveModels(['a', 'b'])).toEqual(new Map([['a', ['old']]]))
})
