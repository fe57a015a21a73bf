import { expect, test } from 'vitest'
import { parseStrictJson } from './strict-json.ts'

test('plain JSON is read as JSON.parse reads it', () => {
  const text = '{"a":[1,-2,0,true,false,null,"x\\n\\u00e9\\"",{}],"b":{"c":[]}, "d" :\t"ش"\n}'
  expect(parseStrictJson(text)).toEqual(JSON.parse(text))
  expect(parseStrictJson(' "x" ')).toBe('x')
  expect(parseStrictJson('9007199254740991')).toBe(9_007_199_254_740_991)
})

const ambiguous: readonly (readonly [string, string])[] = [
  ['a member twice', '{"a":1,"a":1}'],
  ['a member twice in two spellings', '{"a":1,"\\u0061":2}'],
  ['a fraction', '[1.0]'],
  ['an exponent', '[1e3]'],
  ['a number past 2^53', '[9007199254740993]'],
  ['a very long number', `[${'9'.repeat(40)}]`],
  ['minus zero', '[-0]'],
  ['a leading zero', '[01]'],
  ['a lone surrogate', '["\\ud800"]'],
  ['a control character', '["\u0001"]'],
  ['an unknown escape', '["\\x41"]'],
  ['a comma too many', '[1,]'],
  ['a comma too few', '[1 2]'],
  ['a comment', '[1]//'],
  ['something after it', '{} {}'],
  ['nothing', ''],
  ['a byte order mark', '\ufeff{}'],
  ['a word that JSON does not know', '[NaN]'],
  ['an open string', '"abc'],
  ['an open list', '[1'],
  ['a member without a value', '{"a"}'],
  ['a name without quotes', '{a:1}'],
  ['more than twelve levels', `${'['.repeat(13)}${']'.repeat(13)}`],
]
test.each(ambiguous)('%s is refused', (_, text) => {
  expect(parseStrictJson(text)).toBeUndefined()
})

test('a long string without its last quote is refused in no time', { timeout: 5000 }, () => {
  expect(parseStrictJson(`"${'a'.repeat(500_000)}`)).toBeUndefined()
  expect(parseStrictJson(`"${'\\\\'.repeat(250_000)}`)).toBeUndefined()
})

test('twelve levels are read', () => {
  expect(parseStrictJson(`${'['.repeat(12)}${']'.repeat(12)}`)).toBeDefined()
})

test('a member named __proto__ is a member', () => {
  const read = parseStrictJson('{"__proto__":{"x":1}}')
  expect(Object.keys(read as object)).toEqual(['__proto__'])
})
