import { createHash } from 'node:crypto'
import { Cell, loadMessage, loadOutList, type MessageRelaxed } from '@ton/core'
import { nextBalance } from './balance-math.ts'
import type { Chain, ChainMessage, ChainTransaction } from './chain.ts'

/** What a transaction of the fake chain costs, nano. */
export const FAKE_FEE = 1_000n
/** And the way of one message. */
export const FAKE_FORWARD_FEE = 300n
const NO_HASH = '0'.repeat(64)
const EMPTY = new Cell()

export type FakeChain = Chain & {
  readonly transactions: ChainTransaction[]
  /** Boc of everything that was sent, taken or not. */
  readonly sent: string[]
  nowS: number
  balance: bigint
  seqno: number
  /** While false, what is sent is lost. */
  takes: boolean
  /** Somebody's message to the wallet. */
  readonly receive: (arrival: {
    readonly from: string
    readonly value: bigint
    readonly body?: Cell
    readonly bounced?: boolean
    readonly aborted?: boolean
    readonly out?: readonly ChainMessage[]
  }) => ChainTransaction
  /** Runs an external message of the wallet v5 as its contract does: one per number, none after its end. */
  readonly deliver: (boc: string) => boolean
  /** Any transaction, its place in the chain filled in. */
  readonly append: (
    transaction: Pick<ChainTransaction, 'in' | 'out' | 'aborted' | 'totalFees'>,
  ) => ChainTransaction
}

/** The chain around one wallet v5, without signatures and virtual machine: for tests that cannot load the sandbox. */
export function createFakeChain(address: string): FakeChain {
  const append: FakeChain['append'] = (given) => {
    const last = chain.transactions.at(-1)
    const lt = String((chain.transactions.length + 1) * 1_000_000)
    const transaction: ChainTransaction = {
      ...given,
      lt,
      hash: createHash('sha256').update(`${address}/${lt}/${chain.nowS}`).digest('hex'),
      prevLt: last?.lt ?? '0',
      prevHash: last?.hash ?? NO_HASH,
      atS: chain.nowS,
    }
    chain.balance = nextBalance(chain.balance, transaction)
    chain.transactions.push(transaction)
    return transaction
  }
  const deliver: FakeChain['deliver'] = (boc) => {
    const [root] = Cell.fromBoc(Buffer.from(boc, 'base64'))
    const { body } = loadMessage((root ?? EMPTY).beginParse())
    const slice = body.beginParse().skip(64)
    const validUntilS = slice.loadUint(32)
    const seqno = slice.loadUint(32)
    if (seqno !== chain.seqno || validUntilS <= chain.nowS) return false
    chain.seqno++
    const actions = loadOutList(slice.loadRef().beginParse())
    let left = chain.balance - FAKE_FEE
    const out: ChainMessage[] = []
    for (const action of actions) {
      if (action.type !== 'sendMsg') continue
      const message = toOut(address, action.outMsg)
      if (message.value + FAKE_FORWARD_FEE > left) continue
      left -= message.value + FAKE_FORWARD_FEE
      out.push(message)
    }
    append({
      in: { ...toMessage(body), source: undefined, destination: address, kind: 'external' },
      out,
      aborted: false,
      totalFees: FAKE_FEE,
    })
    for (const message of out.filter(({ destination }) => destination === address)) {
      append({ in: { ...message, kind: 'internal' }, out: [], aborted: false, totalFees: FAKE_FEE })
    }
    return true
  }
  const chain: FakeChain = {
    transactions: [],
    sent: [],
    nowS: 1_780_000_000,
    balance: 0n,
    seqno: 0,
    takes: true,
    append,
    deliver,
    receive: ({ from, value, body = EMPTY, bounced = false, aborted = false, out = [] }) =>
      append({
        in: { ...toMessage(body), source: from, destination: address, value, bounced, kind: 'internal' },
        out,
        aborted,
        totalFees: value > FAKE_FEE ? FAKE_FEE : 0n,
      }),
    listTransactions: async (_address, afterLt, limit) =>
      chain.transactions.filter(({ lt }) => BigInt(lt) > BigInt(afterLt)).slice(0, limit),
    readAccount: async () => ({
      balance: chain.balance,
      isActive: chain.seqno > 0,
      lastLt: chain.transactions.at(-1)?.lt ?? '0',
      lastHash: chain.transactions.at(-1)?.hash ?? NO_HASH,
      seqno: chain.seqno,
    }),
    readHead: async () => ({ seqno: chain.nowS, atS: chain.nowS }),
    send: async (boc) => {
      chain.sent.push(boc)
      if (chain.takes && !deliver(boc)) throw new Error('toncenter answered 500: not accepted')
    },
    runGetMethod: async () => ({ exitCode: 0, numbers: [BigInt(chain.seqno)] }),
  }
  return chain
}

function toOut(source: string, { info, body }: MessageRelaxed): ChainMessage {
  if (info.type !== 'internal') throw new Error('the wallet sends no other messages')
  return {
    ...toMessage(body),
    source,
    destination: info.dest.toRawString(),
    value: info.value.coins,
    forwardFee: FAKE_FORWARD_FEE,
  }
}

/** A message that carries a body, and is otherwise empty. */
export function toMessage(body: Cell): ChainMessage {
  return {
    source: undefined,
    destination: undefined,
    value: 0n,
    forwardFee: 0n,
    ihrFee: 0n,
    bounced: false,
    bodyHash: body.hash().toString('hex'),
    body: body.toBoc().toString('base64'),
  }
}
