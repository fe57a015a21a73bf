import { expect, test } from 'vitest'
import { keptFor } from './kept-for.ts'

function setupKept() {
  let nowMs = 0
  const asked: PromiseWithResolvers<string>[] = []
  const ask = () => {
    const one = Promise.withResolvers<string>()
    asked.push(one)
    return one.promise
  }
  const read = keptFor(100, { nowMs: () => nowMs, ask }, 5)
  return { read, asked, at: (ms: number) => (nowMs = ms) }
}

test('an answer is given again within its time, and asked for anew after it', async () => {
  const { read, asked, at } = setupKept()
  const first = read()
  asked[0]?.resolve('one')
  expect(await first).toBe('one')
  at(99)
  expect(await read()).toBe('one')
  at(100)
  const second = read()
  asked[1]?.resolve('two')
  expect(await second).toBe('two')
  expect(asked).toHaveLength(2)
})

test('who comes while it is asked for gets the same answer', async () => {
  const { read, asked } = setupKept()
  const both = Promise.all([read(), read()])
  asked[0]?.resolve('one')
  expect(await both).toEqual(['one', 'one'])
  expect(asked).toHaveLength(1)
})

test('nobody waits for ever for what another one’s request asked for: it may have been ended', async () => {
  const { read, asked } = setupKept()
  void read()
  const mine = read()
  await expect.poll(() => asked.length).toBe(2)
  asked[1]?.resolve('mine')
  expect(await mine).toBe('mine')
})

test('a failure is not kept, and an older answer does not replace a newer one', async () => {
  const { read, asked, at } = setupKept()
  const failed = read()
  asked[0]?.reject(new Error('no'))
  await expect(failed).rejects.toThrow('no')
  const old = read()
  at(10)
  const fresh = read()
  await expect.poll(() => asked.length).toBe(3)
  asked[2]?.resolve('fresh')
  await fresh
  asked[1]?.resolve('old')
  await old
  expect(await read()).toBe('fresh')
})
