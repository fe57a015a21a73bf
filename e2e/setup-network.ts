import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { afterAll } from 'vitest'
import { findFreePort } from '../local/free-port.ts'
import { startNetwork } from '../local/network.ts'
import type { RunnerPlan } from '../local/runner-plans.ts'
import type { StartOptions } from '../local/start-options.ts'
import type { Receipt } from '../protocol/src/receipt.ts'

/** Starts a network of real parts in a folder of its own, and ends it with the test file. */
export async function setupNetwork(options: Partial<StartOptions> = {}) {
  const stateDir = await mkdtemp(join(tmpdir(), 'sharnaqa-e2e-'))
  const network = await startNetwork(
    {
      port: await findFreePort(0),
      runners: 1,
      upstream: undefined,
      telegram: 'none',
      ton: 'none',
      reset: false,
      json: true,
      stateDir,
      ...options,
    },
    () => undefined,
  )
  afterAll(async () => {
    await network.stop()
    await rm(stateDir, { recursive: true, force: true, maxRetries: 3 })
  })
  const { api, apiKey } = network.started
  return { ...network, stateDir, client: new OpenAI({ baseURL: api, apiKey, maxRetries: 0 }) }
}
export type TestNetwork = Awaited<ReturnType<typeof setupNetwork>>

/** A runner whose engine is the fake one, behaving as told. */
export function fakeRunner(options: Readonly<Record<string, string | number>> = {}, slots = 4): RunnerPlan {
  const env = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [`SHARNAQA_FAKE_${name.toUpperCase()}`, String(value)]),
  )
  return { args: ['--engine', 'fake', '--model', 'fake', '--slots', String(slots)], env, models: 1 }
}

/** What the ledger's audit shows over the API. */
export async function readAudit(
  api: string,
  apiKey: string,
): Promise<{ ok: boolean; faults: string[]; clearing_nano: string }> {
  const reply = await fetch(`${api}/network/audit`, { headers: { authorization: `Bearer ${apiKey}` } })
  return reply.json() as never
}

/** A job's record, as its account sees it. */
export async function readJobRecord(api: string, apiKey: string, jobId: string) {
  const reply = await fetch(`${api}/jobs/${jobId}`, { headers: { authorization: `Bearer ${apiKey}` } })
  return (await reply.json()) as {
    state: string
    reason: string | null
    charge_nano: string
    hold_nano: string
    prompt_tokens: number
    completion_tokens: number
    why: { runner: string }[]
    receipts: Receipt[]
    runner_keys: Record<string, string>
  }
}

export async function readBalance(api: string, apiKey: string) {
  const reply = await fetch(`${api}/balance`, { headers: { authorization: `Bearer ${apiKey}` } })
  return (await reply.json()) as { available_nano: string; held_nano: string }
}
