import { beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../src/attestation/seeded-random-fixture.ts'
import { type Bytes, readUtf8, utf8 } from '../src/bytes.ts'
import { makeAllTargets } from './all-targets.ts'
import { HEAP_GROWTH_MAX, runFuzz } from './fuzz.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { mutate, mutateJson } from './mutate.ts'

/** Cases in a run of all tests; `npm run fuzz` makes a million. */
const CASES = 4_000
const SECONDS = 12
const SEED = 20_261_122

let targets: readonly FuzzTarget[] = []
beforeAll(async () => {
  targets = await makeAllTargets()
})

test('no reader throws, hangs, keeps memory or believes what was changed', { timeout: 60_000 }, async () => {
  const report = await runFuzz(targets, { cases: CASES, seed: SEED, seconds: SECONDS })
  expect(report.faults).toEqual([])
  expect(report.heapGrowthBytes).toBeLessThan(HEAP_GROWTH_MAX)
  for (const { name, cases, refused } of report.targets)
    expect([name, cases > 0, refused > 0]).toEqual([name, true, true])
})

test('every reader of evidence, sealed requests, answers and documents has its share', () => {
  const names = targets.map(({ name }) => name)
  expect(new Set(names).size).toBe(24)
  expect(names.filter((name) => name.includes('verified') || name.includes('opened'))).toHaveLength(9)
})

test('a receipt outside the seal with a number beyond all numbers is refused, and throws nothing', async () => {
  const relay = targets.find(({ name }) => name.startsWith('relay frames'))
  const lines = (readUtf8(relay?.sound ?? new Uint8Array()) ?? '').trimEnd().split('\n')
  const end = lines.at(-1)?.replace(/"attempt":0/, '"attempt":1e999') ?? ''
  expect(end).toContain('1e999')
  expect(await relay?.judge(utf8([...lines.slice(0, -1), end].join('\n')))).toBe('refused')
})

/** A reader that does one thing wrong. */
function broken(judge: FuzzTarget['judge']): FuzzTarget {
  const sound = utf8('{"answer":42}')
  return { name: 'broken', weight: 1, sound, make: (random) => mutateJson(sound, random), judge }
}

const isSound = (bytes: Bytes) => Buffer.compare(bytes, utf8('{"answer":42}')) === 0
test.each<[string, FuzzTarget['judge']]>([
  [
    'threw',
    (bytes) => {
      if (!isSound(bytes)) throw new Error('a parser without a net')
      return 'read'
    },
  ],
  ['accepted', (bytes) => (isSound(bytes) ? 'read' : 'accepted')],
  ['sound-refused', () => 'refused'],
])('a reader that does wrong is found: %s', async (kind, judge) => {
  const report = await runFuzz([broken(judge)], { cases: 50, seed: SEED, seconds: SECONDS })
  expect(report.faults[0]).toMatchObject({ target: 'broken', kind })
})

test('the same seed makes the same changes, another seed makes others', () => {
  const sample = utf8('{"name":"شرنقة","price":[1,2,3]}')
  const makeAll = (seed: number, change: typeof mutate) => {
    const random = seededRandom(seed)
    return Array.from({ length: 50 }, () => change(sample, random).join())
  }
  for (const change of [mutate, mutateJson]) {
    expect(makeAll(1, change)).toEqual(makeAll(1, change))
    expect(makeAll(1, change)).not.toEqual(makeAll(2, change))
    expect(new Set(makeAll(1, change)).size).toBeGreaterThan(30)
  }
})
