import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Child, startChild } from '../local/child.ts'
import { startNetwork } from '../local/network.ts'
import { MOCK_MODEL, type Target } from './load-order.ts'
import { planPortkey } from './portkey.ts'

const READY_MS = 20_000
/** Jobs at once: more than the load ever has, so that none waits for a slot. */
const SLOTS = 64
/** The account must afford every hold of a run, in nano. */
const WELCOME_NANO = '1000000000000'

/** A target, and the processes that stand between its caller and the upstream. */
export type Compared = { readonly target: Target; readonly pids: readonly number[] }

export type Field = {
  readonly client: Child
  readonly upstream: Child
  readonly compared: readonly Compared[]
  /** Sentences on what could not be compared. */
  readonly skipped: readonly string[]
  readonly stop: () => Promise<void>
}

/** Starts the mock upstream, the load client and everything that is compared. Stops what began if one fails. */
export async function startField(options: {
  readonly stateDir: string
  readonly portkey: 'install' | 'if-there'
  readonly say: (step: string) => void
}): Promise<Field> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    return { ...(await startAll(options, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startAll(
  { stateDir, portkey, say }: Parameters<typeof startField>[0],
  stops: (() => Promise<void>)[],
): Promise<Omit<Field, 'stop'>> {
  await mkdir(join(stateDir, 'logs'), { recursive: true, mode: 0o700 })
  const start = async (name: string, script: string, args: readonly string[] = []) => {
    const child = await startChild(name, script, args, { logFile: join(stateDir, 'logs', `${name}.log`) })
    stops.push(child.stop)
    return child
  }
  const client = await start('load-client', 'bench/load-client.ts')
  const upstream = await start('mock-upstream', 'bench/mock-upstream.ts')
  const { port } = await listening(upstream)
  const url = `http://127.0.0.1:${port}/v1`
  const direct = compared('direct', url, {}, [])

  say('Starting the network')
  const network = await startNetwork(networkOptions(stateDir, port), () => undefined)
  stops.push(network.stop)
  const { api, apiKey, pids } = network.started
  const ours = compared('sharnaqa', api, { authorization: `Bearer ${apiKey}` }, [
    pids.coordinator,
    ...pids.runners,
  ])

  say('Starting the pass-through')
  const hono = await start('pass-through', 'bench/pass-through-process.ts')
  hono.process.send({ upstream: url })
  const honoUrl = `http://127.0.0.1:${(await listening(hono)).port}/v1`
  const all = [direct, ours, compared('hono', honoUrl, {}, [hono.pid])]

  const plan = await planPortkey(portkey)
  if (!plan.ok) return { client, upstream, compared: all, skipped: [plan.sentence] }
  say('Starting Portkey')
  const gateway = await start('portkey', plan.script, plan.args)
  const headers = {
    authorization: 'Bearer none',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': url,
  }
  if (!(await answers(`http://127.0.0.1:${plan.port}/v1/health`, gateway))) {
    return { client, upstream, compared: all, skipped: ['Portkey was not compared: it did not start here.'] }
  }
  all.push(compared('portkey', `http://127.0.0.1:${plan.port}/v1`, headers, [gateway.pid]))
  return { client, upstream, compared: all, skipped: [] }
}

function compared(
  name: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  pids: readonly number[],
): Compared {
  return { target: { name, url, model: MOCK_MODEL, headers }, pids }
}

function networkOptions(stateDir: string, upstreamPort: number): Parameters<typeof startNetwork>[0] {
  const args = [
    '--engine',
    'upstream',
    '--upstream',
    `http://127.0.0.1:${upstreamPort}`,
    '--slots',
    String(SLOTS),
  ]
  return {
    port: undefined,
    runners: 1,
    upstream: undefined,
    telegram: 'none',
    ton: 'none',
    reset: false,
    json: true,
    stateDir,
    plans: [{ args, env: {}, models: 1 }],
    vars: { WELCOME_CREDIT_NANO: WELCOME_NANO },
  }
}

function listening(child: Child): Promise<{ readonly port: number }> {
  return child.next<{ type: string; port: number }>(({ type }) => type === 'listening', READY_MS)
}

/** True as soon as anything answers there; false when the program ended, or nothing did in time. */
async function answers(url: string, child: Child): Promise<boolean> {
  let ended = false
  child.onExit(() => {
    ended = true
  })
  const deadlineMs = performance.now() + READY_MS
  while (!ended && performance.now() < deadlineMs) {
    const reply = await fetch(url).catch(() => undefined) // not listening yet
    if (reply) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}
