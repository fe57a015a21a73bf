import { join } from 'node:path'
import OpenAI from 'openai'
import { afterAll } from 'vitest'
import { type Child, startChild } from '../../local/child.ts'
import type { RunnerPlan } from '../../local/runner-plans.ts'
import type { StartOptions } from '../../local/start-options.ts'
import { fakeRunner, setupNetwork, type TestNetwork } from '../setup-network.ts'
import { type Relay, startRelay } from './start-relay.ts'

const READY_MS = 20_000

/** A network whose runners, one of them in a simulated TEE by default, and whose clients go through a relay. */
export async function setupSealed(options: Partial<StartOptions> = {}) {
  let relay: Relay | undefined
  const network = await setupNetwork({
    plans: [],
    teePlans: [fakeRunner()],
    runnersVia: async (api) => {
      relay = await startRelay(api)
      return relay.url
    },
    ...options,
  })
  if (!relay) throw new Error('no runner asked for the relay')
  const { close } = relay
  afterAll(close)
  return { ...network, relay }
}
export type SealedTestNetwork = Awaited<ReturnType<typeof setupSealed>>

/** A fake runner that answers with these words and no others. */
export function wordyRunner(
  words: readonly string[],
  options: Readonly<Record<string, number>> = {},
): RunnerPlan {
  return fakeRunner({ ...options, words: words.join(' ') })
}

/** Starts `sharnaqa proxy` in front of a coordinator, as a developer does, and gives a client of OpenAI's package for it. */
export async function startProxy(
  { started, stateDir }: Pick<TestNetwork, 'started' | 'stateDir'>,
  plan: { readonly via: string; readonly args?: readonly string[]; readonly name?: string },
) {
  const name = plan.name ?? 'proxy'
  const args = [
    'proxy',
    '--api',
    plan.via,
    '--pins',
    started.pins,
    '--allow-simulated',
    '--port',
    '0',
    '--json',
  ]
  const child: Child = await startChild(name, 'cli/src/main.ts', [...args, ...(plan.args ?? [])], {
    env: { SHARNAQA_API_KEY: started.apiKey },
    logFile: join(stateDir, 'logs', `${name}.log`),
  })
  afterAll(child.stop)
  const { url } = await child.next<{ event: string; url: string }>(
    ({ event }) => event === 'proxy-listening',
    READY_MS,
  )
  return { child, url, client: new OpenAI({ baseURL: url, apiKey: 'unused', maxRetries: 0 }) }
}

/** The words of a streamed chat, what it ended with, and what it cost. */
export async function readStream(client: OpenAI, model: string, content: string) {
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: 'user', content }],
    stream: true,
    stream_options: { include_usage: true },
  })
  let text = ''
  let finish: string | null | undefined
  let usage: OpenAI.CompletionUsage | null | undefined
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ''
    finish = chunk.choices[0]?.finish_reason ?? finish
    usage = chunk.usage ?? usage
  }
  return { text, finish, usage }
}
