import { Address, beginCell, Cell, external, internal, SendMode, storeMessage } from '@ton/core'
import { keyPairFromSeed } from '@ton/crypto'
import { WalletContractV5R1 } from '@ton/ton/dist/wallets/v5r1/WalletContractV5R1.js'
import type { TonNetwork } from './address.ts'
import { payoutBody } from './payout-body.ts'
import { PAYOUTS_MAX, type PayoutItem, type PayoutWallet } from './payout-wallet.ts'
import { textCommentBody } from './text-comment.ts'

/** What a note sends to the wallet itself. 0.01 TON. */
const NOTE_VALUE = 10_000_000n

/** Makes the hot wallet, a wallet v5r1, from a 32-byte seed. Its `seqno` is the fencing token of payouts. */
export function createWalletV5(seed: Uint8Array, network: TonNetwork): PayoutWallet {
  const keys = keyPairFromSeed(Buffer.from(seed))
  const wallet = WalletContractV5R1.create({
    publicKey: keys.publicKey,
    walletId: { networkGlobalId: Number(network) },
  })
  return {
    kind: 'wallet-v5',
    address: wallet.address.toRawString(),
    renewal: 'same-number',
    selfValue: NOTE_VALUE,
    sign: ({ seqno, items, note, calls = [], nowS, lifeS, deploy }) => {
      const validUntilS = nowS + lifeS
      const body = wallet.createTransfer({
        seqno,
        secretKey: keys.secretKey,
        timeout: validUntilS,
        sendMode: SendMode.PAY_GAS_SEPARATELY + SendMode.IGNORE_ERRORS,
        messages: [
          ...payoutMessages(items),
          ...calls.map(({ destination, value, body: call }) =>
            internal({
              to: Address.parseRaw(destination),
              value,
              bounce: true,
              body: Cell.fromBase64(call),
            }),
          ),
          ...(note === undefined
            ? []
            : [
                internal({
                  to: wallet.address,
                  value: NOTE_VALUE,
                  bounce: false,
                  body: textCommentBody(note),
                }),
              ]),
        ],
      })
      const message = external({ to: wallet.address, body, ...(deploy ? { init: wallet.init } : {}) })
      const boc = beginCell().store(storeMessage(message)).endCell().toBoc().toString('base64')
      return { boc, bodyHash: body.hash().toString('hex'), validUntilS }
    },
    carriesOut: () => false,
  }
}

/** The messages of payouts. They never bounce: a wallet that is not deployed yet gets its coins, too. */
export function payoutMessages(items: readonly PayoutItem[]) {
  if (items.length > PAYOUTS_MAX)
    throw new RangeError(`a message carries at most ${PAYOUTS_MAX} payouts, got ${items.length}`)
  return items.map(({ id, destination, amount }) =>
    internal({ to: Address.parseRaw(destination), value: amount, bounce: false, body: payoutBody(id) }),
  )
}
