import { expect, test } from 'vitest'
import { chainLink } from './chain-link.ts'

const HASH = 'ab'.repeat(32)

test('a transaction is looked at where its network is shown', () => {
  expect(chainLink(`12:${HASH}`, { tonNetwork: '-239', ownExplorer: null })).toBe(
    `https://tonviewer.com/transaction/${HASH}`,
  )
  expect(chainLink(`12:${HASH}`, { tonNetwork: '-3', ownExplorer: 'http://127.0.0.1:1' })).toBe(
    `http://127.0.0.1:1/tx/${HASH}`,
  )
})

test('what is no transaction, or of no known network, leads nowhere', () => {
  expect(chainLink(`12:${HASH}/../x`, { tonNetwork: '-239', ownExplorer: null })).toBeUndefined()
  expect(chainLink(`12:${HASH}`, { tonNetwork: '7', ownExplorer: null })).toBeUndefined()
})
