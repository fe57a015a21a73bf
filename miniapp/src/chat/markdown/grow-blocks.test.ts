import { expect, test } from 'vitest'
import { type Blocks, growBlocks, NO_BLOCKS } from './grow-blocks.ts'

const TEXT = [
  'Two slow days by the **water**.',
  '# What to take',
  '1. Masks\n2. A jacket\n   - and a hat\n\n   with a band\n3. Cash',
  '| Place | Price |\n| --- | ---: |\n| Old town | free |\n| South Beach | 5 |',
  '```ts\nconst a = 1\n\nconst b = 2\n```',
  '> Leave at seven.\n> Really.',
  '- a\n\n- b',
  'خطّط لنا نهاية أسبوع',
  'Underlined\n===',
  'The end.',
].join('\n\n')

const rawOf = ({ sure, open }: Blocks) => [...sure, ...open].map(({ raw }) => raw)
const kinds = ({ sure, open }: Blocks) => [...sure, ...open].map(({ token }) => token.type)

test('a text that grows letter by letter ends as the text that is read at once', () => {
  let blocks = NO_BLOCKS
  for (let length = 1; length <= TEXT.length; length++) blocks = growBlocks(blocks, TEXT.slice(0, length))
  const once = growBlocks(NO_BLOCKS, TEXT)
  expect(rawOf(blocks)).toEqual(rawOf(once))
  expect(kinds(blocks)).toEqual(kinds(once))
  expect(rawOf(once).join('')).toBe(TEXT)
})

test('earlier blocks stay the same objects while the last one grows', () => {
  let blocks = growBlocks(NO_BLOCKS, TEXT.slice(0, 300))
  for (let length = 301; length <= TEXT.length; length++) {
    const next = growBlocks(blocks, TEXT.slice(0, length))
    expect(next.sure.slice(0, blocks.sure.length)).toEqual(blocks.sure)
    blocks.sure.forEach((block, at) => {
      expect(next.sure[at]).toBe(block)
    })
    blocks = next
  }
  expect(blocks.sure.length).toBeGreaterThan(5)
})

test('only the end of a long text is read again', () => {
  const long = 'A paragraph of silk.\n\n'.repeat(2000)
  const before = growBlocks(NO_BLOCKS, long)
  const after = growBlocks(before, `${long}And more.`)
  expect(after.sure.length).toBeGreaterThanOrEqual(before.sure.length)
  expect(after.sure[100]).toBe(before.sure[100])
  expect(after.open.reduce((sum, { raw }) => sum + raw.length, 0)).toBeLessThan(100)
})

test('a text that is another one is read anew', () => {
  const before = growBlocks(NO_BLOCKS, TEXT)
  expect(rawOf(growBlocks(before, 'Something else.'))).toEqual(['Something else.'])
  expect(rawOf(growBlocks(before, ''))).toEqual([])
})

test('code that is not closed yet is code already', () => {
  expect(kinds(growBlocks(NO_BLOCKS, 'Here:\n\n```ts\nconst a'))).toEqual(['paragraph', 'space', 'code'])
})

test('what is nested deeper, or marked more, than anybody writes is shown as it is', () => {
  for (const knot of [`${'>'.repeat(30_000)}a`, `${'- '.repeat(5000)}a`, '_a'.repeat(20_000)]) {
    expect(kinds(growBlocks(NO_BLOCKS, knot))).toEqual(['text'])
    expect(rawOf(growBlocks(NO_BLOCKS, knot))).toEqual([knot])
  }
})

test('line ends of other systems lose nothing', () => {
  expect(rawOf(growBlocks(NO_BLOCKS, 'a\r\n\r\nb')).join('')).toBe('a\n\nb')
})
