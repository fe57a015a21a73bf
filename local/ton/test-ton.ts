import { Address, beginCell, comment, external, internal, SendMode, storeMessage } from '@ton/core'
import { keyPairFromSeed } from '@ton/crypto'
import { WalletContractV5R1 } from '@ton/ton'
import { onTestFinished } from 'vitest'
import type { SandboxChain } from './sandbox-chain.ts'
import { startTon, type TonHandle, type TonOptions } from './start-ton.ts'

export type Payment = {
  readonly to: Address
  readonly value: bigint
  readonly text?: string
  readonly bounce?: boolean
}

export type TestWallet = {
  readonly contract: WalletContractV5R1
  readonly secretKey: Buffer
  readonly address: string
  /** A signed external message (base64 BOC). It brings the wallet's code when the seqno is 0. */
  readonly sign: (seqno: number, payments: readonly Payment[], validUntilS: number) => string
}

/** Starts a local TON that ends with the test. */
export async function setupTon(options: TonOptions = {}): Promise<TonHandle> {
  const ton = await startTon(options)
  onTestFinished(() => ton.close())
  return ton
}

/** A wallet v5r1 of this test's own. The same number gives the same wallet. */
export function createTestWallet(number = 7): TestWallet {
  const { publicKey, secretKey } = keyPairFromSeed(Buffer.alloc(32, number))
  const contract = WalletContractV5R1.create({ publicKey, workchain: 0 })
  return {
    contract,
    secretKey,
    address: contract.address.toRawString(),
    sign: (seqno, payments, validUntilS) => {
      const body = contract.createTransfer({
        seqno,
        secretKey,
        timeout: validUntilS,
        sendMode: SendMode.PAY_GAS_SEPARATELY + SendMode.IGNORE_ERRORS,
        messages: payments.map(({ to, value, text, bounce = false }) =>
          internal({ to, value, bounce, ...(text === undefined ? {} : { body: comment(text) }) }),
        ),
      })
      const message = external({
        to: contract.address,
        body,
        ...(seqno === 0 ? { init: contract.init } : {}),
      })
      return beginCell().store(storeMessage(message)).endCell().toBoc().toString('base64')
    },
  }
}

/** An address that nobody has used. The same number gives the same address. */
export function addressOf(number: number): Address {
  return new Address(0, beginCell().storeUint(number, 32).endCell().hash())
}

/** What an account's balance must be by its own transactions; the ledger is held to the same sum. */
export async function balanceByTransactions(chain: SandboxChain, address: string): Promise<bigint> {
  const all = await chain.listTransactions(address, '0', 10_000)
  return all.reduce((sum, { in: inMessage, out, totalFees }) => {
    const spent = out.reduce(
      (total, { value, forwardFee, ihrFee }) => total + value + forwardFee + ihrFee,
      0n,
    )
    return sum + (inMessage?.value ?? 0n) - spent - totalFees
  }, 0n)
}

export async function post(url: string, body: unknown): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, json: await response.json() }
}
