import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { buildMiniapp, buildWorker } from './build.ts'

const root = join(import.meta.dirname, '..')
const report = join(root, '.sharnaqa/test-report.json')
const reportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
  success: z.boolean(),
})

// Every test: what is pure, what runs in workerd, and whole stories. Arguments go to Vitest.
await mkdir(join(root, '.sharnaqa'), { recursive: true })
await rm(report, { force: true })
await Promise.all([buildBoth(), buildWorker(join(root, '.sharnaqa/bundle'))])
const code = await runVitest()
const counted = await readFile(report, 'utf8').then(
  (text) => reportSchema.parse(JSON.parse(text)),
  () => undefined, // Vitest ended before it counted
)
if (!counted) {
  process.stdout.write('0 passed, 1 failed\n')
  process.exit(1)
}
// A file that could not be loaded has no tests that failed, but it failed.
const failed = counted.success
  ? counted.numFailedTests
  : Math.max(1, counted.numFailedTests, counted.numFailedTestSuites)
process.stdout.write(`\n${counted.numPassedTests} passed, ${failed} failed\n`)
process.exit(failed > 0 ? 1 : code)

/** One after the other: they share their settings. */
async function buildBoth(): Promise<void> {
  await buildMiniapp()
  await buildMiniapp('local')
}

function runVitest(): Promise<number> {
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ]
  const vitest = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  return new Promise((resolve) => vitest.once('exit', (status) => resolve(status ?? 1)))
}
