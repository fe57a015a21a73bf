import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { brokenSentences, judge } from './bounds.ts'
import { measureBundledModel } from './bundled-model.ts'
import { measureDispatchChoice } from './dispatch-choice.ts'
import type { Pace, Sample } from './load-order.ts'
import { describeMachine } from './machine.ts'
import { type Latency, measureLatency, measureThroughput, type Throughput, warmUp } from './measure-load.ts'
import { measurePage } from './measure-page.ts'
import { type MeasuredSealed, measureSealed } from './measure-sealed.ts'
import { measureSealedChat } from './measure-sealed-chat.ts'
import { type Figures, toText, writeFigures } from './report.ts'
import { median, percentile } from './statistics.ts'
import { type Field, startField } from './targets.ts'

const HELP = `npm run bench [-- options]    what Sharnaqa adds to an upstream, on this machine

  --quick       fewer rounds, and docs/benchmarks.md stays as it is
  --portkey     install Portkey's gateway in a temporary folder and compare it too
  --no-write    docs/benchmarks.md stays as it is

  Ends with 1 when a figure is worse than what was promised.
`

/** A server that is quick to begin, as one with a GPU is. The bounds hold for it. */
const QUICK_TO_BEGIN: Pace = { tokens: 8, firstMs: 20, everyMs: 0 }
/** No server is like this: it shows the whole path, with nothing to hide behind. */
const NO_DELAY_SHORT: Pace = { tokens: 8, firstMs: 0, everyMs: 0 }
/** 100 tokens a second on each of 16 streams. The bound holds for it. */
const FAST: Pace = { tokens: 64, firstMs: 20, everyMs: 10 }
const NO_DELAY: Pace = { tokens: 64, firstMs: 0, everyMs: 0 }

const CALLERS = 16
const FULL = { latencyRounds: 12, perRound: 20, loadRounds: 3, warmMs: 700, countMs: 2_500, choiceRounds: 60 }
const QUICK = { latencyRounds: 4, perRound: 15, loadRounds: 1, warmMs: 700, countMs: 2_000, choiceRounds: 20 }
/** The whole run ends after this, whatever hangs. */
const RUN_MAX_MS = 480_000

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    portkey: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const beganMs = performance.now()
const say = (step: string) => {
  const seconds = ((performance.now() - beganMs) / 1000).toFixed(0)
  process.stderr.write(`${styleText('dim', `${seconds.padStart(4)} s  ${step}`)}\n`)
}
setTimeout(() => {
  process.stderr.write(`The bench did not end in ${RUN_MAX_MS / 1000} s and was stopped.\n`)
  process.exit(1)
}, RUN_MAX_MS).unref()

const stateDir = await mkdtemp(join(tmpdir(), 'sharnaqa-bench-'))
try {
  const figures = await measure()
  process.stdout.write(`${toText(figures)}\n\n`)
  for (const sentence of figures.skipped) process.stdout.write(`${sentence}\n`)
  if (!values.quick && !values['no-write']) await writeFigures(figures)
  const broken = brokenSentences(figures.verdicts)
  for (const sentence of broken) process.stdout.write(`${styleText('red', sentence)}\n`)
  process.exitCode = broken.length > 0 ? 1 : 0
} finally {
  await rm(stateDir, { recursive: true, force: true })
}
process.exit()

async function measure(): Promise<Figures> {
  const plan = values.quick ? QUICK : FULL
  const machine = await describeMachine()
  const field = await startField({ stateDir, portkey: values.portkey ? 'install' : 'if-there', say })
  try {
    const latency = await measureLatencies(field, plan)
    const throughput = await measureThroughputs(field, plan)
    say('A choice among runners')
    const dispatch = measureDispatchChoice(plan.choiceRounds)
    say('The bundled model')
    const model = await measureBundledModel(stateDir)
    const { sealed, sealedChat } = await measureSealing(plan)
    say('The Mini App')
    const page = await measurePage(join(stateDir, 'page'))
    const verdicts = judge({
      addedP50: added(latency[0]?.rows ?? [], 0.5),
      addedP95: added(latency[0]?.rows ?? [], 0.95),
      throughput: ratioOf(throughput[0]?.rows ?? []),
      dispatch: dispatch.ratio,
      memory: model.memoryMb,
      ...valuesOfSealing(sealed),
      addedSealed: added(sealedChat.rows, 0.5),
      ...(page ? { firstUsefulPaint: page.firstUsefulPaintMs } : {}),
    })
    const command = ['npm run bench', ...(values.portkey ? ['--portkey'] : [])].join(' -- ')
    const skipped = page ? field.skipped : [...field.skipped, 'The Mini App was left out: no Chromium here.']
    return {
      machine,
      command,
      latency,
      throughput,
      dispatch,
      model,
      page,
      sealed,
      sealedChat,
      verdicts,
      skipped,
    }
  } finally {
    await field.stop()
  }
}

async function measureSealing({ latencyRounds: rounds, perRound }: typeof FULL | typeof QUICK) {
  say('Sealing, opening and verifying')
  const sealed = await measureSealed()
  say('Chats in the open and sealed')
  const chats = { pace: QUICK_TO_BEGIN, rounds, perRound }
  const rows = await measureSealedChat(join(stateDir, 'sealed'), chats)
  return { sealed, sealedChat: { pace: QUICK_TO_BEGIN, rows } }
}

/** The bounds hold in workerd, where the bot and the edge seal and the coordinator verifies. */
function valuesOfSealing({ times, codeKb }: MeasuredSealed) {
  const inWorkerd = times.find(({ runtime }) => runtime === 'workerd')
  const inPage = times.find(({ runtime }) => runtime === 'Chromium')
  return {
    verify: inWorkerd?.verifyMs ?? Number.NaN,
    ...(inPage ? { verifyInPage: inPage.verifyMs } : {}),
    sealX25519: inWorkerd?.sealX25519Ms ?? Number.NaN,
    sealXWing: inWorkerd?.sealXWingMs ?? Number.NaN,
    chunk: inWorkerd?.chunkUs ?? Number.NaN,
    sealedCode: codeKb,
  }
}

async function measureLatencies(
  field: Field,
  { latencyRounds: rounds, perRound }: typeof FULL | typeof QUICK,
) {
  say('Warming up')
  await warmUp(field, NO_DELAY_SHORT)
  say('One caller')
  const quick = await measureLatency(field, { pace: QUICK_TO_BEGIN, rounds, perRound })
  const instant = await measureLatency(field, { pace: NO_DELAY_SHORT, rounds, perRound })
  return [
    { pace: QUICK_TO_BEGIN, rows: quick },
    { pace: NO_DELAY_SHORT, rows: instant },
  ]
}

async function measureThroughputs(
  field: Field,
  { loadRounds: rounds, warmMs, countMs }: typeof FULL | typeof QUICK,
) {
  const load = { rounds, warmMs, countMs, concurrency: CALLERS }
  say(`${CALLERS} callers`)
  const fast = await measureThroughput(field, { ...load, pace: FAST })
  const instant = await measureThroughput(field, { ...load, pace: NO_DELAY, countMs: countMs / 2 })
  return [
    { pace: FAST, rows: fast },
    { pace: NO_DELAY, rows: instant },
  ]
}

function added(rows: readonly Latency[], share: number): number {
  const at = (samples: readonly Sample[]) =>
    percentile(
      samples.map(({ firstMs }) => firstMs),
      share,
    )
  const [direct, ours] = rows
  return direct && ours ? at(ours.samples) - at(direct.samples) : Number.NaN
}

function ratioOf(rows: readonly Throughput[]): number {
  return median(rows[1]?.ratios ?? [])
}
