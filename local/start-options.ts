import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { BuildMode } from './build.ts'
import { CONFIDENTIAL_PLAN, type RunnerPlan } from './runner-plans.ts'

export const START_HELP = `npm start [-- options]    a whole Sharnaqa network on this machine

  --port N             port of the coordinator and the Mini App (8787, or a free one)
  --runners N          how many runners serve the bundled models (1)
  --upstream URL       serve this OpenAI-compatible server (Ollama, llama.cpp, vLLM) instead of silkworm
  --upstream-key KEY   its API key
  --upstream-model M   its name of the model; not needed where it serves one
  --no-telegram        without the bot and the local Telegram
  --no-ton             without the local TON: no deposits, no payouts
  --no-simulated-tee   without the runner in a simulated TEE: nobody serves the confidential tier
  --reset              forget everything from earlier starts first
  --json               print one JSON object when everything answers, for programs
  --state DIR          where state is kept (.sharnaqa)

  With BOT_TOKEN set, the real bot runs by long polling; TELEGRAM_API_ROOT points it at another Bot API server.
  With TON_SEED set, the real TON is used: TON_NETWORK (-3 for the test network), TONCENTER_URL, TONCENTER_API_KEY.
`

export type StartOptions = {
  readonly port: number | undefined
  readonly runners: number
  readonly upstream:
    | { readonly url: string; readonly key: string | undefined; readonly model: string | undefined }
    | undefined
  readonly telegram: 'local' | 'real' | 'none'
  /** `real`: with TON_SEED set, the network of TON_NETWORK through TONCENTER_URL. */
  readonly ton: 'local' | 'real' | 'none'
  readonly reset: boolean
  readonly json: boolean
  readonly stateDir: string
  /** Only for programs: runners other than the usual ones. */
  readonly plans?: readonly RunnerPlan[]
  /** Runners in the simulated TEE; none where absent. */
  readonly teePlans?: readonly RunnerPlan[]
  /** Only for programs: which build runs, `local` where absent. */
  readonly build?: BuildMode
  /** Only for programs: where runners reach the coordinator, once it answers at `api`. */
  readonly runnersVia?: (api: string) => Promise<string>
  /** Only for programs: variables of the coordinator, over those of wrangler.toml. */
  readonly vars?: Readonly<Record<string, string>>
}

/** Runners one machine may be asked to start. */
const RUNNERS_MAX = 16

/** Reads the command line. A mistake comes back as a sentence. */
export function readStartOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): { readonly ok: true; readonly options: StartOptions } | { readonly ok: false; readonly sentence: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        runners: { type: 'string', default: '1' },
        upstream: { type: 'string' },
        'upstream-key': { type: 'string' },
        'upstream-model': { type: 'string' },
        'no-telegram': { type: 'boolean', default: false },
        'no-ton': { type: 'boolean', default: false },
        'no-simulated-tee': { type: 'boolean', default: false },
        reset: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        state: { type: 'string', default: join(root, '.sharnaqa') },
      },
    })
    if (values.help) return { ok: false, sentence: START_HELP }
    const port = values.port === undefined ? undefined : readWhole('--port', values.port, 1, 65_535)
    const runners = readWhole('--runners', values.runners, 0, RUNNERS_MAX)
    if (values.upstream !== undefined && !URL.canParse(values.upstream)) {
      return {
        ok: false,
        sentence: `--upstream needs an address like http://127.0.0.1:11434, not ${values.upstream}`,
      }
    }
    return {
      ok: true,
      options: {
        port,
        runners,
        upstream:
          values.upstream === undefined
            ? undefined
            : { url: values.upstream, key: values['upstream-key'], model: values['upstream-model'] },
        telegram: values['no-telegram'] ? 'none' : env.BOT_TOKEN ? 'real' : 'local',
        teePlans: values['no-simulated-tee'] ? [] : [CONFIDENTIAL_PLAN],
        ton: values['no-ton'] ? 'none' : env.TON_SEED ? 'real' : 'local',
        reset: values.reset,
        json: values.json,
        stateDir: values.state,
      },
    }
  } catch (error) {
    return {
      ok: false,
      sentence: `${error instanceof Error ? error.message : 'wrong options'}\n\n${START_HELP}`,
    }
  }
}

function readWhole(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${name} needs a whole number from ${min} to ${max}, not ${text}`)
  }
  return value
}
