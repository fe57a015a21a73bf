import { type Address, beginCell, Cell, type Message, toNano } from '@ton/core'
import { type KeyPair, keyPairFromSeed, sign } from '@ton/crypto'
import { Blockchain, type BlockchainTransaction, createEmptyShardAccount, internal } from '@ton/sandbox'
import { june2026Config } from '../../local/ton/june-2026-config.ts'
import { voucherBytes } from '../../protocol/src/escrow/voucher.ts'
import { nano } from '../../protocol/src/money.ts'
import {
  collectMessage,
  collectWithinCapMessage,
  type EscrowState,
  type EscrowTerms,
  escrowAddress,
  escrowStateInit,
  finalizeCloseMessage,
  parseState,
  requestCloseMessage,
} from '../wrappers/client-escrow.ts'

export const NOW_S = 1_780_000_000
export const DAY_S = 86_400
export const DELAY_S = 2 * DAY_S

const keyOf = (index: number): KeyPair => keyPairFromSeed(Buffer.alloc(32, index))
export const SESSION = keyOf(1)
export const STRANGERS_KEY = keyOf(3)

export type Outcome = {
  /** Undefined when the contract's code did not run. */
  readonly exitCode: number | undefined
  readonly actionCode: number | undefined
  /** The contract's balance afterwards less what it was before. */
  readonly delta: bigint
  /** All that validators kept of everything this message set off. */
  readonly fees: bigint
  readonly gas: bigint
  /** The contract's storage is not what it was. */
  readonly changed: boolean
  /** What went out of the contract. */
  readonly sent: readonly { readonly to: string; readonly value: bigint; readonly body: Cell }[]
}
export type EscrowWorld = Awaited<ReturnType<typeof setupEscrow>>

/** A chain with the fees of June 2026, an owner, a payee, a stranger and an escrow that is not deployed yet. */
export async function setupEscrow(overrides: Partial<EscrowTerms> = {}) {
  const chain = await Blockchain.create({ config: 'slim' })
  chain.setConfig(june2026Config(chain.config))
  chain.verbosity = { ...chain.verbosity, print: false, debugLogs: false }
  chain.now = NOW_S
  const owner = await chain.treasury('owner')
  const payee = await chain.treasury('payee')
  const stranger = await chain.treasury('stranger')
  const terms: EscrowTerms = {
    owner: owner.address,
    payee: payee.address,
    sessionKey: SESSION.publicKey,
    closeDelayS: DELAY_S,
    dayCap: 0n,
    networkId: -3,
    salt: 0,
    ...overrides,
  }
  const address = escrowAddress(terms)
  const init = escrowStateInit(terms)
  const balanceOf = async (of: Address) => (await chain.getContract(of)).balance

  const dataHash = async () => {
    const { accountState } = await chain.getContract(address)
    return accountState?.type === 'active' ? accountState.state.data?.hash().toString('hex') : undefined
  }

  const track = async (run: () => Promise<{ readonly transactions: readonly BlockchainTransaction[] }>) => {
    const [before, dataBefore] = [await balanceOf(address), await dataHash()]
    const { transactions } = await run()
    const delta = (await balanceOf(address)) - before
    return { ...outcomeOf(transactions, address), delta, changed: (await dataHash()) !== dataBefore }
  }
  const from = (sender: typeof owner, value: bigint, body: Cell = Cell.EMPTY) =>
    track(() => sender.send({ to: address, value, body }))

  return {
    chain,
    owner,
    payee,
    stranger,
    terms,
    address,
    init,
    balanceOf,
    from,
    /** Delivers a message as it is, for what no wallet can send. */
    inject: (message: Omit<Parameters<typeof internal>[0], 'to'>) =>
      track(() => chain.sendMessage(internal({ ...message, to: address }) as Message)),
    balance: () => balanceOf(address),
    deploy: (value = toNano('10'), body: Cell = Cell.EMPTY) =>
      track(() => owner.send({ to: address, value, body, init, bounce: false })),
    state: async (): Promise<EscrowState> => {
      const { stack } = await chain.runGetMethod(address, 'escrow_state')
      const state = parseState(stack.flatMap((item) => (item.type === 'int' ? [item.value] : [])))
      if (!state) throw new Error('not the state of an escrow')
      return state
    },
    requestClose: (sender = owner) => from(sender, toNano('0.02'), requestCloseMessage({ queryId: 7n })),
    finalizeClose: (sender = owner) => from(sender, toNano('0.02'), finalizeCloseMessage({ queryId: 8n })),
    collectWithinCap: (cumulative: bigint, sender = payee) =>
      from(sender, toNano('0.01'), collectWithinCapMessage({ queryId: 9n, cumulative })),
    /** The validators forgot the account, code, data and coins. */
    forget: () => chain.setShardAccount(address, createEmptyShardAccount(address)),
    advance: (seconds: number) => {
      chain.now = (chain.now ?? NOW_S) + seconds
    },
  }
}

/** A voucher's signature by the session key, over this contract's current term, or 1 while it has none. */
export async function signFor(
  world: EscrowWorld,
  cumulative: bigint,
  { key = SESSION, address = world.address, term }: { key?: KeyPair; address?: Address; term?: bigint } = {},
): Promise<Buffer> {
  const voucher = {
    address: address.toRawString(),
    term: term ?? ((await world.state()).term || 1n),
    cumulative: nano(cumulative),
  }
  return sign(Buffer.from(voucherBytes(voucher)), key.secretKey)
}

/** Signs a voucher and brings it to the contract from the payee. */
export async function collect(
  world: EscrowWorld,
  cumulative: bigint,
  how: Parameters<typeof signFor>[2] & { sender?: EscrowWorld['owner']; value?: bigint } = {},
): Promise<Outcome> {
  const signature = await signFor(world, cumulative, how)
  return bring(world, cumulative, signature, how)
}

/** Brings a signature to the contract. */
export function bring(
  world: EscrowWorld,
  cumulative: bigint,
  signature: Buffer,
  { sender = world.payee, value = toNano('0.01') }: { sender?: EscrowWorld['owner']; value?: bigint } = {},
): Promise<Outcome> {
  return world.from(sender, value, collectMessage({ queryId: 5n, cumulative, signature }))
}

/** A body of bits, for operations that nobody defined. */
export function bits(value: bigint, length: number): Cell {
  return beginCell().storeUint(value, length).endCell()
}

/** What validators keep: fees of transactions, and what messages pay on their way. */
export function feesOf(transactions: readonly BlockchainTransaction[]): bigint {
  return transactions.reduce((sum, { totalFees, outMessages }) => {
    const forwarding = outMessages
      .values()
      .reduce((all, { info }) => (info.type === 'internal' ? all + info.forwardFee + info.ihrFee : all), 0n)
    return sum + totalFees.coins + forwarding
  }, 0n)
}

function outcomeOf(
  transactions: readonly BlockchainTransaction[],
  address: Address,
): Omit<Outcome, 'delta' | 'changed'> {
  const own = transactions.find(({ inMessage }) => {
    const info = inMessage?.info
    return info?.type === 'internal' && info.dest.equals(address)
  })
  const description = own?.description.type === 'generic' ? own.description : undefined
  const compute = description?.computePhase.type === 'vm' ? description.computePhase : undefined
  return {
    exitCode: compute?.exitCode,
    actionCode: description?.actionPhase?.resultCode,
    gas: compute?.gasUsed ?? 0n,
    fees: feesOf(transactions),
    sent: (own?.outMessages.values() ?? []).flatMap(({ info, body }) =>
      info.type === 'internal' ? [{ to: info.dest.toRawString(), value: info.value.coins, body }] : [],
    ),
  }
}
