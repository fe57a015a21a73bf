import { expect, test } from 'vitest'
import { nano } from '../../../../protocol/src/money.ts'
import { collectMessage, readCollected } from './collect-message.ts'
import { deriveEscrowAddress, ESCROW_CODE_HASH } from './escrow-contract.ts'

const OWNER = `0:${'01'.repeat(32)}`
const PAYEE = `0:${'02'.repeat(32)}`

test('the contract’s code and messages work inside the Worker’s runtime', () => {
  expect(ESCROW_CODE_HASH).toMatch(/^[0-9a-f]{64}$/)
  const terms = {
    owner: OWNER,
    session_key: '03'.repeat(32),
    close_delay_seconds: 86_400,
    day_cap_nano: nano(0n),
    salt: 0,
  }
  const address = deriveEscrowAddress({ payee: PAYEE, networkId: -3 }, terms)
  expect(address).toMatch(/^0:[0-9a-f]{64}$/)
  expect(deriveEscrowAddress({ payee: PAYEE, networkId: -3 }, { ...terms, salt: 1 })).not.toBe(address)
  const message = collectMessage({ address, cumulative: nano(1n), signature: 'A'.repeat(86) }, 1n)
  expect(readCollected(message.body)).toBeUndefined()
})
