import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildMiniapp, buildWorker, miniappFolder } from './build.ts'
import { type Child, startChild } from './child.ts'
import { isKeyGood, listServedModels, logIn } from './coordinator-client.ts'
import { findFreePort, isPortFree } from './free-port.ts'
import { keepRunning } from './keep-running.ts'
import { findConfidentialModel } from './sealed/find-confidential-model.ts'
import { LOCAL_PINS } from './sealed/local-policy.ts'
import { startSimulatedTee } from './sealed/start-simulated-tee.ts'
import { readSecrets, type Secrets, writeSecrets } from './secrets.ts'
import { StartError } from './start-error.ts'
import type { StartOptions } from './start-options.ts'
import { startRunners } from './start-runners.ts'
import { logOf, pinsFileOf, startedFileOf } from './state-folder.ts'
import { lockState } from './state-lock.ts'
import { startTelegram, type TelegramHandle } from './telegram/start-telegram.ts'
import { type LocalTon, startLocalTon } from './ton/start-local-ton.ts'

const READY_MS = 60_000
const LOCAL_PORT = 8787
const TELEGRAM_PORT = 8081
const TON_PORT = 8082

/** What a program needs to use the network: `.sharnaqa/started.json`. */
export type Started = {
  readonly api: string
  readonly apiKey: string
  readonly miniapp: string
  readonly telegram: string | undefined
  /** The local TON's explorer; undefined without one. */
  readonly ton: string | undefined
  readonly models: readonly string[]
  /** Whose policies clients of this network believe: for `sharnaqa proxy --pins`. */
  readonly pins: string
  /** The model of the runner in the simulated TEE; undefined without one. */
  readonly confidentialModel: string | undefined
  readonly pids: {
    readonly coordinator: number
    readonly runners: readonly number[]
    readonly bot: number | undefined
  }
}

export type Network = { readonly started: Started; readonly stop: () => Promise<void> }

type Say = (step: string) => void

/** Starts a whole network: coordinator and database, runners, the bot, the local Telegram. Stops what began if one fails. */
export async function startNetwork(options: StartOptions, say: Say): Promise<Network> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    return { started: await startAll(options, say, stops), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startAll(options: StartOptions, say: Say, stops: (() => Promise<void>)[]): Promise<Started> {
  const { stateDir } = options
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  stops.push(await lockState(stateDir))
  if (options.reset) await forget(stateDir)
  await mkdir(join(stateDir, 'logs'), { recursive: true, mode: 0o700 })
  const secrets = await readSecrets(stateDir)
  const port = await choosePort(options.port)
  const api = `http://127.0.0.1:${port}`
  const botToken = options.telegram === 'real' ? (process.env.BOT_TOKEN ?? '') : secrets.localBotToken

  say('Building the coordinator and the Mini App')
  const mode = options.build ?? 'local'
  const [bundle] = await Promise.all([buildWorker(join(stateDir, 'bundle'), mode), buildMiniapp(mode)])

  let telegram: TelegramHandle | undefined
  if (options.telegram === 'local') {
    say('Starting the local Telegram')
    telegram = await startTelegram({
      port: options.port === undefined ? await findFreePort(TELEGRAM_PORT) : 0,
      token: botToken,
      stateFile: join(stateDir, 'telegram.json'),
      miniappUrl: api,
    })
    stops.push(telegram.close)
  }
  let ton: LocalTon | undefined
  if (options.ton === 'local') {
    say('Starting the local TON')
    ton = await startLocalTon({
      port: options.port === undefined ? await findFreePort(TON_PORT) : 0,
      stateFile: join(stateDir, 'ton.json'),
      hotSeed: secrets.tonSeed,
    })
    stops.push(ton.close)
  }
  const telegramRoot = telegram?.url ?? process.env.TELEGRAM_API_ROOT ?? 'https://api.telegram.org'

  say('Starting the coordinator and its database')
  const vars = {
    SESSION_KEY: secrets.sessionKey,
    BOT_TOKEN: botToken,
    TELEGRAM_WEBHOOK_SECRET: secrets.webhookSecret,
    TELEGRAM_API_ROOT: telegramRoot,
    PUBLIC_URL: api,
    ...(ton?.vars ?? (options.ton === 'real' ? readTonEnv(process.env) : {})),
    ...options.vars,
  }
  const coordinator = keepRunning(async () =>
    startCoordinator({ port, stateDir, bundle, miniapp: miniappFolder(mode), vars }),
  )
  stops.push(() => rm(startedFileOf(stateDir), { force: true }))
  stops.push(coordinator.stop)
  const first = await coordinator.first

  say('Logging in')
  const apiKey = await readApiKey(api, botToken, stateDir, secrets)
  await writeFile(pinsFileOf(stateDir), `${JSON.stringify(LOCAL_PINS, null, 2)}\n`)
  const hasTee = (options.teePlans ?? []).length > 0
  if (hasTee) say('Making a simulated TEE, and publishing the policy that takes it')
  const tee = hasTee ? await startSimulatedTee(api, stateDir) : undefined
  if (tee) stops.push(tee.stop)
  say('Starting the runners: loading and checking the models')
  const runners = await startRunners({ options, api, botToken, teeFile: tee?.file })
  stops.push(...runners.map(({ stop }) => stop))
  const children = await Promise.all(runners.map((runner) => runner.first))
  const served = (await listServedModels(api)).map(({ id }) => id)
  const confidentialModel = tee && (await findConfidentialModel(api, apiKey, served))

  if (options.telegram !== 'none') say('Starting the bot')
  const bot =
    options.telegram === 'none'
      ? undefined
      : startBot(stateDir, {
          BOT_TOKEN: botToken,
          TELEGRAM_API_ROOT: telegramRoot,
          COORDINATOR_URL: api,
          TELEGRAM_WEBHOOK_SECRET: secrets.webhookSecret,
          PUBLIC_URL: api,
        })
  if (bot) stops.push(bot.stop)
  const botChild = await bot?.first
  const write = async () => {
    const started: Started = {
      api: `${api}/v1`,
      apiKey,
      miniapp: api,
      telegram: telegram?.url,
      ton: ton?.url,
      models: (await listServedModels(api)).map(({ id }) => id),
      pins: pinsFileOf(stateDir),
      confidentialModel,
      pids: {
        coordinator: coordinator.pid() ?? first.pid,
        runners: runners.map(({ pid }, index) => pid() ?? children[index]?.pid ?? 0),
        bot: bot ? (bot.pid() ?? botChild?.pid) : undefined,
      },
    }
    await writeFile(startedFileOf(stateDir), `${JSON.stringify(started, null, 2)}\n`, { mode: 0o600 })
    return started
  }
  for (const one of [coordinator, ...runners, ...(bot ? [bot] : [])]) {
    one.onRestart(() => void write().catch(() => undefined)) // the next restart writes it again
  }
  return write()
}

function startBot(stateDir: string, env: Readonly<Record<string, string>>) {
  return keepRunning(async () => {
    const child = await startChild('bot', 'bot/src/main.ts', ['--json'], {
      env,
      logFile: logOf(stateDir, 'bot'),
    })
    await child.next(({ event }) => event === 'bot-listening', READY_MS)
    return child
  })
}

const TON_ENV = ['TON_SEED', 'TON_NETWORK', 'TONCENTER_URL', 'TONCENTER_API_KEY']

function readTonEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(TON_ENV.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}

/** A port that was asked for must be free; the usual one gives way to another. */
async function choosePort(asked: number | undefined): Promise<number> {
  if (asked === undefined) return findFreePort(LOCAL_PORT)
  if (await isPortFree(asked)) return asked
  throw new StartError(`Port ${asked} is taken. Choose another with --port, or leave it out.`)
}

/** Removes everything of earlier starts but the lock. */
async function forget(stateDir: string): Promise<void> {
  for (const name of await readdir(stateDir)) {
    if (name !== 'lock') await rm(join(stateDir, name), { recursive: true, force: true })
  }
}

async function startCoordinator(order: {
  port: number
  stateDir: string
  bundle: string
  miniapp: string
  vars: Readonly<Record<string, string>>
}): Promise<Child> {
  const child = await startChild('coordinator', 'local/coordinator-process.ts', [], {
    logFile: logOf(order.stateDir, 'coordinator'),
  })
  child.process.send(order)
  await child.next(({ type }) => type === 'ready', READY_MS)
  return child
}

async function readApiKey(
  api: string,
  botToken: string,
  stateDir: string,
  secrets: Secrets,
): Promise<string> {
  if (secrets.apiKey !== undefined && (await isKeyGood(api, secrets.apiKey))) return secrets.apiKey
  const apiKey = await (await logIn(api, botToken)).createApiKey('this machine')
  await writeSecrets(stateDir, { ...secrets, apiKey })
  return apiKey
}
