import { beginCell, type Cell, external, internal, storeMessage, storeMessageRelaxed } from '@ton/core'
import { expect, test } from 'vitest'
import { hashesOfBoc } from '../../../local/ton/message-hash.ts'
import { hashExternalMessage } from './external-message.ts'
import { createWalletV5 } from './wallet-v5.ts'

const wallet = createWalletV5(new Uint8Array(32).fill(3), '-3')
const PAYEE = `0:${'7'.repeat(64)}`
const bocOf = (cell: Cell) => cell.toBoc().toString('base64')
const INSIDE = beginCell()
  .store(storeMessageRelaxed(internal({ to: wallet.address, value: 1n })))
  .endCell()

const sign = (deploy: boolean) =>
  wallet.sign({
    seqno: 0,
    items: [{ id: `po_${'0'.repeat(26)}`, destination: PAYEE, amount: 1n }],
    nowS: 1_700_000_000,
    lifeS: 60,
    deploy,
  })

test("a signed message has the chain's own name for it", () => {
  const { boc } = sign(false)
  expect(hashExternalMessage(boc)).toBe(hashesOfBoc(boc).normalized)
})

test('the state and the fee beside a message change nothing in its name', () => {
  expect(hashExternalMessage(sign(true).boc)).toBe(hashExternalMessage(sign(false).boc))
})

test.each([
  ['nothing', ''],
  ['no BOC', 'bm90IGEgYm9j'],
  ['a cell that is no message', bocOf(beginCell().storeUint(1, 3).endCell())],
  ['a message inside the chain', bocOf(INSIDE)],
])('%s has none', (_, boc) => {
  expect(hashExternalMessage(boc)).toBeUndefined()
})

test('a body of its own is enough', () => {
  const body = beginCell().storeUint(7, 32).endCell()
  const message = beginCell()
    .store(storeMessage(external({ to: wallet.address, body })))
    .endCell()
  expect(hashExternalMessage(bocOf(message))).toMatch(/^[0-9a-f]{64}$/)
})
