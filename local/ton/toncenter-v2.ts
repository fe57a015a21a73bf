import type { Message } from '@ton/core'
import type { LoggedTransaction } from './chain-log.ts'
import { readStack, writeStackV2 } from './get-method-stack.ts'
import { commentOf, hashesOfBoc } from './message-hash.ts'
import {
  addressParam,
  hashParam,
  integerParam,
  ltParam,
  type Params,
  submitBoc,
  ToncenterError,
} from './read-params.ts'
import type { SandboxChain } from './sandbox-chain.ts'
import { outMessagesOf } from './to-chain-transaction.ts'

type Method = (chain: SandboxChain, params: Params) => Promise<unknown>

const SHARD = '-9223372036854775808'
const NO_BLOCK_HASH = Buffer.alloc(32).toString('base64')

/** The methods of `/api/v2`, by name. */
export const V2_METHODS: Readonly<Record<string, Method>> = {
  getMasterchainInfo: async (chain) => {
    const { seqno } = await chain.readHead()
    return {
      '@type': 'blocks.masterchainInfo',
      last: block(seqno),
      state_root_hash: NO_BLOCK_HASH,
      init: block(0),
    }
  },
  getAddressInformation: async (chain, params) => {
    const { seqno, atS } = await chain.readHead()
    const account = await chain.account(addressParam(params.address).toRawString())
    return {
      '@type': 'raw.fullAccountState',
      balance: String(account.balance),
      extra_currencies: [],
      code: account.code,
      data: account.data,
      last_transaction_id: transactionId(account.lastLt, account.lastHash),
      block_id: block(seqno),
      frozen_hash: '',
      sync_utime: atS,
      state: account.state,
    }
  },
  getAddressBalance: async (chain, params) =>
    String(await chain.balance(addressParam(params.address).toRawString())),
  getAddressState: async (chain, params) =>
    (await chain.account(addressParam(params.address).toRawString())).state,
  getTransactions: async (chain, params) => {
    const address = addressParam(params.address).toRawString()
    const limit = integerParam(params.limit, 'limit', { standard: 10, min: 1, max: 100 })
    const lt = ltParam(params.lt, 'lt')
    const hash = hashParam(params.hash, 'hash')
    const toLt = ltParam(params.to_lt, 'to_lt') ?? 0n
    const newestFirst = chain.visibleTransactions(address).toReversed()
    // Like the real one: a start is both its lt and its hash, and belongs to the page.
    const from = lt !== undefined && hash !== undefined
    const start = from ? newestFirst.findIndex((entry) => entry.lt === lt && entry.hash === hash) : 0
    if (start < 0) {
      const reason = 'cannot locate transaction in block with specified logical time'
      throw new ToncenterError(500, `LITE_SERVER_UNKNOWN: ${reason}`)
    }
    return newestFirst
      .slice(start, start + limit)
      .filter((entry) => entry.lt > toLt)
      .map(toV2Transaction)
  },
  tryLocateResultTx: async (chain, params) => {
    const source = addressParam(params.source)
    const createdLt = ltParam(params.created_lt, 'created_lt')
    const found = chain
      .visibleTransactions(addressParam(params.destination).toRawString())
      .find(({ transaction: { inMessage } }) => {
        const info = inMessage?.info
        return info?.type === 'internal' && info.src.equals(source) && info.createdLt === createdLt
      })
    if (!found) throw new ToncenterError(404, 'message not found')
    return toV2Transaction(found)
  },
  runGetMethod: async (chain, params) => {
    const { seqno } = await chain.readHead()
    const address = addressParam(params.address).toRawString()
    const answer = await chain.callGetMethod(address, methodParam(params.method), readStack(params.stack))
    const { lastLt, lastHash } = await chain.account(address)
    return {
      '@type': 'smc.runResult',
      gas_used: answer.gasUsed,
      stack: writeStackV2(answer.stack),
      exit_code: answer.exitCode,
      block_id: block(seqno),
      last_transaction_id: transactionId(lastLt, lastHash),
    }
  },
  sendBoc: async (chain, params) => {
    await submitBoc(chain, params.boc)
    return { '@type': 'ok' }
  },
  sendBocReturnHash: async (chain, params) => {
    await submitBoc(chain, params.boc)
    const { hash, normalized } = hashesOfBoc(String(params.boc))
    return {
      '@type': 'raw.extMessageInfo',
      hash: toBase64(hash),
      hash_norm: toBase64(normalized),
    }
  },
}

/** A get method's name, or its number as v2 and v3 also take it. */
export function methodParam(value: unknown): string | number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value === '') throw new ToncenterError(422, 'method is required')
  return /^\d+$/.test(value) ? Number(value) : value
}

export function toBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}

function block(seqno: number) {
  return {
    '@type': 'ton.blockIdExt',
    workchain: -1,
    shard: SHARD,
    seqno,
    root_hash: NO_BLOCK_HASH,
    file_hash: NO_BLOCK_HASH,
  }
}

function transactionId(lt: string, hash: string) {
  return { '@type': 'internal.transactionId', lt, hash: toBase64(hash) }
}

function toV2Transaction({ transaction, account, lt, hash }: LoggedTransaction) {
  const { description, totalFees, inMessage } = transaction
  const storageFee =
    description.type === 'generic' ? (description.storagePhase?.storageFeesCollected ?? 0n) : 0n
  return {
    '@type': 'raw.transaction',
    address: { '@type': 'accountAddress', account_address: account },
    utime: transaction.now,
    data: transaction.raw.toBoc().toString('base64'),
    transaction_id: transactionId(String(lt), hash),
    fee: String(totalFees.coins),
    storage_fee: String(storageFee),
    other_fee: String(totalFees.coins - storageFee),
    in_msg: inMessage ? toV2Message(inMessage) : undefined,
    out_msgs: outMessagesOf(transaction).map(toV2Message),
  }
}

function toV2Message({ info, body }: Message) {
  const comment = commentOf(body)
  return {
    '@type': 'raw.message',
    source: info.type === 'external-in' ? '' : info.src.toString(),
    destination: info.type === 'external-out' ? '' : info.dest.toString(),
    value: String(info.type === 'internal' ? info.value.coins : 0n),
    extra_currencies: [],
    fwd_fee: String(info.type === 'internal' ? info.forwardFee : 0n),
    ihr_fee: String(info.type === 'internal' ? info.ihrFee : 0n),
    created_lt: String(info.type === 'external-in' ? 0n : info.createdLt),
    body_hash: body.hash().toString('base64'),
    msg_data:
      comment === undefined
        ? { '@type': 'msg.dataRaw', body: body.toBoc().toString('base64'), init_state: '' }
        : { '@type': 'msg.dataText', text: Buffer.from(comment).toString('base64') },
    message: comment ?? '',
  }
}
