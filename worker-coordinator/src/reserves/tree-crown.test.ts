import { expect, test } from 'vitest'
import { makePath, makeTree } from '../../../protocol/src/reserves/sum-tree.ts'
import { createRandom, randomLeaves } from '../../../protocol/src/reserves/sum-tree-fixture.ts'
import {
  branchPlaces,
  CROWN_WIDTH,
  createPathMaker,
  findBranch,
  makeCrown,
  treeCrownSchema,
} from './tree-crown.ts'

function setup(count: number) {
  const leaves = randomLeaves(count, createRandom(count)).toSorted((a, b) => (a.salt < b.salt ? -1 : 1))
  const made = makeTree(leaves)
  if (!made.ok) throw new Error(made.reason)
  return { leaves, tree: made.tree, crown: makeCrown(made.tree, leaves, 'key') }
}

test.each([1, 2, 3, 1023, 1024, 1025, 1537, 2048, 2049, 4097, 5000])(
  'of %i leaves, the paths from the crown are those of the whole tree',
  (count) => {
    const { leaves, tree, crown } = setup(count)
    expect(crown.nodes.length).toBeLessThanOrEqual(CROWN_WIDTH)
    const makePaths = createPathMaker(treeCrownSchema.parse(JSON.parse(JSON.stringify(crown))))
    const places = [0, 1, 2, Math.floor(count / 2), count - 3, count - 2, count - 1].filter(
      (place) => place >= 0 && place < count,
    )
    for (const place of places) {
      const branch = findBranch(crown, leaves[place]?.salt ?? '') ?? -1
      const { from, to } = branchPlaces(crown, branch)
      expect(place >= from && place < to, `place ${place}`).toBe(true)
      expect(makePaths(branch, leaves.slice(from, to))(place)).toEqual(makePath(tree, place))
    }
  },
)
test('a salt before the first leaf stands below no node, one behind the last below the last', () => {
  const { crown } = setup(10)
  expect(findBranch(crown, '')).toBeUndefined()
  expect(findBranch(crown, 'g')).toBe(9)
})
test('an empty tree has no node to look below', () => {
  const { crown } = setup(0)
  expect(findBranch(crown, 'f'.repeat(32))).toBeUndefined()
})
