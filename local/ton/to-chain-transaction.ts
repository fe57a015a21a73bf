import type { Message, Transaction } from '@ton/core'
import type { ChainMessage, ChainTransaction } from '../../worker-coordinator/src/ton/chain.ts'

/** A transaction as money sees it. */
export function toChainTransaction(transaction: Transaction): ChainTransaction {
  const { inMessage, description } = transaction
  return {
    lt: String(transaction.lt),
    hash: transaction.hash().toString('hex'),
    prevLt: String(transaction.prevTransactionLt),
    prevHash: hashOf(transaction.prevTransactionHash),
    atS: transaction.now,
    totalFees: transaction.totalFees.coins,
    aborted: 'aborted' in description && description.aborted,
    in: inMessage
      ? { ...toChainMessage(inMessage), kind: inMessage.info.type === 'internal' ? 'internal' : 'external' }
      : undefined,
    out: outMessagesOf(transaction).map(toChainMessage),
  }
}

/** The messages a transaction sent, in the order of its actions. */
export function outMessagesOf(transaction: Transaction): readonly Message[] {
  return [...transaction.outMessages].toSorted(([a], [b]) => a - b).map(([, message]) => message)
}

/** A hash that the chain keeps as a number, as 64 hex digits. */
export function hashOf(value: bigint): string {
  return value.toString(16).padStart(64, '0')
}

function toChainMessage({ info, body }: Message): ChainMessage {
  return {
    source: info.type === 'external-in' ? undefined : info.src.toRawString(),
    destination: info.type === 'external-out' ? undefined : info.dest.toRawString(),
    value: info.type === 'internal' ? info.value.coins : 0n,
    forwardFee: info.type === 'internal' ? info.forwardFee : 0n,
    ihrFee: info.type === 'internal' ? info.ihrFee : 0n,
    bounced: info.type === 'internal' && info.bounced,
    bodyHash: body.hash().toString('hex'),
    body: body.toBoc().toString('base64'),
  }
}
