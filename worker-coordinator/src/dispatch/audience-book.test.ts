import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { EVERYONE, type LinkAudience, mayServe, type Reach, shelvesFor, shelvesOf } from './audience.ts'
import { createAudienceBook } from './audience-book.ts'
import type { Candidate } from './runner-book.ts'

function candidate(linkId: string, extra: Partial<Candidate> = {}): Candidate {
  return {
    linkId,
    runnerId: `run_${linkId}`,
    price: { input: nano(20_000_000n), output: nano(60_000_000n) },
    features: [],
    tokensPerSecond: 100,
    strikes: 0,
    ...extra,
  }
}
const wish = { features: [] }
const reach = (tier: Reach['tier'], accountId: number, groupIds: readonly string[] = []): Reach => ({
  tier,
  caller: { accountId, keyId: undefined },
  groupIds,
})

test('a link may serve a job exactly when it stands on one of the shelves that the job looks at', () => {
  const links: readonly LinkAudience[] = [1, 2].flatMap((ownerId) => [
    { ownerId, audience: 'everyone' },
    { ownerId, audience: 'own' },
    { ownerId, audience: 'group', groupId: 'g' },
    { ownerId, audience: 'group', groupId: 'h' },
  ])
  const reaches = (['open', 'own', 'confidential'] as const).flatMap((tier) => [
    reach(tier, 1),
    reach(tier, 2, ['g']),
    reach(tier, 3, ['h', 'x']),
    reach(tier, 3),
  ])
  let served = 0
  for (const link of links) {
    for (const one of reaches) {
      const shelves = shelvesFor(one)
      const meets = shelvesOf(link).some((shelf) => shelves.includes(shelf))
      expect(mayServe(link, one), JSON.stringify({ link, one })).toBe(meets)
      served += Number(meets)
    }
  }
  // Open: 2 links for each of 4 callers. Own: 4, 4 and one more of the group, 2 of the other group, none.
  expect(served).toBe(8 + 4 + 5 + 2)
})
test.each([0, 10_000])('beside %d private links an open choice looks at one link', (count) => {
  const book = createAudienceBook()
  let looks = 0
  for (let index = 0; index < count; index++) {
    const one = candidate(`private-${index}`, { price: { input: nano(0n), output: nano(0n) } })
    const watched = new Proxy(one, {
      get: (target, name) => {
        if (name === 'features') looks += 1
        return Reflect.get(target, name)
      },
    })
    book.put(watched, shelvesOf({ ownerId: index, audience: 'own' }))
  }
  book.put(candidate('public'), shelvesOf({ ownerId: 1, audience: 'everyone' }))
  looks = 0
  expect(book.choose([EVERYONE], { features: ['tools'] })).toBeUndefined()
  const choice = book.choose([EVERYONE], wish)
  expect(choice).toMatchObject({ candidate: { linkId: 'public' }, why: { free: 1, passed: 0 } })
  expect(looks).toBe(0)
  expect(book.size()).toBe(count + 1)
})
test('a link that is taken from one shelf is gone from all of them', () => {
  const book = createAudienceBook()
  const shelves = shelvesOf({ ownerId: 1, audience: 'everyone' })
  book.put(candidate('a'), shelves)
  book.remove('a')
  book.remove('a')
  expect(book.choose(shelvesFor(reach('own', 1)), wish)).toBeUndefined()
  expect(book.choose([EVERYONE], wish)).toBeUndefined()
  expect(book.size()).toBe(0)
  book.put(candidate('a'), shelves)
  expect(book.choose(shelvesFor(reach('own', 1)), wish)?.candidate.linkId).toBe('a')
  book.forget('a')
  book.forget('a')
  expect(book.choose(shelvesFor(reach('own', 1)), wish)).toBeUndefined()
  expect(book.size()).toBe(0)
})
test('a link that changes its audience leaves its old shelves, also when it was busy', () => {
  const book = createAudienceBook()
  const everyone = shelvesOf({ ownerId: 1, audience: 'everyone' })
  const group = shelvesOf({ ownerId: 1, audience: 'group', groupId: 'g' })
  book.put(candidate('a'), everyone)
  book.put(candidate('a'), group)
  expect(book.choose([EVERYONE], wish)).toBeUndefined()
  expect(book.choose(shelvesFor(reach('own', 2, ['g'])), wish)?.candidate.linkId).toBe('a')
  expect(book.size()).toBe(1)
  book.remove('a')
  book.put(candidate('a'), everyone)
  expect(book.choose(shelvesFor(reach('own', 2, ['g'])), wish)).toBeUndefined()
  expect(book.choose([EVERYONE], wish)?.candidate.linkId).toBe('a')
})
test("the caller's own machine comes before a faster one of a group, unless it has more faults", () => {
  const book = createAudienceBook()
  const looksAt = shelvesFor(reach('own', 1, ['g', 'h']))
  const mine = shelvesOf({ ownerId: 1, audience: 'own' })
  book.put(
    candidate('slow-group', { tokensPerSecond: 200 }),
    shelvesOf({ ownerId: 2, audience: 'group', groupId: 'g' }),
  )
  book.put(
    candidate('fast-group', { tokensPerSecond: 900 }),
    shelvesOf({ ownerId: 3, audience: 'group', groupId: 'h' }),
  )
  book.put(candidate('mine', { tokensPerSecond: 5 }), mine)
  expect(book.choose(looksAt, wish)?.candidate.linkId).toBe('mine')
  book.put(candidate('mine', { tokensPerSecond: 5, strikes: 1 }), mine)
  expect(book.choose(looksAt, wish)?.candidate.linkId).toBe('fast-group')
  expect(book.choose(looksAt, { ...wish, preferred: 'slow-group' })?.candidate.linkId).toBe('slow-group')
})
test('where jobs cost nothing the faster is taken, however dear', () => {
  const book = createAudienceBook()
  const shelves = shelvesOf({ ownerId: 1, audience: 'everyone' })
  const dear = { input: nano(10n ** 12n), output: nano(10n ** 12n) }
  book.put(candidate('cheap', { tokensPerSecond: 5 }), shelves)
  book.put(candidate('dear', { tokensPerSecond: 900, price: dear }), shelves)
  expect(book.choose(shelvesFor(reach('own', 1)), wish)?.candidate.linkId).toBe('dear')
  expect(book.choose([EVERYONE], wish)?.candidate.linkId).toBe('cheap')
})
