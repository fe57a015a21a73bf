import {
  Address,
  beginCell,
  Cell,
  external,
  internal,
  loadStateInit,
  type MessageRelaxed,
  SendMode,
  storeMessage,
  storeStateInit,
} from '@ton/core'
import { keyPairFromSeed, sha256_sync, sign } from '@ton/crypto'
import { WalletContractV5R1 } from '@ton/ton'
import { z } from 'zod'
import { commentOf } from './message-hash.ts'
import type { SandboxChain } from './sandbox-chain.ts'

/** The test network's global id, as TON Connect writes it. */
export const NETWORK = '-3'
export const MESSAGES_MAX = 255

/** TON Connect's numbers for what went wrong. */
export const WALLET_ERROR = { unknown: 0, badRequest: 1 } as const

const VALID_FOR_S = 300
const FEES_NANO = 50_000_000n // kept back, so that what was confirmed also fits

/** A `sendTransaction` of TON Connect. Addresses friendly or raw, amounts in nano, cells in base64. */
export const transactionSchema = z.object({
  valid_until: z.number().int().optional(),
  network: z.string().optional(),
  from: z.string().optional(),
  messages: z
    .array(
      z.object({
        address: z.string(),
        amount: z.string().regex(/^\d{1,20}$/),
        payload: z.string().nullish(),
        stateInit: z.string().nullish(),
      }),
    )
    .min(1)
    .max(MESSAGES_MAX),
})

export type TonProof = {
  readonly timestamp: number
  readonly domain: { readonly lengthBytes: number; readonly value: string }
  readonly payload: string
  readonly signature: string
}

export type WalletAccount = {
  readonly address: string
  readonly network: string
  readonly walletStateInit: string
  readonly publicKey: string
}

/** What a person is asked to confirm. Amounts in nano. */
export type TransactionPreview = {
  readonly total: string
  readonly messages: readonly {
    readonly to: string
    readonly amount: string
    readonly comment: string | null
  }[]
}

export type WalletRefusal = { readonly ok: false; readonly code: number; readonly message: string }

export type DevWallet = {
  readonly account: WalletAccount
  readonly signProof: (domain: string, payload: string) => TonProof
  readonly preview: (
    request: unknown,
  ) => Promise<{ readonly ok: true; readonly preview: TransactionPreview } | WalletRefusal>
  readonly send: (request: unknown) => Promise<{ readonly ok: true; readonly boc: string } | WalletRefusal>
}

/** A wallet v5r1 that signs for real, for the pages of this machine. Its clock is the wall's, as a phone's is. */
export function createDevWallet(
  chain: SandboxChain,
  { seed, nowMs }: { readonly seed: Buffer; readonly nowMs: () => number },
): DevWallet {
  const keys = keyPairFromSeed(seed)
  const contract = WalletContractV5R1.create({
    publicKey: keys.publicKey,
    walletId: { networkGlobalId: Number(NETWORK) },
  })
  const own = contract.address.toRawString()
  let turn: Promise<unknown> = Promise.resolve()

  const check = async (request: unknown) => {
    const read = readTransaction(request, { own: contract.address, nowS: Math.floor(nowMs() / 1000) })
    if (!read.ok) return read
    const total = read.messages.reduce((sum, { amount }) => sum + amount, 0n)
    const balance = await chain.balance(own)
    if (balance < total + FEES_NANO) {
      return { ok: false, code: WALLET_ERROR.unknown, message: 'The wallet holds less than that.' } as const
    }
    return { ...read, total }
  }

  const send = async (request: unknown) => {
    const checked = await check(request)
    if (!checked.ok) return checked
    const { seqno, isActive } = await readOwn()
    const body = contract.createTransfer({
      seqno,
      secretKey: keys.secretKey,
      timeout: chain.nowS() + checked.validForS, // the chain's clock can be ahead of the wall's
      sendMode: SendMode.PAY_GAS_SEPARATELY + SendMode.IGNORE_ERRORS,
      messages: checked.messages.map(({ message }) => message),
    })
    const message = external({ to: contract.address, body, ...(isActive ? {} : { init: contract.init }) })
    const boc = beginCell().store(storeMessage(message)).endCell().toBoc().toString('base64')
    await chain.send(boc).catch(() => undefined) // a reply tells nothing: the page looks at the chain
    return { ok: true, boc } as const
  }

  const readOwn = async () => {
    const { state } = await chain.account(own)
    const { exitCode, stack } = await chain.callGetMethod(own, 'seqno', [])
    const first = exitCode === 0 ? stack[0] : undefined
    return { isActive: state === 'active', seqno: first?.type === 'int' ? Number(first.value) : 0 }
  }

  return {
    account: {
      address: own,
      network: NETWORK,
      walletStateInit: beginCell().store(storeStateInit(contract.init)).endCell().toBoc().toString('base64'),
      publicKey: keys.publicKey.toString('hex'),
    },
    signProof: (domain, payload) => {
      const timestamp = Math.floor(nowMs() / 1000)
      const digest = proofDigest(contract.address, { domain, timestamp, payload })
      return {
        timestamp,
        domain: { lengthBytes: Buffer.byteLength(domain), value: domain },
        payload,
        signature: sign(digest, keys.secretKey).toString('base64'),
      }
    },
    preview: async (request) => {
      const checked = await check(request)
      if (!checked.ok) return checked
      const messages = checked.messages.map(({ to, amount, comment }) => ({
        to,
        amount: String(amount),
        comment: comment ?? null,
      }))
      return { ok: true, preview: { total: String(checked.total), messages } }
    },
    send: (request) => {
      const mine = turn.then(() => send(request)) // two at once would share a seqno
      turn = mine.catch(() => undefined) // whoever asked hears it
      return mine
    },
  }
}

type ReadMessage = {
  readonly to: string
  readonly amount: bigint
  readonly comment: string | undefined
  readonly message: MessageRelaxed
}

function readTransaction(
  request: unknown,
  { own, nowS }: { readonly own: Address; readonly nowS: number },
):
  | { readonly ok: true; readonly messages: readonly ReadMessage[]; readonly validForS: number }
  | WalletRefusal {
  const read = transactionSchema.safeParse(request)
  if (!read.success) return badRequest('The request is not a transaction of TON Connect.')
  const { network, from, valid_until: validUntil, messages } = read.data
  if (network !== undefined && network !== NETWORK) {
    return badRequest(`This wallet is on the test network (${NETWORK}).`)
  }
  try {
    if (from !== undefined && !Address.parse(from).equals(own)) {
      return badRequest('The transaction is from another wallet.')
    }
    const validForS = validUntil === undefined ? VALID_FOR_S : Math.min(validUntil - nowS, VALID_FOR_S)
    if (validForS <= 0) return badRequest('The request is out of date.')
    return { ok: true, messages: messages.map(readMessage), validForS }
  } catch {
    return badRequest('An address or a payload cannot be read.')
  }
}

function readMessage(message: z.infer<typeof transactionSchema>['messages'][number]): ReadMessage {
  const { address, isBounceable } = Address.isFriendly(message.address)
    ? Address.parseFriendly(message.address)
    : { address: Address.parseRaw(message.address), isBounceable: true }
  const body = message.payload ? Cell.fromBase64(message.payload) : undefined
  const init = message.stateInit ? loadStateInit(Cell.fromBase64(message.stateInit).beginParse()) : undefined
  const amount = BigInt(message.amount)
  return {
    to: message.address,
    amount,
    comment: body ? commentOf(body) : undefined,
    message: internal({
      to: address,
      value: amount,
      bounce: isBounceable,
      ...(body ? { body } : {}),
      ...(init ? { init } : {}),
    }),
  }
}

function badRequest(message: string): WalletRefusal {
  return { ok: false, code: WALLET_ERROR.badRequest, message }
}

/** What `ton_proof` signs (TON Connect, "Address proof signature"). */
function proofDigest(
  address: Address,
  { domain, timestamp, payload }: { domain: string; timestamp: number; payload: string },
): Buffer {
  const workchain = Buffer.alloc(4)
  workchain.writeInt32BE(address.workChain)
  const domainLength = Buffer.alloc(4)
  domainLength.writeUInt32LE(Buffer.byteLength(domain))
  const time = Buffer.alloc(8)
  time.writeBigUInt64LE(BigInt(timestamp))
  const message = Buffer.concat([
    Buffer.from('ton-proof-item-v2/'),
    workchain,
    address.hash,
    domainLength,
    Buffer.from(domain),
    time,
    Buffer.from(payload),
  ])
  return sha256_sync(
    Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.from('ton-connect'), sha256_sync(message)]),
  )
}
