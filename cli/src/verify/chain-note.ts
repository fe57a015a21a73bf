import * as z from 'zod/mini'
import type { NoteOnChain } from '../../../protocol/src/receipts/receipt-facts.ts'

const REPLY_MS = 20_000
const NOTE = /sharnaqa receipts \d{4}-\d{2}-\d{2} [0-9a-f]{64}/

const message = z.nullish(z.object({ message_content: z.nullish(z.object({ body: z.nullish(z.string()) })) }))
const transactionsSchema = z.object({
  transactions: z
    .array(z.object({ hash: z.string(), lt: z.string(), in_msg: message, out_msgs: z.array(message) }))
    .check(z.maxLength(16)),
})

/**
 * Reads the note that a transaction carries from an index of TON (toncenter's v3: `GET /transactions?hash=`). Undefined
 * where the index does not answer, does not know it, or it carries none.
 */
export async function readChainNote(
  chain: string,
  transactionId: string,
  fetch = globalThis.fetch,
): Promise<NoteOnChain | undefined> {
  const [lt, hash = ''] = transactionId.split(':')
  try {
    const url = `${chain.replace(/\/+$/, '')}/transactions?hash=${hash}`
    const reply = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(REPLY_MS) })
    const { transactions } = transactionsSchema.parse(await reply.json())
    const isIt = (one: { hash: string; lt: string }) =>
      one.lt === lt && Buffer.from(one.hash, 'base64').toString('hex') === hash
    const found = transactions.find(isIt)
    const bodies = [found?.in_msg, ...(found?.out_msgs ?? [])].map((one) => one?.message_content?.body ?? '')
    const comment = bodies.map(noteOf).find((note) => note !== undefined)
    return comment === undefined ? undefined : { transactionId, comment }
  } catch {
    return undefined // nobody there, or no index
  }
}

/** The note in a message's body, a bag of cells: it is short enough to stand whole in one cell. */
function noteOf(body: string): string | undefined {
  return NOTE.exec(Buffer.from(body, 'base64').toString('latin1'))?.[0]
}
