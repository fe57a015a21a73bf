import OpenAI from 'openai'
import { onTestFinished } from 'vitest'
import { X_WING } from '../../../protocol/src/sealed/suite-x-wing.ts'
import {
  type FakeNetworkPlan,
  setupFakeNetwork,
} from '../../../protocol/src/sealed-client/fake-network-fixture.ts'
import type { ProxyDeps, RequestNote } from './proxy-deps.ts'
import { startProxyServer } from './proxy-server.ts'

/** A proxy that listens, in front of a network that is made up but for its seals, and a client of OpenAI's for it. */
export async function setupProxy(plan: FakeNetworkPlan = {}, overrides: Partial<ProxyDeps> = {}) {
  const fake = await setupFakeNetwork({ ...plan, trust: { suite: X_WING, ...plan.trust } })
  const notes: RequestNote[] = []
  const stopped: string[] = []
  const started = await startProxyServer(
    {
      // Waits a little: otherwise a stream that breaks for ever would leave no time for anything else.
      asking: { ...fake.deps, sleep: () => new Promise((done) => setTimeout(done, 1)) },
      tier: fake.tier,
      manifests: new Map(),
      listModels: async () => ({ ok: true, value: [] }),
      stopJob: async (jobId) => void stopped.push(jobId),
      newKey: () => crypto.randomUUID(),
      noteRequest: (note) => void notes.push(note),
      headersWaitMs: 20_000,
      ...overrides,
    },
    0,
  )
  if (!started.ok) throw new Error(started.reason)
  onTestFinished(started.server.close)
  const url = `http://127.0.0.1:${started.server.port}`
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'unused', maxRetries: 0 })
  return { ...fake, url, client, notes, stopped }
}

/** Waits until something holds that another process of events brings about. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries++) await new Promise((done) => setTimeout(done, 10))
  if (!holds()) throw new Error('it did not come about in two seconds')
}
