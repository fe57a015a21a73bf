import { z } from 'zod'
import type { ChainMessage, ChainTransaction } from './chain.ts'
import { readCell } from './text-comment.ts'

/** An amount as toncenter writes it: a string of digits, or null where the message carries none. */
const coins = z
  .string()
  .regex(/^[0-9]{1,30}$/)
  .transform((digits) => BigInt(digits))
const lt = z.union([z.string().regex(/^[0-9]{1,20}$/), z.int().nonnegative()]).transform(String)
const hash = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'a hash has 32 bytes')
  .transform((text) => Buffer.from(text, 'base64').toString('hex'))
const address = z
  .string()
  .regex(/^-?[0-9]{1,10}:[0-9a-fA-F]{64}$/)
  .transform((text) => text.toLowerCase())

const message = z
  .object({
    source: address.nullish(),
    destination: address.nullish(),
    value: coins.nullish(),
    fwd_fee: coins.nullish(),
    ihr_fee: coins.nullish(),
    bounced: z.boolean().nullish(),
    message_content: z.object({ body: z.string() }),
  })
  .transform((raw, context): ChainMessage => {
    const body = readCell(raw.message_content.body)
    if (!body) context.addIssue('a message without a readable body')
    return {
      source: raw.source ?? undefined,
      destination: raw.destination ?? undefined,
      value: raw.value ?? 0n,
      forwardFee: raw.fwd_fee ?? 0n,
      ihrFee: raw.ihr_fee ?? 0n,
      bounced: raw.bounced ?? false,
      bodyHash: body?.hash().toString('hex') ?? '',
      body: raw.message_content.body,
    }
  })

const transaction = z
  .object({
    lt,
    hash,
    prev_trans_lt: lt,
    prev_trans_hash: hash,
    now: z.int().positive(),
    mc_block_seqno: z.int().positive().nullish(),
    total_fees: coins,
    description: z.object({ aborted: z.boolean().nullish() }),
    in_msg: message.nullish(),
    out_msgs: z.array(message),
    emulated: z.boolean().nullish(),
    finality: z.string().nullish(),
  })
  .transform((raw) => ({
    isFinal:
      raw.emulated !== true &&
      (raw.mc_block_seqno ?? 0) > 0 &&
      (raw.finality === undefined || raw.finality === null || raw.finality === 'finalized'),
    transaction: {
      lt: raw.lt,
      hash: raw.hash,
      prevLt: raw.prev_trans_lt,
      prevHash: raw.prev_trans_hash,
      atS: raw.now,
      totalFees: raw.total_fees,
      aborted: raw.description.aborted ?? false,
      in: raw.in_msg ? { ...raw.in_msg, kind: kindOf(raw.in_msg) } : undefined,
      out: raw.out_msgs,
    } satisfies ChainTransaction,
  }))

function kindOf({ source }: ChainMessage): 'internal' | 'external' {
  return source === undefined ? 'external' : 'internal'
}

/** `GET /api/v3/transactions`. */
export const transactionsSchema = z.object({ transactions: z.array(transaction) })

/** `GET /api/v3/transactionsByMessage`: only whether there are any matters. */
export const byMessageSchema = z.object({ transactions: z.array(z.unknown()) })

/** `GET /api/v3/accountStates`. An address that never got anything may be missing. */
export const accountsSchema = z.object({
  accounts: z.array(
    z.object({
      address,
      balance: coins.nullish(),
      status: z.string().nullish(),
      last_transaction_lt: lt.nullish(),
      last_transaction_hash: hash.nullish(),
    }),
  ),
})

/** `GET /api/v3/masterchainInfo`. */
export const masterchainSchema = z.object({
  last: z.object({ seqno: z.int().nonnegative(), gen_utime: z.coerce.number().int().positive() }),
})

/** `POST /api/v3/runGetMethod`. Numbers come as hex, `-0x…` below zero. */
export const getMethodSchema = z.object({
  exit_code: z.int(),
  stack: z.array(z.object({ type: z.string(), value: z.unknown() })).nullish(),
})

/** A number of a get method's stack: `0x2a`, `-0x1`. Undefined for what is none. */
export function readStackNumber({ type, value }: { type: string; value?: unknown }): bigint | undefined {
  if (type !== 'num' || typeof value !== 'string') return undefined
  const [, sign, digits] = /^(-?)0x([0-9a-fA-F]{1,64})$/.exec(value) ?? []
  if (digits === undefined) return undefined
  const magnitude = BigInt(`0x${digits}`)
  return sign === '-' ? -magnitude : magnitude
}
