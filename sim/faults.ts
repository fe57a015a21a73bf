import type { Chain, ChainTransaction } from '../worker-coordinator/src/ton/chain.ts'

/** The process died: nothing of it acts any more. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

export type Random = () => number

/** How often things go wrong, 0 to 1. */
export type FaultRates = {
  /** Dies before, or after, each write and each send. */
  readonly crash: number
  /** A write is committed, and its reply is lost. */
  readonly lostReply: number
  /** A question to the database or the chain gets no answer. */
  readonly failRead: number
  /** A message vanishes though the sender hears nothing bad. */
  readonly dropSend: number
  /** A message arrives, and the sender hears an error. */
  readonly ambiguousSend: number
  /** A message arrives twice. */
  readonly duplicateSend: number
  /** The chain's answers begin to show an old moment. */
  readonly lag: number
  /** A list of transactions comes out of order and repeated, or, once in a while, with one missing. */
  readonly disorder: number
}

export const NO_FAULTS: FaultRates = {
  crash: 0,
  lostReply: 0,
  failRead: 0,
  dropSend: 0,
  ambiguousSend: 0,
  duplicateSend: 0,
  lag: 0,
  disorder: 0,
}

export type FaultCounts = Record<
  'crashes' | 'lostReplies' | 'drops' | 'ambiguous' | 'duplicates' | 'lags',
  number
>

export type Faults = {
  rates: FaultRates
  readonly random: Random
  readonly counts: FaultCounts
}

export function createFaults(random: Random, rates: FaultRates): Faults {
  const counts = { crashes: 0, lostReplies: 0, drops: 0, ambiguous: 0, duplicates: 0, lags: 0 }
  return { rates, random, counts }
}

/** One process. After its crash everything that it still tries throws. */
export type Life = { alive: boolean; readonly between: () => Promise<void> }

async function step(faults: Faults, life: Life): Promise<void> {
  if (!life.alive) throw new Crash('dead')
  await life.between()
  if (faults.random() < faults.rates.crash) {
    life.alive = false
    faults.counts.crashes++
    throw new Crash('now')
  }
}

function mayFail(faults: Faults): void {
  if (faults.random() < faults.rates.failRead) throw new Error('no answer')
}

/** The database as a process sees it that can die before and after each write, and never hear that it was done. */
export function faultyD1(d1: D1Database, faults: Faults, life: Life): D1Database {
  const write = async <Value>(run: () => Promise<Value>): Promise<Value> => {
    await step(faults, life)
    mayFail(faults)
    const value = await run()
    await step(faults, life)
    if (faults.random() < faults.rates.lostReply) {
      faults.counts.lostReplies++
      throw new Error('D1_ERROR: Network connection lost.')
    }
    return value
  }
  const read = async <Value>(run: () => Promise<Value>): Promise<Value> => {
    if (!life.alive) throw new Crash('dead')
    mayFail(faults)
    return run()
  }
  const inner = new WeakMap<object, D1PreparedStatement>()
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const made = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      run: () => write(() => statement.run()),
      all: () => read(() => statement.all()),
      raw: () => read(() => statement.raw()),
      first: () => read(() => statement.first()),
    }
    inner.set(made, statement)
    return made as unknown as D1PreparedStatement
  }
  const database = {
    prepare: (sql: string) => wrap(d1.prepare(sql)),
    batch: (batch: readonly D1PreparedStatement[]) =>
      write(() => d1.batch(batch.map((one) => inner.get(one) ?? one))),
  }
  return database as unknown as D1Database
}

/** The chain's truth, as the simulation has it. */
export type TrueChain = {
  readonly address: string
  readonly transactions: () => readonly ChainTransaction[]
  readonly stateAt: (transactions: number) => ReturnType<Chain['readAccount']>
  readonly nowS: () => number
  readonly deliver: (boc: string) => Promise<void>
}

/** Where one reader of the chain is held back to. */
type View = { untilS: number; transactions: number; atS: number }

/**
 * The chain as the coordinator sees it: its nodes fall behind, lose messages, take them and say they did not. With
 * `torn` views each question may be answered by a node of another moment.
 */
export function faultyChain(
  chain: TrueChain,
  faults: Faults,
  { torn, seen }: { readonly torn: boolean; readonly seen: string[] },
): (life: Life) => Chain {
  const { random, counts } = faults
  const views: View[] = Array.from({ length: torn ? 2 : 1 }, () => ({ untilS: 0, transactions: 0, atS: 0 }))
  const viewOf = (): { readonly transactions: number; readonly atS: number } => {
    const now = { transactions: chain.transactions().length, atS: chain.nowS() }
    const view = views[Math.floor(random() * views.length)]
    if (!view || faults.rates.lag === 0) return now
    if (now.atS >= view.untilS && random() < faults.rates.lag) {
      view.untilS = now.atS + 100 + Math.floor(random() * 1000)
      view.transactions = now.transactions
      view.atS = now.atS
      counts.lags++
    }
    return now.atS < view.untilS ? view : now
  }
  const holed = new WeakSet<Life>()
  const disorder = (life: Life, listed: readonly ChainTransaction[]): readonly ChainTransaction[] => {
    const wasWhole = !holed.delete(life)
    if (random() >= faults.rates.disorder) return listed
    const hasHole = wasWhole && listed.length > 1 && random() < 0.5
    if (hasHole) holed.add(life) // a node that is behind catches up by the next question
    const shown = hasHole ? listed.toSpliced(Math.floor(random() * (listed.length - 1)), 1) : listed
    return [...shown, ...shown].toReversed()
  }
  return (life) => {
    const read = <Value>(answer: () => Value): Value => {
      if (!life.alive) throw new Crash('dead')
      mayFail(faults)
      return answer()
    }
    return {
      listTransactions: async (_address, afterLt, limit) =>
        read(() => {
          const seen = chain.transactions().slice(0, viewOf().transactions)
          return disorder(life, seen.filter(({ lt }) => BigInt(lt) > BigInt(afterLt)).slice(0, limit))
        }),
      readAccount: async () => read(() => chain.stateAt(viewOf().transactions)),
      readHead: async () =>
        read(() => {
          const { atS } = viewOf()
          return { seqno: atS, atS }
        }),
      send: async (boc) => {
        await step(faults, life)
        seen.push(boc)
        if (random() < faults.rates.dropSend) {
          counts.drops++
          return
        }
        await chain.deliver(boc)
        if (random() < faults.rates.duplicateSend) {
          counts.duplicates++
          await chain.deliver(boc)
        }
        await step(faults, life)
        if (random() < faults.rates.ambiguousSend) {
          counts.ambiguous++
          throw new Error('timeout')
        }
      },
      runGetMethod: async () => ({ exitCode: 0, numbers: [] }),
    }
  }
}
