import { Address } from '@ton/core'
import { expect, test } from 'vitest'
import { parseAddress, toFriendlyAddress } from './address.ts'

const RAW = `0:${'83dfd552e63729b472fcbcc8c45ebcc6691702558b68ec7527e1ba403a0f31a8'}`
const parsed = Address.parseRaw(RAW)

test('raw, bounceable and non-bounceable forms of an address are the same address', () => {
  const forms = [
    RAW,
    RAW.toUpperCase(),
    parsed.toString(),
    parsed.toString({ bounceable: false }),
    parsed.toString({ urlSafe: false }),
  ]
  for (const form of forms) expect(parseAddress(form, '-239')).toEqual({ ok: true, address: RAW })
})

test('an address of the test network is refused on the main network, and taken on its own', () => {
  const testnet = parsed.toString({ testOnly: true })
  expect(parseAddress(testnet, '-239')).toEqual({ ok: false, reason: 'wrong-network' })
  expect(parseAddress(testnet, '-3')).toEqual({ ok: true, address: RAW })
})

test('one wrong character anywhere is found', () => {
  const good = parsed.toString({ bounceable: false })
  for (let at = 0; at < good.length; at++) {
    const wrong = `${good.slice(0, at)}${good[at] === 'A' ? 'B' : 'A'}${good.slice(at + 1)}`
    expect(parseAddress(wrong, '-239').ok).toBe(false)
  }
  const last = `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`
  expect(parseAddress(last, '-239')).toEqual({ ok: false, reason: 'bad-checksum' })
})

test('only the base workchain is paid to', () => {
  const master = new Address(-1, parsed.hash)
  expect(parseAddress(master.toRawString(), '-239')).toEqual({ ok: false, reason: 'wrong-workchain' })
  expect(parseAddress(master.toString(), '-239')).toEqual({ ok: false, reason: 'wrong-workchain' })
  expect(parseAddress(`1${RAW.slice(1)}`, '-239')).toEqual({ ok: false, reason: 'wrong-workchain' })
})

test.each([
  '',
  '0:',
  `0:${'g'.repeat(64)}`,
  'EQ',
  'ton://transfer/x',
  `${RAW} `,
  `0:${'a'.repeat(65)}`,
  'x'.repeat(48),
])('%j is no address', (text) => {
  expect(parseAddress(text, '-239').ok).toBe(false)
})

test('an address is shown as one that does not bounce, with the flag of its network', () => {
  expect(toFriendlyAddress(RAW, '-239')).toMatch(/^UQ/)
  expect(toFriendlyAddress(RAW, '-3')).toMatch(/^0Q/)
  expect(parseAddress(toFriendlyAddress(RAW, '-3'), '-3')).toEqual({ ok: true, address: RAW })
})
