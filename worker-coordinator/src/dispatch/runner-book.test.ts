import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { type Candidate, createRunnerBook } from './runner-book.ts'

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
const cheap = { input: nano(10_000_000n), output: nano(30_000_000n) }
const wish = { features: [] }

function bookOf(...candidates: readonly Candidate[]) {
  const book = createRunnerBook()
  for (const one of candidates) book.put(one)
  return book
}

test('the cheaper is chosen, then the faster, then the one that waited longest', () => {
  const book = bookOf(
    candidate('a'),
    candidate('fast', { tokensPerSecond: 900 }),
    candidate('cheap', { price: cheap }),
    candidate('b'),
  )
  const order = []
  for (let choice = book.choose(wish); choice; choice = book.choose(wish)) {
    order.push(choice.candidate.linkId)
    book.remove(choice.candidate.linkId)
  }
  expect(order).toEqual(['cheap', 'fast', 'a', 'b'])
  expect(book.size()).toBe(0)
})
test('a runner with faults comes after those without, however cheap', () => {
  const book = bookOf(candidate('faulty', { price: cheap, strikes: 1 }), candidate('good'))
  expect(book.choose(wish)?.candidate.linkId).toBe('good')
})
test('a choice says why', () => {
  const book = bookOf(
    candidate('dear', { price: cheap, features: [] }),
    candidate('able', { features: ['tools'] }),
  )
  expect(book.choose({ features: ['tools'] })?.why).toMatchObject({ rule: 'best-rank', free: 2, passed: 0 })
  expect(book.choose({ features: [], exclude: new Set(['run_dear']) })?.why).toMatchObject({ passed: 0 })
  expect(book.choose({ features: [], preferred: 'able' })?.why).toMatchObject({ rule: 'conversation' })
})
test('a preferred runner is taken only when it fits and is free', () => {
  const book = bookOf(
    candidate('a'),
    candidate('dear', { price: { input: nano(1n), output: nano(10n ** 12n) } }),
  )
  const maxPrice = { output: nano(60_000_000n) }
  expect(book.choose({ ...wish, maxPrice, preferred: 'dear' })?.candidate.linkId).toBe('a')
  expect(book.choose({ ...wish, preferred: 'gone' })?.candidate.linkId).toBe('a')
})
test('nobody is chosen who failed the job before, or who asks too much', () => {
  const book = bookOf(candidate('a'))
  expect(book.choose({ ...wish, exclude: new Set(['run_a']) })).toBeUndefined()
  expect(book.choose({ ...wish, maxPrice: { input: nano(1n) } })).toBeUndefined()
})
test('a link stands in the book once, with what it said last', () => {
  const book = bookOf(candidate('a'), candidate('a', { features: ['tools'] }))
  expect(book.size()).toBe(1)
  expect(book.choose({ features: ['tools'] })?.candidate.linkId).toBe('a')
  book.remove('a')
  book.remove('a')
  expect(book.size()).toBe(0)
  expect(book.choose({ ...wish, preferred: 'a' })).toBeUndefined()
  book.put(candidate('a'))
  book.forget('a')
  book.forget('a')
  expect(book.size()).toBe(0)
  expect(book.choose(wish)).toBeUndefined()
})
test.each([100, 10_000])(
  'among %d links a choice looks at the first one that fits and no further',
  (count) => {
    const some = Array.from({ length: count }, (_, index) =>
      candidate(`link-${index}`, {
        price: {
          input: nano(BigInt(1 + (index % 977) * 1000)),
          output: nano(BigInt(1 + (index % 613) * 1000)),
        },
        tokensPerSecond: index % 200,
      }),
    )
    const book = bookOf(...some, candidate('able', { features: ['tools', 'response_format'] }))
    expect(book.choose(wish)?.why.passed).toBe(0)
    expect(book.choose({ features: ['tools'] })).toMatchObject({
      candidate: { linkId: 'able' },
      why: { passed: 0 },
    })
    expect(book.choose({ features: ['penalties'] })).toBeUndefined()
  },
)
test('of links that can do different things the best in rank is taken', () => {
  const book = bookOf(candidate('plain'), candidate('able', { features: ['tools'], price: cheap }))
  expect(book.choose(wish)?.candidate.linkId).toBe('able')
  book.put(candidate('able', { features: ['tools'] }))
  book.put(candidate('plain', { price: cheap }))
  expect(book.choose(wish)?.candidate.linkId).toBe('plain')
})
test('whatever comes, goes and moves, the first in rank and then in time is chosen', () => {
  let seed = 3
  const random = (max: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % max
  }
  const book = createRunnerBook()
  let order: { readonly linkId: string; readonly strikes: number; readonly stamp: number }[] = []
  for (let stamp = 0; stamp < 3_000; stamp++) {
    const linkId = `link-${random(40)}`
    order = order.filter((one) => one.linkId !== linkId)
    const what = random(4)
    if (what === 0) book.remove(linkId)
    else if (what === 1) book.forget(linkId)
    else {
      const strikes = random(5)
      book.put(candidate(linkId, { strikes }))
      order.push({ linkId, strikes, stamp })
    }
    const [first] = order.toSorted((a, b) => a.strikes - b.strikes || a.stamp - b.stamp)
    expect(book.choose(wish)?.candidate.linkId).toBe(first?.linkId)
    expect(book.size()).toBe(order.length)
  }
})
