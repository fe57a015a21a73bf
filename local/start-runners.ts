import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startChild } from './child.ts'
import { logIn } from './coordinator-client.ts'
import { type Kept, keepRunning } from './keep-running.ts'
import { planRunners, type RunnerPlan } from './runner-plans.ts'
import type { StartOptions } from './start-options.ts'
import { logOf } from './state-folder.ts'

const READY_MS = 60_000
const RUNNER = 'gpu-runner/src/main.ts'

type RunnersOrder = {
  readonly options: StartOptions
  readonly api: string
  readonly botToken: string
  /** The simulated TEE's keys; undefined without one. */
  readonly teeFile: string | undefined
}

/** Pairs and starts the runners, those in the simulated TEE last. Each one is started again when it ends. */
export async function startRunners({
  options,
  api,
  botToken,
  teeFile,
}: RunnersOrder): Promise<readonly Kept[]> {
  const person = await logIn(api, botToken)
  const coordinator = (await options.runnersVia?.(api)) ?? api
  const named = planRunners(options).map((plan, index) => ({ plan, name: `runner-${index + 1}` }))
  const inTee = (teeFile === undefined ? [] : (options.teePlans ?? [])).map((plan, index) => ({
    plan: { ...plan, args: [...plan.args, '--tee', 'simulated', '--simulated-tee', teeFile ?? ''] },
    name: `tee-runner-${index + 1}`,
  }))
  return Promise.all(
    [...named, ...inTee].map(async ({ plan, name }) => {
      const dataDir = join(options.stateDir, name)
      const logFile = logOf(options.stateDir, name)
      const common = ['--coordinator', coordinator, '--data-dir', dataDir, '--json']
      if (!existsSync(join(dataDir, 'config.json'))) {
        const args = ['pair', await person.createPairingCode(), '--name', name, ...common]
        const pair = await startChild(name, RUNNER, args, { logFile })
        const how = await new Promise<string>((resolve) => pair.onExit(resolve))
        if (how !== 'code 0') throw new Error(`${name} could not pair. Its log is ${logFile}`)
      }
      return keepRunning(() => serve(name, logFile, common, plan))
    }),
  )
}

async function serve(name: string, logFile: string, common: readonly string[], plan: RunnerPlan) {
  const args = ['start', ...common, '--status-port', '0', ...plan.args]
  const child = await startChild(name, RUNNER, args, { logFile, env: plan.env })
  for (let online = 0; online < plan.models; online++) {
    await child.next(({ event }) => event === 'runner-online', READY_MS)
  }
  return child
}
