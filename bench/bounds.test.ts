import { expect, test } from 'vitest'
import { brokenSentences, judge } from './bounds.ts'

const good = { addedP50: 1.5, addedP95: 4, throughput: 0.95, dispatch: 1.1, memory: 214 }

test('what meets every aim breaks no bound', () => {
  const verdicts = judge(good)
  expect(verdicts.map(({ state }) => state)).toEqual(Array(5).fill('aim'))
  expect(brokenSentences(verdicts)).toEqual([])
})
test('between aim and limit is done, and not yet good', () => {
  expect(judge({ ...good, addedP50: 5, throughput: 0.6 }).map(({ state }) => state)).toEqual([
    'limit',
    'aim',
    'limit',
    'aim',
    'aim',
  ])
})
test('a broken bound is said with its figure and its limit', () => {
  expect(brokenSentences(judge({ ...good, addedP50: 5.04, throughput: 0.59, memory: 1501 }))).toEqual([
    'Not done: added time to first token, median, one caller: +5.0 ms; must be at most +5.0 ms.',
    'Not done: throughput of 16 callers, of the direct one: 0.59×; must be at least 0.60×.',
    'Not done: memory of a runner with silkworm: 1501 MB; must be at most 1500 MB.',
  ])
})
test('what was not measured is not done', () => {
  expect(brokenSentences(judge({ ...good, dispatch: Number.NaN }))).toHaveLength(1)
})
test('what a machine cannot measure is left out, and what it measured too high is not', () => {
  expect(judge(good)).toHaveLength(5)
  const slow = judge({ ...good, firstUsefulPaint: 1501 })
  expect(slow).toHaveLength(6)
  expect(brokenSentences(slow)).toEqual([
    'Not done: first useful paint of the Mini App, processor slowed down 4×: 1501 ms; must be at most 1500 ms.',
  ])
})

const sealed = {
  verify: 8.44,
  sealX25519: 1.3,
  sealXWing: 7.5,
  chunk: 10.4,
  sealedCode: 34,
  addedSealed: 12,
  verifyInPage: 11,
}
test('what sealing costs has bounds of its own, each said in its unit', () => {
  expect(judge(sealed).map(({ state }) => state)).toEqual(Array(7).fill('aim'))
  const slow = {
    verify: 10.1,
    verifyInPage: 30.1,
    sealX25519: 10.1,
    sealXWing: 41,
    chunk: 101,
    sealedCode: 40.1,
    addedSealed: 16,
  }
  expect(brokenSentences(judge(slow)).map((sentence) => sentence.split(': ').at(-1))).toEqual([
    '10.1 ms; must be at most 10.0 ms.',
    '30.1 ms; must be at most 30.0 ms.',
    '10.1 ms; must be at most 10.0 ms.',
    '41.0 ms; must be at most 40.0 ms.',
    '101 µs; must be at most 100 µs.',
    '40.1 KB; must be at most 40.0 KB.',
    '+16.0 ms; must be at most +15.0 ms.',
  ])
})
