import type { Child } from '../local/child.ts'
import { readCpuMs } from './cpu-time.ts'
import { type LoadOrder, type LoadResult, loadResultSchema, type Pace, type Sample } from './load-order.ts'
import { rotate } from './statistics.ts'
import type { Compared, Field } from './targets.ts'

const RESULT_MS = 60_000
/** A pause between two targets, for what one still has to do after its answers, in ms. */
const REST_MS = 150

/** Who asks, and what is asked. */
type Asked = Pick<Field, 'client' | 'compared'>

let orders = 0

async function order(client: Child, wish: Omit<LoadOrder, 'id'>): Promise<LoadResult> {
  orders += 1
  const id = orders
  client.process.send({ ...wish, id } satisfies LoadOrder)
  const message = await client.next((one) => one.type === 'measured' && one.id === id, RESULT_MS)
  const result = loadResultSchema.parse(message)
  await new Promise((resolve) => setTimeout(resolve, REST_MS))
  if (result.failures > 0) {
    throw new Error(
      `${wish.target.name}: ${result.failures} requests failed, the first with ${result.failure}`,
    )
  }
  return result
}

/** Requests of each target that come before anything is counted: a server that has just started compiles its code. */
const COMPILED_AFTER = 500
/** Callers at once while it does. */
const COMPILING_CALLERS = 8

/** Brings every target, the direct one too, to where a server that has been up for a minute is. */
export async function warmUp({ client, compared }: Asked, pace: Pace): Promise<void> {
  const until = { kind: 'requests', warm: 0, count: COMPILED_AFTER } as const
  for (const { target } of compared)
    await order(client, { target, pace, concurrency: COMPILING_CALLERS, until })
}

/** All answers of one target, one after another. */
export type Latency = { readonly name: string; readonly samples: readonly Sample[] }

/** Asks each target in turn, one request at a time, in many short rounds. */
export async function measureLatency(
  { client, compared }: Asked,
  plan: { readonly pace: Pace; readonly rounds: number; readonly perRound: number },
): Promise<readonly Latency[]> {
  const samples = new Map<string, Sample[]>(compared.map(({ target }) => [target.name, []]))
  const until = { kind: 'requests', warm: 3, count: plan.perRound } as const
  for (let round = 0; round < plan.rounds; round++) {
    for (const { target } of rotate(compared, round)) {
      const result = await order(client, { target, pace: plan.pace, concurrency: 1, until })
      samples.get(target.name)?.push(...result.samples)
    }
  }
  return Array.from(samples, ([name, all]) => ({ name, samples: all }))
}

/** One target under load. */
export type Throughput = {
  readonly name: string
  /** Answers per second, one figure a round. */
  readonly rates: readonly number[]
  /** Of `rates`, each divided by the direct one of its round. */
  readonly ratios: readonly number[]
  readonly totalMs: readonly number[]
  /** CPU time between the caller and the upstream, ms per answer; undefined where it is not known. */
  readonly cpuMsPerAnswer: number | undefined
}

/** Asks each target with several requests at once. The first target is the one that others are compared with. */
export async function measureThroughput(
  field: Field,
  plan: {
    readonly pace: Pace
    readonly rounds: number
    readonly concurrency: number
    readonly warmMs: number
    readonly countMs: number
  },
): Promise<readonly Throughput[]> {
  const { pace, concurrency, warmMs, countMs } = plan
  const until = { kind: 'time', warmMs, countMs } as const
  const rows = new Map(
    field.compared.map((one) => [one.target.name, { rates: [], totalMs: [], cpu: [] } as Row]),
  )
  for (let round = 0; round < plan.rounds; round++) {
    for (const one of rotate(field.compared, round)) {
      const before = await readCpuMs(one.pids)
      const result = await order(field.client, { target: one.target, pace, concurrency, until })
      const row = rows.get(one.target.name)
      row?.rates.push(result.answersPerSecond)
      row?.totalMs.push(...result.samples.map(({ totalMs }) => totalMs))
      row?.cpu.push(await cpuPerAnswer(one, before, result.answersPerSecond * ((warmMs + countMs) / 1000)))
    }
  }
  const base = rows.values().next().value?.rates ?? []
  return Array.from(rows, ([name, { rates, totalMs, cpu }]) => ({
    name,
    rates,
    ratios: rates.map((rate, round) => rate / (base[round] ?? Number.NaN)),
    totalMs,
    cpuMsPerAnswer: mean(cpu.filter((ms) => ms !== undefined)),
  }))
}

type Row = { rates: number[]; totalMs: number[]; cpu: (number | undefined)[] }

async function cpuPerAnswer(
  { pids }: Compared,
  before: number | undefined,
  answers: number,
): Promise<number | undefined> {
  const after = await readCpuMs(pids)
  return before === undefined || after === undefined || pids.length === 0
    ? undefined
    : (after - before) / Math.max(1, answers)
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}
