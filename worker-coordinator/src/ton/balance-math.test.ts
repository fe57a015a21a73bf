import { beginCell, comment } from '@ton/core'
import { expect, test } from 'vitest'
import { createRandom } from '../../../local/ton/chain-faults.ts'
import { createSandboxChain } from '../../../local/ton/sandbox-chain.ts'
import { networkFeeOf, nextBalance } from './balance-math.ts'
import { createWalletV5 } from './wallet-v5.ts'

const SEED = new Uint8Array(32).fill(9)
const stranger = (index: number) => `0:${index.toString(16).padStart(64, 'e')}`

test('the balance is known to the nano after every transaction: kept, aborted, bounced and sent ones', async () => {
  const chain = await createSandboxChain({ nowS: 1_780_000_000 })
  const wallet = createWalletV5(SEED, '-3')
  const random = createRandom(42)
  let balance = 0n
  let lt = '0'
  let [seqno, aborted, bounced] = [0, 0, 0]
  for (let step = 0; step < 120; step++) {
    chain.advance(Math.floor(random() * 100_000))
    if (step % 3 === 2) {
      const item = {
        id: `po_${String(step).padStart(26, '0')}`,
        destination: stranger(step),
        amount: 20_000_000n,
      }
      const life = { nowS: chain.nowS(), lifeS: 60 }
      const { boc } = wallet.sign({
        seqno,
        items: [item, { ...item, amount: 10n ** 15n }],
        ...life,
        deploy: seqno === 0,
      })
      if ((await chain.deliverExternal(boc)).ok) seqno++
    } else {
      const body =
        random() < 0.5 ? comment('hello') : beginCell().storeUint(0x6578746e, 32).storeUint(7, 3).endCell()
      const value = random() < 0.2 ? 1n : BigInt(Math.floor(random() * 1e9))
      await chain.deliverInternal({
        from: stranger(step),
        to: wallet.address,
        value,
        body,
        bounce: random() < 0.5,
      })
    }
    for (const transaction of await chain.listTransactions(wallet.address, lt, 100)) {
      balance = nextBalance(balance, transaction)
      lt = transaction.lt
      if (transaction.aborted && transaction.out.length === 0) aborted++
      if (transaction.out.some((message) => message.bounced)) bounced++
      expect(networkFeeOf(transaction)).toBeGreaterThanOrEqual(transaction.totalFees)
    }
    expect(balance).toBe(await chain.balance(wallet.address))
  }
  expect(seqno).toBeGreaterThan(5)
  expect(aborted).toBeGreaterThan(0)
  expect(bounced).toBeGreaterThan(0)
})
