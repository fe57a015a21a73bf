import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { seededRandom } from '../src/attestation/seeded-random-fixture.ts'
import { type Bytes, toCanonicalBase64Url } from '../src/bytes.ts'
import type { FuzzTarget, FuzzVerdict } from './fuzz-target.ts'

/** One case may take so much of the processor, ms: the compiler and the collector are let pass by asking three times. */
export const CASE_MS_MAX = 250
const SLOW_TRIES = 3
/** What a million cases may leave behind, bytes. */
export const HEAP_GROWTH_MAX = 48 * 2 ** 20
const FAULTS_MAX = 20
const BLOCK = 500

export type FuzzPlan = {
  readonly cases: number
  readonly seed: number
  /** The run ends after so many, also where cases are left. */
  readonly seconds: number
  readonly onProgress?: (done: number, seconds: number) => void
}

export type FuzzFault = {
  readonly target: string
  readonly kind: 'threw' | 'accepted' | 'slow' | 'sound-refused'
  readonly what: string
  /** The input, base64url. */
  readonly input: string
}

export type FuzzReport = {
  readonly cases: number
  readonly seconds: number
  readonly faults: readonly FuzzFault[]
  readonly heapGrowthBytes: number
  readonly targets: readonly TargetReport[]
}

export type TargetReport = {
  readonly name: string
  readonly cases: number
  readonly read: number
  readonly refused: number
  /** Of the processor. */
  readonly slowestMs: number
}

type Counted = { -readonly [Key in keyof TargetReport]: TargetReport[Key] }

/** Gives each target its share of cases, in turns, and says what went wrong. The same seed gives the same changes. */
export async function runFuzz(targets: readonly FuzzTarget[], plan: FuzzPlan): Promise<FuzzReport> {
  const beganMs = performance.now()
  const faults: FuzzFault[] = []
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0)
  const runs = targets.map((target, at) => ({
    target,
    random: seededRandom(plan.seed * 1000 + at),
    share: Math.ceil((plan.cases * target.weight) / weights),
    counted: { name: target.name, cases: 0, read: 0, refused: 0, slowestMs: 0 } satisfies Counted as Counted,
  }))
  for (const { target } of runs)
    if ((await target.judge(target.sound)) !== 'read') faults.push(notRead(target))
  const heapBefore = heapUsed()
  const seconds = () => (performance.now() - beganMs) / 1000
  const isOver = () => faults.length >= FAULTS_MAX || seconds() >= plan.seconds
  let done = 0
  for (let turn = 1; done < plan.cases && !isOver(); turn += 1) {
    for (const run of runs) {
      const until = Math.min(
        run.share,
        Math.ceil((run.share * turn * BLOCK) / Math.max(plan.cases / 20, BLOCK)),
      )
      for (; run.counted.cases < until && !isOver(); done += 1) {
        const fault = await runCase(run.target, run.target.make(run.random), run.counted)
        if (fault) faults.push(fault)
      }
    }
    plan.onProgress?.(done, seconds())
    if (runs.every(({ share, counted }) => counted.cases >= share)) break
  }
  const heapGrowthBytes = heapUsed() - heapBefore
  return {
    cases: done,
    seconds: seconds(),
    faults,
    heapGrowthBytes,
    targets: runs.map(({ counted }) => counted),
  }
}

async function runCase(target: FuzzTarget, input: Bytes, counted: Counted): Promise<FuzzFault | undefined> {
  counted.cases += 1
  const fault = (kind: FuzzFault['kind'], what: string): FuzzFault => ({
    target: target.name,
    kind,
    what,
    input: toCanonicalBase64Url(input),
  })
  try {
    const first = await timed(target, input)
    let { ms } = first
    for (let tries = 1; ms > CASE_MS_MAX && tries < SLOW_TRIES; tries += 1)
      ms = Math.min(ms, (await timed(target, input)).ms)
    counted.slowestMs = Math.max(counted.slowestMs, ms)
    if (first.verdict === 'accepted') return fault('accepted', 'a changed input was believed')
    counted[first.verdict] += 1
    return ms > CASE_MS_MAX ? fault('slow', `${ms.toFixed(0)} ms`) : undefined
  } catch (error) {
    return fault('threw', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

async function timed(target: FuzzTarget, input: Bytes): Promise<{ verdict: FuzzVerdict; ms: number }> {
  // The processor's time and not the clock's: what else the machine does is not the case's fault.
  const before = process.cpuUsage()
  const verdict = await target.judge(input)
  const { user, system } = process.cpuUsage(before)
  return { verdict, ms: (user + system) / 1000 }
}

function notRead({ name, sound }: FuzzTarget): FuzzFault {
  const what = 'the input that nobody changed is not read'
  return { target: name, kind: 'sound-refused', what, input: toCanonicalBase64Url(sound) }
}

/** Bytes in use after everything that is garbage was collected. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
