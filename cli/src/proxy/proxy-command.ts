import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRunnerChooser } from '../../../protocol/src/sealed-client/choose-runners.ts'
import { createHttpNetwork } from '../../../protocol/src/sealed-client/http-network.ts'
import { randomBelow } from '../../../protocol/src/sealed-client/random-below.ts'
import { rememberNetwork } from '../../../protocol/src/sealed-client/remember-network.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { readApiAddress, readApiKey } from '../network/api-address.ts'
import { createCoordinatorApi } from '../network/coordinator-api.ts'
import type { CommandContext } from '../run-cli.ts'
import { openTrust } from '../trust/open-trust.ts'
import { createModelLister } from './list-models.ts'
import type { ProxyDeps } from './proxy-deps.ts'
import { type ProxyOptions, readProxyOptions } from './proxy-options.ts'
import { startProxyServer } from './proxy-server.ts'
import { requestEvent, requestLine } from './request-line.ts'
import { startScreen, startWarning } from './start-screen.ts'
import { verifyOnly } from './verify-only.ts'

/** How often in a row a connection that broke is opened again. */
const REOPENS = 5
/** Below what clients and proxies wait for headers, ms. */
const HEADERS_WAIT_MS = 20_000
const STOP_WAIT_MS = 5_000

/** `proxy`: serves OpenAI's API on this machine until it is ended, and seals every chat. */
export async function proxyCommand(context: CommandContext): Promise<ExitCode> {
  const { flags, output } = context
  const opened = await open(context)
  if (!opened.ok) {
    output.problem(opened.sentence)
    return EXIT.usage
  }
  const { deps, options, trust, origin } = opened
  const model = flags['verify-only']
  if (model !== undefined) {
    const { network, nowMs } = deps.asking
    const manifestDigest = options.manifests.get(model)
    return verifyOnly({ network, trust, nowMs, output }, { model, tier: options.tier, manifestDigest })
  }
  const started = await startProxyServer(deps, options.port)
  if (!started.ok) {
    output.problem(`Port ${options.port} cannot be listened on. Action: end what uses it, or choose --port`)
    return EXIT.usage
  }
  const url = `http://127.0.0.1:${started.server.port}/v1`
  const { tier } = options
  const warning = startWarning({ tier, trust })
  if (warning !== undefined) output.problem(warning)
  if (output.isJson)
    output.event({ event: 'proxy-listening', url, tier, simulated: trust.simulation === 'allowed' })
  else output.line(startScreen({ url, origin, tier, trust, manifests: options.manifests.size }))
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await started.server.close()
  return EXIT.ok
}

async function open(context: CommandContext) {
  const options = readProxyOptions(context.flags)
  if (!options.ok) return options
  const address = readApiAddress(context)
  if (!address.ok) return address
  const key = readApiKey(context)
  if (key === undefined) {
    const sentence = 'There is no API key. Action: set SHARNAQA_API_KEY, or add --key sk-…'
    return { ok: false, sentence } as const
  }
  const trust = await openTrust(context, address.origin)
  if (!trust.ok) return trust
  const api = { origin: address.origin, key }
  const deps = makeDeps(context, options.options, { api, trust: trust.trust })
  return { ok: true, deps, options: options.options, trust: trust.trust, origin: address.origin } as const
}

function makeDeps(
  { output }: CommandContext,
  { tier, manifests }: ProxyOptions,
  { api, trust }: Pick<ProxyDeps['asking'], 'trust'> & { readonly api: { origin: string; key: string } },
): ProxyDeps {
  const fetchApi = createCoordinatorApi(api)
  const network = rememberNetwork(createHttpNetwork(fetchApi), Date.now)
  const nowMs = Date.now
  const asking = {
    network,
    trust,
    chooseRunners: createRunnerChooser({ network, trust, nowMs, random: randomBelow }),
    nowMs,
    sleep: async (ms: number, signal: AbortSignal) => {
      await sleep(ms, undefined, { signal }).catch(() => undefined) // the caller hung up
    },
    reopens: REOPENS,
  }
  return {
    asking,
    tier,
    manifests,
    listModels: createModelLister({ fetchApi, network, tier, confirmed: trust.confirmed, nowMs }),
    stopJob: async (jobId) => {
      const path = `/v1/jobs/${encodeURIComponent(jobId)}/stop`
      await fetchApi(path, { method: 'POST', signal: AbortSignal.timeout(STOP_WAIT_MS) })
    },
    newKey: () => crypto.randomUUID(),
    noteRequest: (note) =>
      output.isJson ? output.event(requestEvent(note)) : output.line(requestLine(note, new Date())),
    headersWaitMs: HEADERS_WAIT_MS,
  }
}
