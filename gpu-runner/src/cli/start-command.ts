import { systemClock } from '../clock.ts'
import { type Config, configSchema, readConfigFile } from '../config/config.ts'
import { DEFAULT_ASK, DEFAULT_MODELS, DEFAULT_STATUS_PORT } from '../config/defaults.ts'
import { readFakeOptions } from '../config/fake-options.ts'
import { openEarnings } from '../earnings/earnings.ts'
import type { Engine } from '../engine/engine.ts'
import { openEngine } from '../engine/open-engine.ts'
import type { RunnerEvent } from '../events.ts'
import { type Identity, openIdentity } from '../identity/identity.ts'
import { linkUrl } from '../link/link-url.ts'
import { openWebSocket } from '../link/web-socket.ts'
import { measureSpeed } from '../serve/measure-speed.ts'
import { type ServedModel, serveModel } from '../serve/serve-model.ts'
import { openDisplay } from '../status/display.ts'
import { createStatusBoard } from '../status/status-board.ts'
import { openStatusServer } from '../status/status-server.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { openSeals } from './open-seals.ts'
import { pairMachine } from './pair-command.ts'
import type { CommandContext } from './run-cli.ts'

/** How long running jobs may take to finish after SIGTERM or Ctrl+C. */
const LEAVE_MS = 60_000

/** Serves models until a signal comes or the network refuses this runner for good. */
export async function startCommand(context: CommandContext): Promise<ExitCode> {
  const { config, dataDir, output } = context
  const coordinator = config.coordinator
  if (!coordinator) {
    output.problem(
      'This machine is not paired yet. Action: sharnaqa-runner start --pair <code> --coordinator https://…',
    )
    return EXIT.usage
  }
  const refused = await pairFirst(context)
  if (refused !== undefined) return refused
  const opened = await openIdentity(dataDir)
  if (!opened.ok) {
    output.problem(opened.sentence)
    return EXIT.usage
  }
  const { identity } = opened
  const earnings = await openEarnings(dataDir)
  const board = createStatusBoard({ clock: systemClock, earnings, runnerId: identity.runnerId })
  const display = openDisplay(output, board)
  const report = (event: RunnerEvent) => {
    board.note(event)
    display.note(event)
  }
  const engines = await openEngines(context, report)
  if (!engines.ok) {
    display.close()
    output.problem(engines.sentence)
    return EXIT.model
  }
  const seals = await openSeals(context, {
    coordinator,
    identity,
    engines: engines.engines.map(({ engine }) => engine),
    report,
  })
  if (!seals.ok) {
    display.close()
    output.problem(seals.sentence)
    return EXIT.usage
  }
  const status = await openStatusServer({ board, dataDir, port: config.statusPort ?? DEFAULT_STATUS_PORT })
  report({ event: 'status-page', url: status.url })
  const served: ServedModel[] = []
  for (const { engine, tokensPerSecond } of engines.engines) {
    const openSocket = socketOpener(coordinator, identity, engine)
    const own = { openSocket, identity, earnings, seals: seals.value, report }
    const deps = { clock: systemClock, random: Math.random, ...own }
    served.push(serveModel(deps, { engine, ask: askOf(config, engine), tokensPerSecond }))
  }
  const exitCode = await untilEnd(served, report)
  seals.value.close()
  await earnings.saved()
  await status.close()
  for (const { engine } of served) await engine.close()
  report({ event: 'runner-stopped', exitCode })
  display.close()
  return exitCode
}

/**
 * `--pair <code>`: joins the account before it serves, so that one command does everything. The same command again, when
 * the code is long spent, starts a machine that was paired before.
 */
async function pairFirst(context: CommandContext): Promise<ExitCode | undefined> {
  const { flags, dataDir, output } = context
  if (typeof flags.pair !== 'string') return undefined
  const before = configSchema.safeParse(await readConfigFile(dataDir)).data?.coordinator
  const paired = await pairMachine(context, flags.pair)
  if (paired.ok) {
    if (output.mode === 'json') {
      output.line(JSON.stringify({ event: 'runner-paired', runnerId: paired.runnerId, name: paired.name }))
    } else output.line(`${paired.name} is paired.`)
    return undefined
  }
  if (paired.exitCode === EXIT.refused && before !== undefined) return undefined
  output.problem(paired.sentence)
  return paired.exitCode
}

type Measured = { readonly engine: Engine; readonly tokensPerSecond: number }

type Engines =
  | { readonly ok: true; readonly engines: readonly Measured[] }
  | { readonly ok: false; readonly sentence: string }

async function openEngines(context: CommandContext, report: (event: RunnerEvent) => void): Promise<Engines> {
  const { dataDir, env } = context
  const config = withEngine(context.config)
  const models = config.models ?? (config.engine === 'onnx' ? DEFAULT_MODELS : [undefined])
  const engines: Measured[] = []
  for (const model of new Set(models)) {
    const startMs = systemClock.nowMs()
    const opened = await openEngine({ dataDir, config, model, fake: readFakeOptions(env) })
    if (!opened.ok) return opened
    const { facts } = opened.engine
    const tokensPerSecond = await measureSpeed(opened.engine).catch(() => undefined)
    if (tokensPerSecond === undefined) {
      return {
        ok: false,
        sentence: `${facts.model} loaded on ${facts.device}, but could not answer a test question.`,
      }
    }
    engines.push({ engine: opened.engine, tokensPerSecond })
    const loadMs = systemClock.nowMs() - startMs
    const { device, slots, note } = facts
    report({ event: 'model-loaded', model: facts.model, device, slots, loadMs, tokensPerSecond, note })
  }
  return { ok: true, engines }
}

/** An upstream's address alone says which engine is meant. */
function withEngine(config: Config): Config {
  return { ...config, engine: config.engine ?? (config.upstreamUrl ? 'upstream' : 'onnx') }
}

function askOf(config: Config, engine: Engine) {
  const usual = DEFAULT_ASK[engine.facts.kind]
  return { input: config.priceInput ?? usual.input, output: config.priceOutput ?? usual.output }
}

function socketOpener(coordinator: string, identity: Identity, engine: Engine) {
  const url = linkUrl(coordinator, identity.runnerId, engine.facts.model)
  if (!url) throw new Error('the coordinator has no address')
  return () => openWebSocket(url)
}

/** Ends when every link has ended, or when the jobs that ran at the first signal have. A second signal ends at once. */
async function untilEnd(
  served: readonly ServedModel[],
  report: (event: RunnerEvent) => void,
): Promise<ExitCode> {
  const asked = Promise.withResolvers<void>()
  const hurry = new AbortController()
  let signals = 0
  const onSignal = () => {
    signals += 1
    if (signals === 1) asked.resolve()
    else hurry.abort()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  const refusals = Promise.all(served.map((model) => model.ended))
  const first = await Promise.race([refusals, asked.promise])
  if (first) return first.some((refused) => refused !== undefined) ? EXIT.refused : EXIT.ok
  report({ event: 'runner-leaving', jobs: served.reduce((sum, model) => sum + model.running(), 0) })
  const takeBack = systemClock.schedule(LEAVE_MS, () => hurry.abort())
  await Promise.all(served.map((model) => model.leave(hurry.signal)))
  takeBack()
  return EXIT.ok
}
