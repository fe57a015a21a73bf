import { Address, Cell } from '@ton/core'
import { expect, test } from 'vitest'
import { compileEscrow } from '../scripts/compile-escrow.ts'
import compiled from '../wrappers/client-escrow.compiled.json' with { type: 'json' }
import {
  collectedMessage,
  collectMessage,
  collectWithinCapMessage,
  ESCROW_CODE,
  type EscrowTerms,
  escrowAddress,
  finalizeCloseMessage,
  parseCollect,
  parseCollected,
  parseCollectWithinCap,
  parseFinalizeClose,
  parseRefunded,
  parseRequestClose,
  parseState,
  parseTerms,
  parseTermsNumbers,
  parseTopUp,
  refundedMessage,
  requestCloseMessage,
  termsCell,
  topUpMessage,
} from '../wrappers/client-escrow.ts'
import { setupEscrow } from './setup-escrow.ts'

const QUERY = { queryId: 2n ** 64n - 1n }
const SUM = 9_007_199_254_740_991n
const TERMS: EscrowTerms = {
  owner: new Address(0, Buffer.alloc(32, 1)),
  payee: new Address(0, Buffer.alloc(32, 2)),
  sessionKey: Buffer.alloc(32, 3),
  closeDelayS: 0xffff_ffff,
  dayCap: 2n ** 120n - 1n,
  networkId: -239,
  salt: 0xffff_ffff,
}

/** Addresses carry functions of their own, which never are equal. */
const plain = (terms: EscrowTerms) => ({
  ...terms,
  owner: terms.owner.toRawString(),
  payee: terms.payee.toRawString(),
})

test('compiling the source again gives the code that is committed', async () => {
  expect(await compileEscrow()).toEqual(compiled)
  expect(ESCROW_CODE.hash().toString('hex')).toBe(compiled.codeHash)
})

test('each message reads back as what was written', () => {
  const collect = { ...QUERY, cumulative: SUM, signature: Buffer.alloc(64, 7) }
  const collected = { ...QUERY, taken: 1n, collected: SUM }
  expect(parseTopUp(topUpMessage(QUERY))).toEqual(QUERY)
  expect(parseCollect(collectMessage(collect))).toEqual(collect)
  expect(parseCollectWithinCap(collectWithinCapMessage({ ...QUERY, cumulative: SUM }))).toEqual({
    ...QUERY,
    cumulative: SUM,
  })
  expect(parseRequestClose(requestCloseMessage(QUERY))).toEqual(QUERY)
  expect(parseFinalizeClose(finalizeCloseMessage(QUERY))).toEqual(QUERY)
  expect(parseCollected(collectedMessage(collected))).toEqual(collected)
  expect(parseRefunded(refundedMessage(QUERY))).toEqual(QUERY)
})

test('a message of another operation, one cut short, and one that goes on are not read', () => {
  expect(() => parseTopUp(requestCloseMessage(QUERY))).toThrow(RangeError)
  expect(() => parseTopUp(Cell.EMPTY)).toThrow()
  expect(() => parseTopUp(collectedMessage({ ...QUERY, taken: 1n, collected: 1n }))).toThrow()
  expect(() => parseCollected(topUpMessage(QUERY))).toThrow()
})

test('terms read back, and the largest that exist fit into one cell', () => {
  expect(plain(parseTerms(termsCell(TERMS)))).toEqual(plain(TERMS))
})

test('a key or a signature of the wrong length is refused before anything is signed or sent', () => {
  expect(() => termsCell({ ...TERMS, sessionKey: Buffer.alloc(31) })).toThrow(RangeError)
  expect(() => collectMessage({ ...QUERY, cumulative: 1n, signature: Buffer.alloc(63) })).toThrow(RangeError)
})

test('every term changes the address', () => {
  const others: Partial<EscrowTerms>[] = [
    { owner: TERMS.payee },
    { payee: TERMS.owner },
    { sessionKey: Buffer.alloc(32, 4) },
    { closeDelayS: 1 },
    { dayCap: 1n },
    { networkId: -3 },
    { salt: 1 },
  ]
  const addresses = [{}, ...others].map((other) => escrowAddress({ ...TERMS, ...other }).toRawString())
  expect(new Set(addresses).size).toBe(others.length + 1)
})

test('the contract itself reads the terms as the wrapper does', async () => {
  const world = await setupEscrow({ dayCap: 77n, salt: 5, closeDelayS: 0xffff_ffff })
  await world.deploy()
  const { stack } = await world.chain.runGetMethod(world.address, 'escrow_terms')
  const numbers = stack.flatMap((item) => (item.type === 'int' ? [item.value] : []))
  const terms = parseTermsNumbers(numbers)
  if (!terms) throw new Error('no terms')
  expect(plain(terms)).toEqual(plain(world.terms))
  expect(escrowAddress(terms).toRawString()).toBe(world.address.toRawString())
})

test('the numbers of another contract are no escrow', () => {
  expect(parseState([2n, 0n, 0n, 0n, 0n, 0n, 0n])).toBeUndefined()
  expect(parseState([1n])).toBeUndefined()
  expect(parseTermsNumbers([])).toBeUndefined()
})
