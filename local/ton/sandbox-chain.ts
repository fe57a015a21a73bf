import { Address, Cell, loadMessage, type Message, type TupleItem } from '@ton/core'
import {
  Blockchain,
  EmulationError,
  GetMethodError,
  internal,
  snapshotFromSerializable,
  snapshotToSerializable,
} from '@ton/sandbox'
import type { Chain } from '../../worker-coordinator/src/ton/chain.ts'
import { type ChainFault, createChainFaults } from './chain-faults.ts'
import { createChainLog, type LoggedTransaction, type SavedTransaction } from './chain-log.ts'
import { june2026Config } from './june-2026-config.ts'
import { outMessagesOf, toChainTransaction } from './to-chain-transaction.ts'

export type SandboxChainOptions = {
  /** The chain's clock in unix seconds: a number stands still until `advance`, a function runs. */
  readonly nowS?: number | (() => number)
  readonly faultSeed?: number // 1 when missing
}

export type Delivery =
  | { readonly ok: true; readonly transactions: readonly LoggedTransaction[] }
  | { readonly ok: false; readonly reason: 'bad-boc' }
  | {
      readonly ok: false
      readonly reason: 'not-accepted'
      readonly account: string
      readonly exitCode: number
    }

export type GetMethodAnswer = {
  readonly exitCode: number // 0 or 1 is success; -13: there is no contract; 11: it has no such method
  readonly gasUsed: number
  readonly stack: readonly TupleItem[]
}

/** An account with its code and data as base64 BOCs, empty when it has none. */
export type FullAccount = {
  readonly balance: bigint
  readonly state: 'active' | 'uninitialized' | 'frozen'
  readonly code: string
  readonly data: string
  readonly lastLt: string
  readonly lastHash: string
}

/** Coins of the whole chain in nano: `minted = balances + fees` holds after every message. */
export type Supply = { readonly minted: bigint; readonly balances: bigint; readonly fees: bigint }

export type InternalMessage = {
  readonly from: string
  readonly to: string
  readonly value: bigint
  readonly body?: Cell
  readonly bounce?: boolean
  readonly bounced?: boolean
}

/** All that a chain is, as plain JSON. */
export type ChainSnapshot = {
  readonly version: 1
  readonly genesisS: number
  readonly offsetS: number
  readonly minted: string
  readonly sandbox: ReturnType<typeof snapshotToSerializable>
  readonly log: readonly SavedTransaction[]
}

export type SandboxChain = Chain & {
  /** Delivers an external message past all faults, as another node or an attacker does who kept the bytes. */
  readonly deliverExternal: (boc: string) => Promise<Delivery>
  /** Sends as `send` does, with faults, and says what became of it as far as a node would say. */
  readonly submit: (boc: string) => Promise<Delivery | { readonly ok: false; readonly reason: 'no-answer' }>
  /** Mints coins and sends them, not bouncing, from `FAUCET`. */
  readonly faucet: (to: string, amountNano: bigint, body?: Cell) => Promise<LoggedTransaction>
  /** Mints an internal message of anybody's, to stand for a stranger's deposit or a bounce. */
  readonly deliverInternal: (message: InternalMessage) => Promise<readonly LoggedTransaction[]>
  readonly balance: (address: string) => Promise<bigint>
  readonly account: (address: string) => Promise<FullAccount>
  readonly callGetMethod: (
    address: string,
    method: string | number,
    stack: readonly TupleItem[],
  ) => Promise<GetMethodAnswer>
  /** What the indexer shows of an account, oldest first: without those a lag hides. */
  readonly visibleTransactions: (address: string) => readonly LoggedTransaction[]
  /** Everything that happened, of all accounts, oldest first; faults hide nothing here. */
  readonly allTransactions: () => readonly LoggedTransaction[]
  readonly supply: () => Promise<Supply>
  readonly nowS: () => number
  readonly advance: (seconds: number) => void
  /** Moves the clock forward to a time. Throws when that is in the past: no chain goes back. */
  readonly setNow: (nowS: number) => void
  readonly addFault: (fault: ChainFault) => void
  readonly clearFaults: () => void
  readonly faults: () => readonly ChainFault[]
  readonly snapshot: () => ChainSnapshot
  readonly restore: (snapshot: ChainSnapshot) => Promise<void>
  /** Hears of every message that ran and of every jump of the clock. */
  readonly onChange: (listener: () => void) => () => void
}

/** Where faucet coins come from. Nobody has its key. */
export const FAUCET = new Address(0, Buffer.from('faucet'.padStart(32, '\0'))).toRawString()
export const NO_HASH = '0'.repeat(64)
export const STANDING_CLOCK_S = 1_780_000_000

const EXIT_NO_CONTRACT = -13

/** A whole TON network in this process, with the fees of June 2026. Messages run to their end at once. */
export async function createSandboxChain(options: SandboxChainOptions = {}): Promise<SandboxChain> {
  const given = options.nowS ?? STANDING_CLOCK_S
  const clock = typeof given === 'number' ? () => given : given
  const sandbox = await Blockchain.create({ config: 'slim' })
  sandbox.setConfig(june2026Config(sandbox.config))
  sandbox.verbosity = { ...sandbox.verbosity, print: false, debugLogs: false }
  const log = createChainLog()
  const faults = createChainFaults(options.faultSeed ?? 1)
  const listeners = new Set<() => void>()
  let offsetS = 0
  let newestS = 0
  let minted = 0n
  let fees = 0n
  let turn: Promise<unknown> = Promise.resolve()

  const nowS = () => {
    newestS = Math.max(newestS, Math.floor(clock()) + offsetS) // a wall clock can be set back
    return newestS
  }
  let genesisS = nowS()
  const seqno = () => nowS() - genesisS + 1 // a block every second

  const tell = () => {
    for (const listener of listeners) listener()
  }

  /** One message at a time: the sandbox's queue mixes what arrives together. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined) // whoever asked hears it
    return mine
  }

  const run = async (message: Message): Promise<readonly LoggedTransaction[]> => {
    sandbox.now = nowS()
    const before = log.all().length
    for await (const transaction of await sandbox.sendMessageIter(message)) {
      fees += feesOf(log.add(accountOf(transaction), seqno(), transaction))
    }
    tell()
    return log.all().slice(before)
  }

  const deliver = (boc: string): Promise<Delivery> => {
    const message = parseExternal(boc)
    if (!message) return Promise.resolve({ ok: false, reason: 'bad-boc' })
    return inTurn(async () => {
      try {
        return { ok: true, transactions: await run(message) }
      } catch (error) {
        if (!(error instanceof EmulationError)) throw error
        const account = message.info.type === 'external-in' ? message.info.dest.toRawString() : ''
        return { ok: false, reason: 'not-accepted', account, exitCode: error.exitCode ?? 0 }
      }
    })
  }

  const submit: SandboxChain['submit'] = async (boc) => {
    if (!parseExternal(boc)) return { ok: false, reason: 'bad-boc' }
    if (faults.strikes('drop-send')) return { ok: true, transactions: [] }
    const delivery = await deliver(boc)
    if (delivery.ok && faults.strikes('duplicate-send')) await deliver(boc)
    return faults.strikes('lose-reply') ? { ok: false, reason: 'no-answer' } : delivery
  }

  const deliverInternal = ({ from, to, value, body, bounce = false, bounced = false }: InternalMessage) =>
    inTurn(() => {
      minted += value
      return run(
        internal({
          from: Address.parse(from),
          to: Address.parse(to),
          value,
          bounce,
          bounced,
          createdAt: nowS(),
          createdLt: sandbox.lt, // no two messages are the same
          ...(body ? { body } : {}),
        }),
      )
    })

  const account = async (address: string): Promise<FullAccount> => {
    const parsed = Address.parse(address)
    const { balance, accountState } = await sandbox.getContract(parsed)
    const last = log.of(parsed.toRawString()).at(-1)
    const active = accountState?.type === 'active' ? accountState.state : undefined
    return {
      balance,
      state: active ? 'active' : accountState?.type === 'frozen' ? 'frozen' : 'uninitialized',
      code: active?.code?.toBoc().toString('base64') ?? '',
      data: active?.data?.toBoc().toString('base64') ?? '',
      lastLt: String(last?.lt ?? 0n),
      lastHash: last?.hash ?? NO_HASH,
    }
  }

  const callGetMethod: SandboxChain['callGetMethod'] = async (address, method, stack) => {
    sandbox.now = nowS()
    const contract = await sandbox.getContract(Address.parse(address))
    if (contract.accountState?.type !== 'active') return { exitCode: EXIT_NO_CONTRACT, gasUsed: 0, stack: [] }
    try {
      const answer = await contract.get(method, [...stack])
      return { exitCode: answer.exitCode, gasUsed: Number(answer.gasUsed), stack: answer.stack }
    } catch (error) {
      if (!(error instanceof GetMethodError)) throw error
      return { exitCode: error.exitCode, gasUsed: Number(error.gasUsed), stack: [] }
    }
  }

  const visibleTransactions = (address: string) => {
    const own = log.of(Address.parse(address).toRawString())
    return own.slice(0, Math.max(0, own.length - faults.lag()))
  }

  const mayFail = () => {
    if (faults.strikes('fail-read')) throw new Error('no answer')
  }

  return {
    listTransactions: async (address, afterLt, limit) => {
      mayFail()
      const after = BigInt(afterLt)
      const newer = visibleTransactions(address).filter(({ lt }) => lt > after)
      return newer.slice(0, limit).map(({ transaction }) => toChainTransaction(transaction))
    },
    readAccount: async (address) => {
      mayFail()
      const { balance, state, lastLt, lastHash } = await account(address)
      const { exitCode, stack } = await callGetMethod(address, 'seqno', [])
      const first = exitCode === 0 ? stack[0] : undefined
      return {
        balance,
        isActive: state === 'active',
        lastLt,
        lastHash,
        seqno: first?.type === 'int' ? Number(first.value) : 0,
      }
    },
    readHead: async () => {
      mayFail()
      return { seqno: seqno(), atS: nowS() }
    },
    send: async (boc) => {
      const sent = await submit(boc)
      if (!sent.ok) throw new Error(sentenceOf(sent))
    },
    submit,
    runGetMethod: async (address, method) => {
      mayFail()
      const { exitCode, stack } = await callGetMethod(address, method, [])
      return { exitCode, numbers: stack.flatMap((item) => (item.type === 'int' ? [item.value] : [])) }
    },
    deliverExternal: deliver,
    deliverInternal,
    faucet: async (to, amountNano, body) => {
      const [first] = await deliverInternal({
        from: FAUCET,
        to,
        value: amountNano,
        ...(body ? { body } : {}),
      })
      if (!first) throw new Error('the faucet sent nothing')
      return first
    },
    balance: async (address) => (await account(address)).balance,
    account,
    callGetMethod,
    visibleTransactions,
    allTransactions: log.all,
    supply: () =>
      inTurn(async () => {
        let balances = 0n
        for (const own of log.accounts()) balances += (await sandbox.getContract(Address.parse(own))).balance
        return { minted, balances, fees }
      }),
    nowS,
    advance: (seconds) => {
      if (!(seconds >= 0)) throw new RangeError('time runs forward')
      offsetS += Math.floor(seconds)
      tell()
    },
    setNow: (to) => {
      if (!(to >= nowS())) throw new RangeError('time runs forward')
      offsetS += Math.floor(to) - nowS()
      tell()
    },
    addFault: faults.add,
    clearFaults: faults.clear,
    faults: faults.left,
    snapshot: () => {
      const whole = sandbox.snapshot()
      const contracts = whole.contracts.filter(({ account: kept }) => kept.lastTransactionLt > 0n)
      return {
        version: 1,
        genesisS,
        offsetS,
        minted: String(minted),
        sandbox: snapshotToSerializable({ ...whole, contracts, transactions: [] }),
        log: log.save(),
      }
    },
    restore: (snapshot) =>
      inTurn(async () => {
        await sandbox.loadFrom(snapshotFromSerializable(snapshot.sandbox))
        log.load(snapshot.log)
        genesisS = snapshot.genesisS
        offsetS = snapshot.offsetS
        minted = BigInt(snapshot.minted)
        fees = log.all().reduce((sum, entry) => sum + feesOf(entry), 0n)
        newestS = log.all().at(-1)?.transaction.now ?? genesisS
      }),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What the network says about a message it did not take. */
export function sentenceOf(
  delivery: Extract<Delivery, { ok: false }> | { readonly reason: 'no-answer' },
): string {
  if (delivery.reason === 'no-answer') return 'no answer'
  if (delivery.reason === 'bad-boc') return 'the bytes are not an external message'
  const id = delivery.account.slice(delivery.account.indexOf(':') + 1).toUpperCase()
  return `cannot apply external message to current state : External message was not accepted\nCannot run message on account: inbound external message rejected by account ${id}: exitcode=${delivery.exitCode}, steps=0, gas_used=0`
}

/** Reads an external message from base64; undefined when the bytes are anything else. */
export function parseExternal(boc: string): Message | undefined {
  try {
    const roots = Cell.fromBoc(Buffer.from(boc, 'base64'))
    const [root] = roots
    if (!root || roots.length !== 1) return undefined
    const slice = root.beginParse()
    const message = loadMessage(slice)
    return message.info.type === 'external-in' ? message : undefined
  } catch {
    return undefined // not a bag of cells, or not a message
  }
}

function accountOf(transaction: LoggedTransaction['transaction']): string {
  const info = transaction.inMessage?.info
  if (!info || info.type === 'external-out') throw new Error('a transaction without its message')
  return info.dest.toRawString()
}

/** What the validators keep of one transaction: its own fees and what its messages pay on their way. */
function feesOf({ transaction }: LoggedTransaction): bigint {
  return outMessagesOf(transaction).reduce(
    (sum, { info }) => (info.type === 'internal' ? sum + info.forwardFee + info.ihrFee : sum),
    transaction.totalFees.coins,
  )
}
