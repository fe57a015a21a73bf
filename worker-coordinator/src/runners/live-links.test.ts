import { expect, test } from 'vitest'
import type { LiveLink } from '../dispatch/snapshot.ts'
import type { ListedModel } from '../models/model-directory.ts'
import { liveLinksOf } from './live-links.ts'

const linkOf = (runnerId: string): LiveLink => ({
  runnerId,
  region: null,
  slots: 1,
  running: 0,
  tokensPerSecond: 1,
  ask: { input: 1, output: 1 },
  ownAsk: { input: 1, output: 1 },
  linkedAtMs: 1,
})
const listedOf = (id: string, runnerIds: string[], shown = runnerIds, hidden: string[] = []) =>
  ({
    model: { id },
    now: { runnerIds, links: shown.map(linkOf), privateLinks: hidden.map(linkOf) },
  }) as unknown as ListedModel

test('a runner has its links of all models, and who is not asked for is left out', () => {
  const live = liveLinksOf([listedOf('m', ['a', 'b', 'c']), listedOf('n', ['a'])], ['a', 'b', 'gone'])
  expect([...live.keys()].toSorted()).toEqual(['a', 'b'])
  expect(live.get('a')?.map(({ model }) => model)).toEqual(['m', 'n'])
  expect(live.get('b')).toEqual([{ ...linkOf('b'), model: 'm' }])
})
test('an owner sees links of a runner that serves nobody else', () => {
  const live = liveLinksOf([listedOf('m', ['a', 'b'], ['a'], ['b'])], ['b'])
  expect(live.get('b')).toEqual([{ ...linkOf('b'), model: 'm' }])
})
test('a runner beyond the links that an object shows is there without them', () => {
  expect(liveLinksOf([listedOf('m', ['a', 'b'], ['a'])], ['b'])).toEqual(new Map([['b', []]]))
})
