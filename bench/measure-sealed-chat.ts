import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Child, startChild } from '../local/child.ts'
import { startNetwork } from '../local/network.ts'
import type { Suite } from '../protocol/src/sealed/suites.ts'
import { MOCK_MODEL, type Pace } from './load-order.ts'
import { type Latency, measureLatency, warmUp } from './measure-load.ts'
import type { Compared } from './targets.ts'

const READY_MS = 30_000
const SLOTS = 64
const WELCOME_NANO = '1000000000000'

/**
 * The same chats in the open and sealed, to one and the same runner in the simulated TEE: the sealed ones through `sharnaqa
 * proxy`, which chooses, seals with either suite, opens and checks.
 */
export async function measureSealedChat(
  stateDir: string,
  plan: { readonly pace: Pace; readonly rounds: number; readonly perRound: number },
): Promise<readonly Latency[]> {
  const stops: (() => Promise<void>)[] = []
  const start = async (name: string, script: string, more: StartMore = {}) => {
    const options = { logFile: join(stateDir, 'logs', `${name}.log`), ...(more.env ? { env: more.env } : {}) }
    const child = await startChild(name, script, more.args ?? [], options)
    stops.push(child.stop)
    return child
  }
  try {
    await mkdir(join(stateDir, 'logs'), { recursive: true, mode: 0o700 })
    const client = await start('sealed-load-client', 'bench/load-client.ts')
    const upstream = await start('sealed-upstream', 'bench/mock-upstream.ts')
    const network = await startNetwork(networkOptions(stateDir, await portOf(upstream)), () => undefined)
    stops.push(network.stop)
    const { api, apiKey, pins, confidentialModel } = network.started
    if (confidentialModel !== MOCK_MODEL) throw new Error('no runner takes sealed chats')
    const origin = new URL(api).origin
    const args = ['proxy', '--api', origin, '--pins', pins, '--allow-simulated', '--port', '0', '--json']
    const openProxy = async (suite: Suite) => {
      const proxy = await start(`sealed-proxy-${suite}`, 'cli/src/main.ts', {
        args: [...args, '--suite', suite, '--state', join(stateDir, `proxy-${suite}`)],
        env: { SHARNAQA_API_KEY: apiKey },
      })
      const { url } = await proxy.next<{ event: string; url: string }>(
        ({ event }) => event === 'proxy-listening',
        READY_MS,
      )
      return target(`sealed with ${suite}, by sharnaqa proxy`, url, { authorization: 'Bearer none' })
    }
    const compared = [
      target('open', api, { authorization: `Bearer ${apiKey}` }),
      await openProxy('x25519'),
      await openProxy('x-wing'),
    ]
    await warmUp({ client, compared }, plan.pace)
    return await measureLatency({ client, compared }, plan)
  } finally {
    for (const stop of stops.toReversed()) await stop()
  }
}

type StartMore = {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

function target(name: string, url: string, headers: Readonly<Record<string, string>>): Compared {
  return { target: { name, url, model: MOCK_MODEL, headers }, pids: [] }
}

function networkOptions(stateDir: string, upstreamPort: number): Parameters<typeof startNetwork>[0] {
  const upstream = ['--engine', 'upstream', '--upstream', `http://127.0.0.1:${upstreamPort}`]
  return {
    port: undefined,
    runners: 0,
    upstream: undefined,
    telegram: 'none',
    ton: 'none',
    reset: false,
    json: true,
    stateDir,
    plans: [],
    teePlans: [{ args: [...upstream, '--slots', String(SLOTS)], env: {}, models: 1 }],
    vars: { WELCOME_CREDIT_NANO: WELCOME_NANO },
  }
}

async function portOf(child: Child): Promise<number> {
  const { port } = await child.next<{ type: string; port: number }>(
    ({ type }) => type === 'listening',
    READY_MS,
  )
  return port
}
