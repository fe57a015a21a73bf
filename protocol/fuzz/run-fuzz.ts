import { parseArgs } from 'node:util'
import { makeAllTargets } from './all-targets.ts'
import { type FuzzReport, HEAP_GROWTH_MAX, runFuzz } from './fuzz.ts'

const HELP = `npm run fuzz [-- options]    changed evidence, requests, answers and documents before every reader of them

  --cases N      how many in all; 1000000 by default
  --seed S       another seed makes other changes; 1 by default
  --seconds T    ends after so many, whatever is left; 3600 by default

  Ends with 1 when a reader threw, took too long, kept memory, or believed what was changed.
`
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3600' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const [cases, seed, seconds] = [Number(values.cases), Number(values.seed), Number(values.seconds)]
if (values.help || ![cases, seed, seconds].every((value) => Number.isSafeInteger(value) && value > 0)) {
  process.stdout.write(HELP)
  process.exit(values.help ? 0 : 1)
}

const report = await runFuzz(await makeAllTargets(), {
  cases,
  seed,
  seconds,
  onProgress: (done, after) => {
    process.stderr.write(`${after.toFixed(0).padStart(5)} s  ${done} of ${cases} cases\n`)
  },
})
for (const { name, cases: count, read, refused, slowestMs } of report.targets)
  process.stdout.write(
    `${name.padEnd(34)} ${String(count).padStart(7)} cases  ${String(refused).padStart(7)} refused  ${String(read).padStart(7)} read  slowest ${slowestMs.toFixed(1)} ms\n`,
  )
for (const { target, kind, what, input } of report.faults)
  process.stderr.write(`${target}: ${kind}: ${what}\n  input (base64url): ${input}\n`)
const hasGrown = report.heapGrowthBytes > HEAP_GROWTH_MAX
process.stdout.write(`${lastLine(report)}\n`)
process.exitCode = report.faults.length > 0 || hasGrown ? 1 : 0

function lastLine({ cases: done, seconds: took, faults, heapGrowthBytes, targets }: FuzzReport): string {
  const slowest = Math.max(...targets.map(({ slowestMs }) => slowestMs))
  const heap = `heap ${heapGrowthBytes < 0 ? '−' : '+'}${Math.abs(heapGrowthBytes / 2 ** 20).toFixed(1)} MiB`
  const grown = hasGrown ? ' (too much)' : ''
  return `${done} cases of ${targets.length} readers in ${took.toFixed(0)} s, seed ${seed}: ${faults.length} faults, slowest case ${slowest.toFixed(1)} ms, ${heap}${grown}.`
}
