import { expect, test } from 'vitest'
import {
  type FakeNetworkPlan,
  setupFakeNetwork,
} from '../../../protocol/src/sealed-client/fake-network-fixture.ts'
import { MODEL } from '../../../protocol/src/sealed-client/fake-runner-fixture.ts'
import { EXIT } from '../exit-codes.ts'
import { createModelLister } from './list-models.ts'
import { verifyOnly } from './verify-only.ts'

async function verify(plan: FakeNetworkPlan = {}, isJson = false) {
  const { network, trust, chooseDeps, tier } = await setupFakeNetwork(plan)
  const lines: string[] = []
  const events: Record<string, unknown>[] = []
  const output = {
    isJson,
    line: (text: string) => void lines.push(text),
    event: (event: Record<string, unknown>) => void events.push(event),
    problem: (text: string) => void lines.push(text),
  }
  const wish = { model: MODEL.id, tier, manifestDigest: undefined }
  const exit = await verifyOnly({ network, trust, nowMs: chooseDeps.nowMs, output }, wish)
  return { exit, lines, events }
}

test('each of the thirteen steps is shown, and that the simulation proves nothing', async () => {
  const { exit, lines } = await verify()
  expect(exit).toBe(EXIT.ok)
  const text = lines.join('\n')
  expect(text.match(/^ {4}[✓–] /gm)).toHaveLength(13)
  expect(text).toContain('SIMULATED')
})

test('a refused runner says at which step and why, and the command fails', async () => {
  const { exit, lines } = await verify({ trust: { simulation: 'refused' } })
  expect(exit).toBe(EXIT.failed)
  expect(lines.join('\n')).toMatch(/✗ {2}1 .*simulation-refused/)
})

test('for programs the whole document is given', async () => {
  const { events } = await verify({}, true)
  expect(events).toMatchObject([{ event: 'runner-verified', verdict: 'accepted', document: { version: 1 } }])
})

test('in tier own the runner’s own signature is what counts', async () => {
  const { exit, lines } = await verify({ tier: 'own' })
  expect(exit).toBe(EXIT.ok)
  expect(lines.join('\n')).toContain('signed by the identity that you confirmed')
})

test('the list has the chat models that somebody serves in the tier, and asks again after a while only', async () => {
  const { network, trust, chooseDeps } = await setupFakeNetwork({
    runners: [{}, { row: { price: { input: 1, output: 2 } } }],
  })
  const model = (id: string, kind: string) => ({
    id,
    object: 'model',
    created: 0,
    owned_by: 'sharnaqa',
    sharnaqa: { kind, context_tokens: 8192, parameters: 1, price_nano: null, online_runners: 0 },
  })
  let asked = 0
  const list = createModelLister({
    fetchApi: async () => {
      asked += 1
      const data = [model(MODEL.id, 'chat'), model('nobody-serves-it', 'chat'), model('vectors', 'embedding')]
      return { ok: true, value: Response.json({ object: 'list', data }) }
    },
    network: {
      readDirectory: async (id, tier, signal) =>
        id === MODEL.id ? network.readDirectory(id, tier, signal) : { ok: false, reason: 'unknown-model' },
    },
    tier: 'confidential',
    confirmed: trust.confirmed,
    nowMs: chooseDeps.nowMs,
  })
  const { signal } = new AbortController()
  const read = await list(signal)
  expect(read).toMatchObject({
    ok: true,
    value: [{ id: MODEL.id, sharnaqa: { online_runners: 2, price_nano: { input: 1, output: 2 } } }],
  })
  await list(signal)
  expect(asked).toBe(1)
})
