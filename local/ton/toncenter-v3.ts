import type { Message } from '@ton/core'
import type { LoggedTransaction } from './chain-log.ts'
import { messageHash, normalizedHash } from './message-hash.ts'
import { addressParam, hashParam, integerParam, ltParam, ToncenterError } from './read-params.ts'
import type { SandboxChain } from './sandbox-chain.ts'
import { hashOf, outMessagesOf } from './to-chain-transaction.ts'
import { toBase64 } from './toncenter-v2.ts'

/** The parameters of a question, each as often as it was given. */
export type Query = Readonly<Record<string, readonly string[]>>

const LIMIT = { standard: 10, min: 1, max: 1000 }
const OFFSET = { standard: 0, min: 0, max: 1_000_000 }

/** `GET /api/v3/transactions`: of some accounts or of all, newest first unless `sort=asc`. */
export function listV3Transactions(chain: SandboxChain, query: Query) {
  const accounts = (query.account ?? []).map((text) => addressParam(text).toRawString())
  const one = (name: string) => query[name]?.[0]
  const startLt = ltParam(one('start_lt'), 'start_lt')
  const endLt = ltParam(one('end_lt'), 'end_lt')
  const lt = ltParam(one('lt'), 'lt')
  const hash = hashParam(one('hash'), 'hash')
  const startUtime = one('start_utime')
  const endUtime = one('end_utime')
  const limit = integerParam(one('limit'), 'limit', LIMIT)
  const offset = integerParam(one('offset'), 'offset', OFFSET)
  const sort = one('sort') ?? 'desc'
  if (sort !== 'asc' && sort !== 'desc') throw new ToncenterError(422, 'sort must be asc or desc')
  const found = visible(chain, accounts).filter(
    (entry) =>
      (startLt === undefined || entry.lt >= startLt) &&
      (endLt === undefined || entry.lt <= endLt) &&
      (lt === undefined || entry.lt === lt) &&
      (hash === undefined || entry.hash === hash) &&
      (startUtime === undefined || entry.transaction.now >= Number(startUtime)) &&
      (endUtime === undefined || entry.transaction.now <= Number(endUtime)),
  )
  const page = (sort === 'asc' ? found : found.toReversed()).slice(offset, offset + limit)
  return { transactions: page.map(toV3Transaction), address_book: {} }
}

/** `GET /api/v3/transactionsByMessage`: those that got or sent a message, by its hash or its normalized hash. */
export function listV3TransactionsByMessage(chain: SandboxChain, query: Query) {
  const wanted = hashParam(query.msg_hash?.[0], 'msg_hash')
  const bodyHash = hashParam(query.body_hash?.[0], 'body_hash')
  if (!wanted && !bodyHash) throw new ToncenterError(422, 'msg_hash is required')
  const direction = query.direction?.[0]
  const limit = integerParam(query.limit?.[0], 'limit', LIMIT)
  const matches = (message: Message) =>
    (wanted === undefined || messageHash(message) === wanted || normalizedHash(message) === wanted) &&
    (bodyHash === undefined || message.body.hash().toString('hex') === bodyHash)
  const found = visible(chain, []).filter(({ transaction }) => {
    const { inMessage } = transaction
    const isIn = direction !== 'out' && inMessage ? matches(inMessage) : false
    return isIn || (direction !== 'in' && outMessagesOf(transaction).some(matches))
  })
  return { transactions: found.toReversed().slice(0, limit).map(toV3Transaction), address_book: {} }
}

/** `GET /api/v3/accountStates`. */
export async function listV3Accounts(chain: SandboxChain, query: Query) {
  if (!query.address?.length) throw new ToncenterError(422, 'address of account is required')
  const includeBoc = query.include_boc?.[0] !== 'false'
  const accounts = await Promise.all(
    query.address.map(async (text) => {
      const address = addressParam(text).toRawString()
      const { balance, state, code, data, lastLt, lastHash } = await chain.account(address)
      const status = state === 'uninitialized' ? (lastLt === '0' ? 'nonexist' : 'uninit') : state
      return {
        address: address.toUpperCase(),
        balance: String(balance),
        extra_currencies: {},
        status,
        last_transaction_lt: lastLt,
        last_transaction_hash: toBase64(lastHash),
        ...(includeBoc && code ? { code_boc: code, data_boc: data } : {}),
      }
    }),
  )
  return { accounts, address_book: {} }
}

/** `GET /api/v3/masterchainInfo`. */
export async function readV3Masterchain(chain: SandboxChain) {
  const { seqno, atS } = await chain.readHead()
  const genesis = { workchain: -1, shard: '8000000000000000', seqno: 1, gen_utime: String(atS - seqno + 1) }
  return { first: genesis, last: { ...genesis, seqno, gen_utime: String(atS) } }
}

/** Of all accounts, a lag hides the newest of each. */
function visible(chain: SandboxChain, accounts: readonly string[]): readonly LoggedTransaction[] {
  const wanted = accounts.length
    ? accounts
    : [...new Set(chain.allTransactions().map(({ account }) => account))]
  return wanted.flatMap((account) => chain.visibleTransactions(account)).toSorted(byLt)
}

function byLt(a: LoggedTransaction, b: LoggedTransaction): number {
  return a.lt < b.lt ? -1 : a.lt > b.lt ? 1 : 0
}

function toV3Transaction({ account, lt, hash, seqno, transaction }: LoggedTransaction) {
  return {
    account: account.toUpperCase(),
    hash: toBase64(hash),
    lt: String(lt),
    now: transaction.now,
    mc_block_seqno: seqno,
    prev_trans_hash: toBase64(hashOf(transaction.prevTransactionHash)),
    prev_trans_lt: String(transaction.prevTransactionLt),
    orig_status: statusOf(transaction.oldStatus),
    end_status: statusOf(transaction.endStatus),
    total_fees: String(transaction.totalFees.coins),
    total_fees_extra_currencies: {},
    description: toV3Description(transaction.description),
    in_msg: transaction.inMessage ? toV3Message(transaction.inMessage) : null,
    out_msgs: outMessagesOf(transaction).map(toV3Message),
    emulated: false,
    finality: 'finalized',
  }
}

function statusOf(status: LoggedTransaction['transaction']['oldStatus']): string {
  if (status === 'uninitialized') return 'uninit'
  return status === 'non-existing' ? 'nonexist' : status
}

function toV3Description(description: LoggedTransaction['transaction']['description']) {
  if (description.type !== 'generic') return { type: description.type, aborted: false }
  const { storagePhase, creditPhase, computePhase, actionPhase } = description
  return {
    type: 'ord',
    aborted: description.aborted,
    destroyed: description.destroyed,
    credit_first: description.creditFirst,
    ...(storagePhase
      ? { storage_ph: { storage_fees_collected: String(storagePhase.storageFeesCollected) } }
      : {}),
    ...(creditPhase ? { credit_ph: { credit: String(creditPhase.credit.coins) } } : {}),
    compute_ph:
      computePhase.type === 'vm'
        ? {
            skipped: false,
            success: computePhase.success,
            gas_fees: String(computePhase.gasFees),
            gas_used: String(computePhase.gasUsed),
            exit_code: computePhase.exitCode,
            vm_steps: computePhase.vmSteps,
          }
        : { skipped: true, reason: computePhase.reason },
    ...(actionPhase
      ? {
          action: {
            success: actionPhase.success,
            valid: actionPhase.valid,
            no_funds: actionPhase.noFunds,
            result_code: actionPhase.resultCode,
            tot_actions: actionPhase.totalActions,
            skipped_actions: actionPhase.skippedActions,
            msgs_created: actionPhase.messagesCreated,
            total_fwd_fees: String(actionPhase.totalFwdFees ?? 0n),
            total_action_fees: String(actionPhase.totalActionFees ?? 0n),
          },
        }
      : {}),
  }
}

function toV3Message(message: Message) {
  const { info, body } = message
  const normalized = normalizedHash(message)
  const isInternal = info.type === 'internal'
  const opcode = body.bits.length >= 32 ? body.beginParse().loadUint(32) : undefined
  return {
    hash: toBase64(messageHash(message)),
    ...(normalized === undefined ? {} : { hash_norm: toBase64(normalized) }),
    source: info.type === 'external-in' ? null : info.src.toRawString().toUpperCase(),
    destination: info.type === 'external-out' ? null : info.dest.toRawString().toUpperCase(),
    value: isInternal ? String(info.value.coins) : null,
    fwd_fee: isInternal ? String(info.forwardFee) : null,
    ihr_fee: isInternal ? String(info.ihrFee) : null,
    import_fee: info.type === 'external-in' ? String(info.importFee) : null,
    created_lt: info.type === 'external-in' ? null : String(info.createdLt),
    created_at: info.type === 'external-in' ? null : String(info.createdAt),
    ihr_disabled: isInternal ? info.ihrDisabled : null,
    bounce: isInternal ? info.bounce : null,
    bounced: isInternal ? info.bounced : null,
    opcode: opcode === undefined ? null : `0x${opcode.toString(16).padStart(8, '0')}`,
    message_content: {
      hash: body.hash().toString('base64'),
      body: body.toBoc().toString('base64'),
      decoded: null,
    },
    init_state: null,
  }
}
