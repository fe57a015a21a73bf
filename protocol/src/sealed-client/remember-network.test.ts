import { expect, test } from 'vitest'
import { NOW_MS } from '../attestation/verification-fixture.ts'
import { askSealed } from './ask-sealed.ts'
import { createRunnerChooser } from './choose-runners.ts'
import { type FakeNetworkPlan, setupFakeNetwork } from './fake-network-fixture.ts'
import { MODEL } from './fake-runner-fixture.ts'
import { rememberNetwork } from './remember-network.ts'

/** A client over a network that counts what it is asked, and remembers. */
async function setupRemembering(plan: FakeNetworkPlan = {}) {
  const made = await setupFakeNetwork(plan)
  let nowMs = NOW_MS
  const asked: string[] = []
  const counted = {
    ...made.network,
    readDirectory: (...of: Parameters<typeof made.network.readDirectory>) => {
      asked.push('directory')
      return made.network.readDirectory(...of)
    },
    readPolicy: () => {
      asked.push('policy')
      return made.network.readPolicy()
    },
    readBeacons: () => {
      asked.push('beacons')
      return made.network.readBeacons()
    },
  }
  const network = rememberNetwork(counted, () => nowMs)
  const deps = {
    ...made.deps,
    network,
    chooseRunners: createRunnerChooser({ ...made.chooseDeps, network }),
  }
  const ask = async (key: string) => {
    const frames = []
    const wish = { model: MODEL.id, tier: made.tier, features: [] }
    const order = {
      ask: {
        ...wish,
        messages: [{ role: 'user' as const, content: 'Hi' }],
        params: {},
        key,
        lingerSeconds: 0,
      },
      tickets: [],
      onTicket: () => undefined,
      signal: new AbortController().signal,
    }
    for await (const frame of askSealed(deps, order)) frames.push(frame)
    return frames.at(-1)
  }
  return { ask, asked, at: (ms: number) => (nowMs = NOW_MS + ms) }
}

test('a second chat needs nothing but its own request', async () => {
  const { ask, asked } = await setupRemembering()
  expect(await ask('one')).toMatchObject({ type: 'end', finish: 'stop' })
  expect(asked.toSorted()).toEqual(['beacons', 'directory', 'policy'])
  expect(await ask('two')).toMatchObject({ type: 'end', finish: 'stop' })
  expect(asked).toHaveLength(3)
})

test('what is remembered is asked for anew behind the scenes, and not used for long', async () => {
  const { ask, asked, at } = await setupRemembering()
  await ask('one')
  at(20_000)
  await ask('two')
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(asked).toHaveLength(6)
  await ask('three')
  expect(asked).toHaveLength(6)
  at(200_000)
  await ask('four')
  expect(asked).toHaveLength(9)
})

test('a refusal by what was remembered is asked about once more, and only once', async () => {
  let evidenceIsGone = false
  const { ask, asked, at } = await setupRemembering({
    attack: { directory: (honest) => (evidenceIsGone ? { ...honest, runners: [] } : honest) },
  })
  await ask('one')
  evidenceIsGone = true
  at(100_000)
  expect(await ask('two')).toMatchObject({ type: 'refused', reason: 'no-runner' })
  expect(asked.filter((one) => one === 'directory')).toHaveLength(2)
  evidenceIsGone = false
  expect(await ask('three')).toMatchObject({ type: 'end', finish: 'stop' })
})
