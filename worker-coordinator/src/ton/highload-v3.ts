import {
  beginCell,
  Cell,
  contractAddress,
  external,
  internal,
  SendMode,
  storeMessage,
  storeMessageRelaxed,
  storeOutList,
} from '@ton/core'
import { keyPairFromSeed, sign } from '@ton/crypto'
import { highloadWalletV3ConfigToCell } from '@tonkite/highload-wallet-v3/dist/highload-wallet-v3.js'
import { HIGHLOAD_WALLET_V3_CODE_HEX } from '@tonkite/highload-wallet-v3/dist/highload-wallet-v3-code.js'
import type { PayoutItem, PayoutWallet } from './payout-wallet.ts'
import { readCell } from './text-comment.ts'
import { payoutMessages } from './wallet-v5.ts'

/** `internal_transfer#ae42e5a4 query_id:uint64 actions:^OutList` */
const INTERNAL_TRANSFER_OP = 0xae42e5a4
const SUBWALLET = 0x10ad
const BITS_PER_SHIFT = 1023
const QUERY_IDS = BITS_PER_SHIFT * 8191 // the last shift is left for emergencies
/** How long before now a message says it was made, so that a chain whose clock is behind takes it. */
const CREATED_BEFORE_S = 30
/** Pays for the gas of the wallet's message to itself; the rest comes back. */
const SELF_VALUE = 50_000_000n

/**
 * Makes a highload wallet v3 from a 32-byte seed: many numbers at a time, for more than 100 payouts a second. A number is
 * signed once, and `created_at` belongs to it: signed again with a fresh one, both run. `timeoutS` is a part of the address.
 */
export function createHighloadV3(seed: Uint8Array, timeoutS: number): PayoutWallet {
  const keys = keyPairFromSeed(Buffer.from(seed))
  const data = highloadWalletV3ConfigToCell({
    publicKey: keys.publicKey,
    subwalletId: SUBWALLET,
    timeout: timeoutS,
  })
  const [code] = Cell.fromBoc(Buffer.from(HIGHLOAD_WALLET_V3_CODE_HEX, 'hex'))
  if (!code) throw new Error('the code of the highload wallet is empty')
  const init = { code, data }
  const address = contractAddress(0, init)

  const selfMessage = (seqno: number, items: readonly PayoutItem[]) => {
    const actions = payoutMessages(items).map((outMsg) => ({
      type: 'sendMsg' as const,
      mode: SendMode.PAY_GAS_SEPARATELY + SendMode.IGNORE_ERRORS,
      outMsg,
    }))
    const body = beginCell()
      .storeUint(INTERNAL_TRANSFER_OP, 32)
      .storeUint(queryIdOf(seqno), 64)
      .storeRef(beginCell().store(storeOutList(actions)).endCell())
      .endCell()
    return internal({ to: address, value: SELF_VALUE, bounce: false, body })
  }
  return {
    kind: 'highload-v3',
    address: address.toRawString(),
    renewal: 'once',
    selfValue: SELF_VALUE,
    sign: ({ seqno, items, nowS, deploy }) => {
      const createdAtS = nowS - CREATED_BEFORE_S
      const signed = beginCell()
        .storeUint(SUBWALLET, 32)
        .storeRef(
          beginCell()
            .store(storeMessageRelaxed(selfMessage(seqno, items)))
            .endCell(),
        )
        .storeUint(SendMode.PAY_GAS_SEPARATELY, 8)
        .storeUint(queryIdOf(seqno), 23)
        .storeUint(createdAtS, 64)
        .storeUint(timeoutS, 22)
        .endCell()
      const body = beginCell().storeBuffer(sign(signed.hash(), keys.secretKey)).storeRef(signed).endCell()
      const message = external({ to: address, body, ...(deploy ? { init } : {}) })
      const boc = beginCell().store(storeMessage(message)).endCell().toBoc().toString('base64')
      return { boc, bodyHash: body.hash().toString('hex'), validUntilS: createdAtS + timeoutS }
    },
    carriesOut: (body, seqno) => readQueryId(body) === queryIdOf(seqno),
  }
}

/** The wallet's id of a number: 13 bits of shift, 10 of position, of which one value is never used. */
function queryIdOf(seqno: number): number {
  const at = seqno % QUERY_IDS
  return Math.floor(at / BITS_PER_SHIFT) * 1024 + (at % BITS_PER_SHIFT)
}

function readQueryId(body: string): number | undefined {
  const slice = readCell(body)?.beginParse()
  if (!slice || slice.remainingBits < 96 || slice.loadUint(32) !== INTERNAL_TRANSFER_OP) return undefined
  return Number(slice.loadUintBig(64))
}
