import { expect, test } from 'vitest'
import { fromHex } from '../../bytes.ts'
import {
  bitStringOf,
  booleanOf,
  integerBytesOf,
  integerOf,
  momentOf,
  oidOf,
  readDer,
  readDerList,
  readSequence,
  timeOf,
} from './der.ts'
import { integer, oid, time } from './der-writer.ts'
import { readPemChain } from './pem.ts'

/** The element that hex writes. */
function element(hex: string) {
  return readDer(fromHex(hex) ?? new Uint8Array())
}

const lengths: readonly (readonly [string, string])[] = [
  ['a length in two bytes where one would do', '04810161'],
  ['a length with a leading zero', '0482000161'],
  ['an indefinite length', '04800000'],
  ['a length past the end', '040261'],
  ['a length of five bytes', '0485000000000161'],
  ['a byte after the end', '04016161'],
  ['no length', '04'],
  ['a high tag', '1f0161'],
]
test.each(lengths)('%s is refused', (_, hex) => {
  expect(element(hex)).toBeUndefined()
})

test('elements side by side are read to the last byte', () => {
  expect(readDerList(fromHex('0201010500') ?? new Uint8Array())).toHaveLength(2)
  expect(readDerList(fromHex('02010105') ?? new Uint8Array())).toBeUndefined()
  expect(readSequence(fromHex('310302010100') ?? new Uint8Array())).toBeUndefined()
})

test('integers are minimal and not negative', () => {
  expect(integerOf(element('020100'))).toBe(0)
  expect(integerOf(element('02020080'))).toBe(128)
  expect(integerOf(element('020400ffffff'))).toBe(0xffffff)
  expect(integerOf(element('0202007f'))).toBeUndefined()
  expect(integerOf(element('020180'))).toBeUndefined()
  expect(integerOf(element('0200'))).toBeUndefined()
  expect(integerOf(element('02050100000000'))).toBeUndefined()
  expect(integerBytesOf(element('02050100000000'))).toHaveLength(5)
})

test('booleans have two spellings, and bit strings whole bytes', () => {
  expect([element('0101ff'), element('010100'), element('010101')].map(booleanOf)).toEqual([
    true,
    false,
    undefined,
  ])
  expect(bitStringOf(element('030200aa'))).toEqual(new Uint8Array([0xaa]))
  expect(bitStringOf(element('030201aa'))).toBeUndefined()
})

test('object identifiers are read as they are written', () => {
  for (const id of ['1.2.840.10045.4.3.2', '2.5.29.15', '1.3.6.1.4.1.3704.1.4', '0.9.2342']) {
    expect(oidOf(readDer(oid(id)))).toBe(id)
  }
  expect(oidOf(element('06028001'))).toBeUndefined()
  expect(oidOf(element('060255ff'))).toBeUndefined()
  expect(oidOf(element('0600'))).toBeUndefined()
})

test('times are moments that exist', () => {
  const timeMs = Date.UTC(2026, 10, 22, 11, 22, 33)
  expect(timeOf(readDer(time(timeMs)))).toBe(timeMs)
  const utc = (text: string) => readDer(new Uint8Array([0x17, text.length, ...Buffer.from(text)]))
  expect(timeOf(utc('491231235959Z'))).toBe(Date.UTC(2049, 11, 31, 23, 59, 59))
  expect(timeOf(utc('500101000000Z'))).toBe(Date.UTC(1950, 0, 1))
  for (const text of [
    '260230000000Z',
    '261301000000Z',
    '260101240000Z',
    '260101006000Z',
    '2601010000Z',
    '260101000000',
  ]) {
    expect(timeOf(utc(text))).toBeUndefined()
  }
  expect(momentOf('2026-02-29T00:00:00Z')).toBeUndefined()
  expect(momentOf('2028-02-29T00:00:00Z')).toBe(Date.UTC(2028, 1, 29))
})

test('integers are written as DER wants them', () => {
  expect([...integer(128)]).toEqual([2, 2, 0, 128])
  expect([...integer(0)]).toEqual([2, 1, 0])
})

test('PEM is read in one spelling only', () => {
  const body =
    Buffer.alloc(60, 7)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  const pem = ['-----BEGIN CERTIFICATE-----', ...body, '-----END CERTIFICATE-----', ''].join('\n')
  expect(readPemChain(pem)?.[0]).toHaveLength(60)
  expect(readPemChain(pem + pem)).toHaveLength(2)
  expect(readPemChain(pem.trimEnd())).toHaveLength(1)
  const wrong = [
    '',
    `${pem}\n`,
    ` ${pem}`,
    pem.replaceAll('\n', '\r\n'),
    pem.replace('END', 'EMD'),
    pem.replace('Bwc', 'B wc'),
    pem.replace('HBwcH\n', 'HBwc\nH\n'),
    pem.repeat(9),
    `text\n${pem}`,
  ]
  expect(wrong.map((text) => readPemChain(text))).toEqual(wrong.map(() => undefined))
})
