import { expect, test } from 'vitest'
import { readTerms, type Terms } from './read-terms.ts'

const OWN: Terms = {
  runner: {
    accountId: 7,
    ledgerId: 1,
    publicKey: 'k',
    state: 'active',
    audience: 'own',
    groupId: null,
  },
  ask: undefined,
}
const PRICED: Terms = { ...OWN, ask: { input: 1, output: 2 } }

test('what an owner changes while a greeting reads is read again, and counts when the link stands', async () => {
  let changes = 0
  let reads = 0
  const terms = await readTerms(
    async () => {
      reads += 1
      if (reads > 1) return PRICED
      changes += 1
      return OWN
    },
    () => changes,
  )
  expect(terms).toEqual(PRICED)
  expect(reads).toBe(2)
})
test('terms that hold still are read once', async () => {
  let reads = 0
  const terms = await readTerms(
    async () => {
      reads += 1
      return OWN
    },
    () => 5,
  )
  expect([terms, reads]).toEqual([OWN, 1])
})
test('terms that never hold still are not guessed', async () => {
  let changes = 0
  const read = async () => {
    changes += 1
    return OWN
  }
  expect(await readTerms(read, () => changes)).toBeUndefined()
  expect(changes).toBe(10)
})
