import { expect, test } from 'vitest'
import { createSandboxChain } from '../local/ton/sandbox-chain.ts'
import { MUTANTS } from './mutants.ts'
import { runPayouts } from './run-payouts.ts'
import { type RunReport, runShare } from './share.ts'
import { isSound, sumRuns } from './sum-runs.ts'

const TIMEOUT_MS = 120_000

async function run(options: Parameters<typeof runShare>[0]) {
  const reports: RunReport[] = []
  await runShare(options, (report) => reports.push(report))
  return reports
}

test.each(['wallet-v5', 'highload-v3'] as const)(
  'under crashes, lost replies, dropped, doubled and replayed messages the %s pays everybody once',
  async (wallet) => {
    const reports = await run([1, 2, 3].map((seed) => ({ seed, wallet })))
    expect(reports.filter(({ ok }) => !ok)).toEqual([])
    const sum = sumRuns(reports)
    expect(sum).toMatchObject({ double: 0, lost: 0, stuck: 0, broken: 0, halts: 0 })
    expect(isSound(sum)).toBe(true)
    expect(sum.payouts).toBeGreaterThan(30)
    for (const fault of ['crashes', 'lostReplies', 'drops', 'ambiguous', 'lags'] as const) {
      expect(sum[fault]).toBeGreaterThan(0)
    }
  },
  TIMEOUT_MS,
)

/** Within so many stories each mutant must be caught. */
const STORIES_MAX = 80

test.each(MUTANTS)(
  'the mutant %s pays somebody twice',
  async (mutant) => {
    let [seed, double] = [0, 0]
    while (double === 0 && seed < STORIES_MAX) {
      seed += 1
      double = sumRuns(await run([{ seed, wallet: 'highload-v3', mutant }])).double
    }
    expect(double).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)

test(
  'the same seed tells the same story',
  async () => {
    const tell = async () =>
      runPayouts(await createSandboxChain({ nowS: 1_780_000_000 }), { seed: 5, wallet: 'wallet-v5' })
    expect(await tell()).toEqual(await tell())
  },
  TIMEOUT_MS,
)
