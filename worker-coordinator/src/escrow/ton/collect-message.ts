import { Cell } from '@ton/core'
import {
  COLLECT_GAS,
  collectMessage as collectBody,
  parseCollected,
} from '../../../../contracts/wrappers/client-escrow.ts'
import { fromBase64Url } from '../../../../protocol/src/canonical-json.ts'
import type { CollectOrder } from '../collect-plan.ts'

/** A message for the hot wallet's batch. `value` in nano; what gas leaves of it comes back with the coins. */
export type CollectMessage = {
  readonly destination: string
  readonly value: bigint
  /** Base64 BOC. */
  readonly body: string
}

/** The message that brings a voucher to its contract. `queryId` is any number of 64 bits, echoed in the answer. */
export function collectMessage(
  { address, cumulative, signature }: CollectOrder,
  queryId: bigint,
): CollectMessage {
  const bytes = fromBase64Url(signature)
  if (bytes?.length !== 64) throw new RangeError('a kept voucher has a signature of 64 bytes')
  const body = collectBody({ queryId, cumulative, signature: Buffer.from(bytes) })
  return { destination: address, value: COLLECT_GAS, body: body.toBoc().toString('base64') }
}

/**
 * Reads what a message from a registered escrow to the hot wallet brings: `taken` belongs to the account, the rest of its
 * value is gas that our own message had brought. Undefined when the body (a base64 BOC) is anything else.
 */
export function readCollected(
  body: string,
): { readonly queryId: bigint; readonly taken: bigint; readonly collected: bigint } | undefined {
  try {
    return parseCollected(Cell.fromBase64(body))
  } catch {
    return undefined // any other body: whoever sent it is no escrow that pays
  }
}
