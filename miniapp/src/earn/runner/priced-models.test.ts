import { expect, test } from 'vitest'
import { makeServed } from '../runner-fixture.ts'
import { listPricedModels } from './priced-models.ts'

const ask = { input: '1', output: '2' }

test('a price that waits for its model is listed behind what is served', () => {
  const models = [makeServed({ id: 'served', ask_by: 'owner', ask })]
  const asks = [
    { model: 'resting', ask },
    { model: 'served', ask },
  ]
  expect(
    listPricedModels({ models, asks }).map(({ id, isByOwner, served }) => [id, isByOwner, !!served]),
  ).toEqual([
    ['served', true, true],
    ['resting', true, false],
  ])
})

test('the price of the runner itself is not called the owner’s', () => {
  expect(listPricedModels({ models: [makeServed({})], asks: [] })[0]?.isByOwner).toBe(false)
})
