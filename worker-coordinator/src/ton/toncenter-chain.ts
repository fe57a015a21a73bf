import type { z } from 'zod'
import type { AccountState, Chain, ChainTransaction } from './chain.ts'
import {
  accountsSchema,
  byMessageSchema,
  getMethodSchema,
  masterchainSchema,
  readStackNumber,
  transactionsSchema,
} from './toncenter-answers.ts'

/** How long one question may take, in ms. */
const TIMEOUT_MS = 10_000
/** How often a question is asked before it counts as unanswered. Sending is never tried again. */
const READ_TRIES = 3
const FIRST_WAIT_MS = 500
/** The largest answer that is read: 1,000 transactions are less. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024
const NO_HASH = '0'.repeat(64)

export type ToncenterOptions = {
  /** Without a slash at its end. */
  readonly url: string
  readonly apiKey?: string | undefined
  /** For tests. */
  readonly fetch?: typeof fetch
  readonly wait?: (ms: number) => Promise<void>
}

/** What money never asks, and a progress bar may. */
export type MessageFinder = {
  /** Whether an external message was taken in by whom it is for. `hash`: its normalized one, hex. */
  readonly hasMessage: (hash: string) => Promise<boolean>
}

/** The chain behind a toncenter-compatible API (v3). Reading throws when no good answer comes. */
export function createToncenterChain(options: ToncenterOptions): Chain & MessageFinder {
  const ask = createAsker(options)
  const listTransactions: Chain['listTransactions'] = async (address, afterLt, limit) => {
    const after = BigInt(afterLt)
    const query = new URLSearchParams({
      account: address,
      start_lt: String(after + 1n), // the API's bound is included
      limit: String(limit),
      sort: 'asc',
    })
    const { transactions } = await ask.read(`transactions?${query}`, transactionsSchema)
    return finalOnes(transactions).filter(({ lt }) => BigInt(lt) > after)
  }
  const runGetMethod: Chain['runGetMethod'] = async (address, method) => {
    const { exit_code, stack } = await ask.read('runGetMethod', getMethodSchema, {
      address,
      method,
      stack: [],
    })
    return { exitCode: exit_code, numbers: (stack ?? []).map(readStackNumber).filter((n) => n !== undefined) }
  }
  return {
    listTransactions,
    runGetMethod,
    readAccount: async (address) => {
      const query = new URLSearchParams({ address, include_boc: 'false' })
      const { accounts } = await ask.read(`accountStates?${query}`, accountsSchema)
      const account = accounts.find((one) => one.address === address)
      const isActive = account?.status === 'active'
      const seqno = isActive ? await runGetMethod(address, 'seqno') : undefined
      return {
        balance: account?.balance ?? 0n,
        isActive,
        lastLt: account?.last_transaction_lt ?? '0',
        lastHash: account?.last_transaction_hash ?? NO_HASH,
        seqno: seqno?.exitCode === 0 ? Number(seqno.numbers[0] ?? 0n) : 0,
      } satisfies AccountState
    },
    readHead: async () => {
      const { last } = await ask.read('masterchainInfo', masterchainSchema)
      return { seqno: last.seqno, atS: last.gen_utime }
    },
    send: async (boc) => {
      await ask.send('message', { boc })
    },
    hasMessage: async (hash) => {
      const query = new URLSearchParams({ msg_hash: hash, direction: 'in', limit: '1' })
      try {
        const { transactions } = await ask.read(`transactionsByMessage?${query}`, byMessageSchema)
        return transactions.length > 0
      } catch (error) {
        if (error instanceof ToncenterError && error.status === 404) return false // it does not know it
        throw error
      }
    },
  }
}

/** What comes before the first transaction that can still change. */
function finalOnes(
  listed: readonly { readonly isFinal: boolean; readonly transaction: ChainTransaction }[],
): readonly ChainTransaction[] {
  const firstOpen = listed.findIndex(({ isFinal }) => !isFinal)
  return listed.slice(0, firstOpen < 0 ? listed.length : firstOpen).map(({ transaction }) => transaction)
}

function createAsker({ url, apiKey, fetch: ask = fetch, wait = waitFor }: ToncenterOptions) {
  const call = async (path: string, body?: object): Promise<unknown> => {
    const response = await ask(`${url}/api/v3/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(apiKey ? { 'x-api-key': apiKey } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await response.text()
    if (!response.ok) throw new ToncenterError(response.status, text.slice(0, 200))
    if (text.length > ANSWER_BYTES_MAX) throw new ToncenterError(response.status, 'the answer is too large')
    return JSON.parse(text)
  }
  return {
    /** Asks again when nothing, nonsense or a passing error comes back. */
    read: async <Schema extends z.ZodType>(
      path: string,
      schema: Schema,
      body?: object,
    ): Promise<z.output<Schema>> => {
      for (let tries = 1; ; tries++) {
        try {
          return schema.parse(await call(path, body))
        } catch (error) {
          if (tries === READ_TRIES || isFinalError(error)) throw error
          await wait(FIRST_WAIT_MS * 2 ** (tries - 1))
        }
      }
    },
    send: call,
  }
}

/** The API answered with an error. 429 and 5xx pass; other statuses say that the question is wrong. */
export class ToncenterError extends Error {
  readonly status: number
  constructor(status: number, detail: string) {
    super(`toncenter answered ${status}: ${detail}`)
    this.status = status
  }
}

function isFinalError(error: unknown): boolean {
  return error instanceof ToncenterError && error.status < 500 && error.status !== 429 && error.status !== 408
}

function waitFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
