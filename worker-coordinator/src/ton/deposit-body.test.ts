import { beginCell, Cell, comment } from '@ton/core'
import { expect, test } from 'vitest'
import { toAccountCode } from '../deposits/account-code.ts'
import { depositComment, depositTag, readDepositBody } from './deposit-body.ts'

const ACCOUNT = 5_123_456_789
const boc = (cell: Cell) => cell.toBoc().toString('base64')
const NOTHING = { tag: undefined, code: undefined, comment: undefined }

test('the tag of a TON Connect deposit names its account', () => {
  expect(readDepositBody(depositTag(ACCOUNT))).toEqual({ ...NOTHING, tag: ACCOUNT })
  expect(readDepositBody(depositTag(Number.MAX_SAFE_INTEGER)).tag).toBe(Number.MAX_SAFE_INTEGER)
})

test('the comment of a deposit by hand names its account', () => {
  const text = depositComment(ACCOUNT)
  expect(readDepositBody(boc(comment(text)))).toEqual({ tag: undefined, code: ACCOUNT, comment: text })
})

test('a comment is read whatever stands around the code: emoji, capitals, spaces', () => {
  const code = toAccountCode(ACCOUNT)
  for (const text of [
    `🎉🎉 sharnaqa:${code} 🐛`,
    `SHARNAQA: ${code.toUpperCase()}`,
    `شكرا sharnaqa : ${code}!`,
    `\u0000sharnaqa:${code}\n`,
  ]) {
    expect(readDepositBody(boc(comment(text))).code).toBe(ACCOUNT)
  }
})

test('a comment that goes on in further cells is read whole', () => {
  const text = `${'🥚'.repeat(40)} sharnaqa:${toAccountCode(ACCOUNT)}`
  const cell = comment(text)
  expect(cell.refs.length).toBe(1)
  const read = readDepositBody(boc(cell))
  expect(read.code).toBe(ACCOUNT)
  expect(read.comment?.length).toBeLessThanOrEqual(120)
})

test('a kept comment is cut between characters, never inside of one', () => {
  const { comment: kept } = readDepositBody(boc(comment(`a${'🥚'.repeat(100)}`)))
  expect(kept).toBe(`a${'🥚'.repeat(59)}`)
})

test('two different codes in one comment name nobody', () => {
  const text = `sharnaqa:${toAccountCode(ACCOUNT)} sharnaqa:${toAccountCode(ACCOUNT + 1)}`
  expect(readDepositBody(boc(comment(text))).code).toBeUndefined()
})

test('a mistyped code, a longer one and one of somebody else name nobody', () => {
  const code = toAccountCode(ACCOUNT)
  const typo = `${code.slice(0, 4)}${code[4] === '2' ? '3' : '2'}${code.slice(5)}`
  for (const text of [`sharnaqa:${typo}`, `sharnaqa:${code}x`, `other:${code}`, code, '']) {
    expect(readDepositBody(boc(comment(text))).code).toBeUndefined()
  }
})

test("other programs' bodies and garbage name nobody, and nothing throws", () => {
  const jetton = beginCell().storeUint(0x7362d09c, 32).storeUint(1, 64).storeCoins(5).endCell()
  const encrypted = beginCell().storeUint(0x2167da4b, 32).storeBuffer(Buffer.alloc(64, 1)).endCell()
  const odd = beginCell().storeUint(0, 32).storeUint(1, 5).endCell()
  const short = beginCell().storeUint(0x53484e51, 32).storeUint(7, 40).endCell()
  const large = beginCell()
    .storeUint(0x53484e51, 32)
    .storeUint(2n ** 63n, 64)
    .endCell()
  for (const cell of [
    jetton,
    encrypted,
    odd,
    short,
    large,
    new Cell(),
    beginCell().storeUint(0, 31).endCell(),
  ]) {
    expect(readDepositBody(boc(cell))).toEqual(NOTHING)
  }
  for (const text of ['', 'AAAA', '!!!', boc(jetton).slice(0, 20)]) {
    expect(readDepositBody(text)).toEqual(NOTHING)
  }
})

test('a comment without an end is read up to a bound', () => {
  let cell = beginCell()
    .storeBuffer(Buffer.from('z'.repeat(100)))
    .endCell()
  for (let i = 0; i < 200; i++)
    cell = beginCell()
      .storeBuffer(Buffer.from('z'.repeat(100)))
      .storeRef(cell)
      .endCell()
  const long = beginCell().storeUint(0, 32).storeRef(cell).endCell()
  expect(readDepositBody(boc(long)).comment).toBe('z'.repeat(120))
})

test('text that is no UTF-8 is kept as far as it can be read', () => {
  const broken = beginCell()
    .storeUint(0, 32)
    .storeBuffer(Buffer.from([0xff, 0xfe, 0x41]))
    .endCell()
  expect(readDepositBody(boc(broken)).comment).toBe('\ufffd\ufffdA')
})
