import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { MUTANTS } from './mutants.ts'
import type { RunReport } from './share.ts'
import { isSound, type Sum, sumRuns } from './sum-runs.ts'
import type { WorldOptions } from './world.ts'

const USAGE = `node sim/payouts.ts [--runs 1000] [--seed 1] [--mutant-runs 25] [--workers 2]

Pays people by the real algorithm, the real SQL and a TON network in this process, while everything goes wrong: crashes at
every write and every send, lost replies, dropped, doubled and replayed messages, nodes that lag, a replaced instance that
goes on, frozen payouts, too few coins. Then everything works again. Nobody may be paid twice, nobody's coins may be lost,
nothing may hang. Each mutant changes one thing, and must be caught paying twice.`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    'mutant-runs': { type: 'string', default: '25' },
    workers: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}

const count = (name: 'runs' | 'seed' | 'mutant-runs' | 'workers'): number => {
  const value = Number(values[name])
  if (!Number.isSafeInteger(value) || value < 0) {
    console.error(`--${name} must be a whole number.\n\n${USAGE}`)
    process.exit(2)
  }
  return value
}
const [runs, seed, mutantRuns, workers] = [
  count('runs'),
  count('seed'),
  count('mutant-runs'),
  count('workers'),
]
const seedsFrom = (length: number) => Array.from({ length }, (_, index) => seed + index)

const real = seedsFrom(runs).map(
  (one): WorldOptions => ({ seed: one, wallet: one % 4 === 0 ? 'highload-v3' : 'wallet-v5' }),
)
const mutants = MUTANTS.flatMap((mutant) =>
  seedsFrom(mutantRuns).map((one): WorldOptions => ({ seed: one, wallet: 'highload-v3', mutant })),
)
const startedMs = performance.now()
const reports = await runAll([...real, ...mutants])
const ofReal = reports.filter(({ options }) => options.mutant === undefined)

for (const report of ofReal) {
  if (!report.ok) console.log(`seed ${report.options.seed} (${report.options.wallet}) broke: ${report.error}`)
  else if (!isSound(sumRuns([report])))
    console.log(`seed ${report.options.seed} (${report.options.wallet}): ${JSON.stringify(report.result)}`)
}
const sums = (['wallet-v5', 'highload-v3'] as const).map(
  (wallet) => [wallet, sumRuns(ofReal.filter(({ options }) => options.wallet === wallet))] as const,
)
for (const [wallet, sum] of sums) {
  console.log(`\n${wallet}: ${sum.runs} runs, ${sum.payouts} payouts`)
  console.log(
    `  ${sum.crashes} crashes, ${sum.lostReplies} lost replies, ${sum.drops} messages dropped, ${sum.ambiguous} unanswered, ${sum.duplicates} doubled`,
  )
  console.log(
    `  ${sum.lags} times a node fell behind, ${sum.zombies} rounds of replaced instances, ${sum.replays} kept messages ran late`,
  )
  console.log(`  ${outcome(sum)}`)
}
console.log('\nmutants (each must pay twice)')
const caught = MUTANTS.map((mutant) => {
  const sum = sumRuns(reports.filter(({ options }) => options.mutant === mutant))
  const isCaught = mutantRuns === 0 || sum.double > 0
  console.log(`  ${mutant.padEnd(20)} ${outcome(sum)}, of ${sum.payouts}${isCaught ? '' : '   NOT CAUGHT'}`)
  return isCaught
})
console.log(`\nseeds ${seed} to ${seed + runs - 1}, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
process.exit(sums.every(([, sum]) => isSound(sum)) && caught.every(Boolean) ? 0 : 1)

function outcome({ double, lost, stuck, broken, halts }: Sum): string {
  const more = broken + halts > 0 ? `, ${broken} runs broke, ${halts} halts` : ''
  return `${double} double, ${lost} lost, ${stuck} stuck${more}`
}

/** Deals the runs out to threads. Each seed tells its story on its own, whichever thread tells it. */
async function runAll(all: readonly WorldOptions[]): Promise<readonly RunReport[]> {
  const done: RunReport[] = []
  const threads = Math.max(1, Math.min(workers, all.length))
  await Promise.all(
    Array.from({ length: threads }, async (_, thread) => {
      const share = all.filter((_run, index) => index % threads === thread)
      const worker = new Worker(join(import.meta.dirname, 'share.ts'), {
        workerData: share,
        execArgv: ['--disable-warning=ExperimentalWarning'],
      })
      const ended = Promise.withResolvers<void>()
      worker.on('message', (report: RunReport) => {
        done.push(report)
        if (process.stderr.isTTY) process.stderr.write(`\r${done.length} of ${all.length} runs`)
      })
      worker.once('error', ended.reject)
      worker.once('exit', () => ended.resolve())
      await ended.promise
    }),
  )
  if (process.stderr.isTTY) process.stderr.write('\r')
  if (done.length !== all.length) throw new Error(`${all.length - done.length} runs did not report`)
  return done
}
