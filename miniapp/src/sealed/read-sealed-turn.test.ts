import { expect, test } from 'vitest'
import { readHeader } from '../../../protocol/src/sealed/header.ts'
import {
  type FakeNetworkPlan,
  setupFakeNetwork,
} from '../../../protocol/src/sealed-client/fake-network-fixture.ts'
import { MODEL } from '../../../protocol/src/sealed-client/fake-runner-fixture.ts'
import type { SealedTicket } from '../../../protocol/src/sealed-client/sealed-ticket.ts'
import type { ChatTier } from '../chat/conversation.ts'
import { beginTurn, nextTurn, type TurnEvent, writtenOf } from '../chat/turn/next-turn.ts'
import { BODY } from '../chat/turn/turn-fixture.ts'
import { readSealedTurn } from './read-sealed-turn.ts'

const ANSWER = 'Silk is spun from cocoons.'

/** A sealed turn on a fake network, whose tickets a test reads and keeps. */
async function setupTurn(plan: FakeNetworkPlan = {}, tier: ChatTier = 'confidential') {
  const setup = await setupFakeNetwork({ tier: tier === 'own' ? 'own' : 'confidential', ...plan })
  const kept: SealedTicket[] = []
  const sentWhenKept: number[] = []
  const body = { ...BODY, model: MODEL.id, tier }
  const read = async (events: TurnEvent[] = []) => {
    const order = {
      body,
      key: 'key-1',
      tickets: () => kept.slice(),
      keep: async (ticket: SealedTicket) => {
        sentWhenKept.push(setup.orders.length)
        kept.push(ticket)
      },
    }
    for await (const event of readSealedTurn(setup.deps, order, new AbortController().signal))
      events.push(event)
    return events
  }
  return { ...setup, kept, sentWhenKept, read }
}

const stateOf = (events: readonly TurnEvent[]) =>
  events.reduce(nextTurn, nextTurn(beginTurn(), { type: 'asked' }))

test('a sealed answer comes together, and its part is kept with what checks its receipt', async () => {
  const { read, kept } = await setupTurn()
  const state = stateOf(await read())
  expect(writtenOf(state).text).toBe(ANSWER)
  expect(state.ending).toEqual({ how: 'done' })
  const [part] = state.job.sealed ?? []
  expect(part).toMatchObject({ kind: 'tee', tier: 'confidential', isSimulated: true })
  expect(part?.requestHash).toBe(kept[0]?.requestHash)
  expect(part?.receipt.inputHash).toBe(part?.requestHash)
  expect(JSON.stringify(state.job)).not.toContain(kept[0]?.candidates[0]?.secret)
})

test('a ticket is kept before anything is sent', async () => {
  const { read, sentWhenKept, orders } = await setupTurn()
  await read()
  expect(sentWhenKept).toEqual([0])
  expect(orders).toHaveLength(1)
})

test('a stream that breaks off is read again with the same ticket: one job, the same bytes', async () => {
  const { read, orders, kept } = await setupTurn({
    attack: { cut: (opening) => (opening === 0 ? 3 : undefined) },
  })
  const first = await read()
  expect(first.at(-1)).toEqual({ type: 'broken' })
  const state = stateOf([...first, { type: 'asked' }, ...(await read())])
  expect(writtenOf(state).text).toBe(ANSWER)
  expect(kept).toHaveLength(1)
  expect(orders.map(({ key }) => key)).toEqual(['key-1/0', 'key-1/0'])
  expect(orders[1]?.envelope).toEqual(orders[0]?.envelope)
})

test('words from outside the seal are never shown, and what was wrong is told', async () => {
  const { read } = await setupTurn({
    attack: {
      frames: (frames) => [
        ...frames.slice(0, 3),
        { type: 'delta', text: 'Send me your keys.' },
        ...frames.slice(3),
      ],
    },
  })
  const state = stateOf(await read())
  expect(writtenOf(state).text).not.toContain('keys')
  expect(state.ending).toEqual({
    how: 'failed',
    trouble: 'seal_broken',
    detail: { why: 'words-outside-the-seal' },
  })
})

test('what came out of the seal before it was broken stays', async () => {
  const { read } = await setupTurn({
    attack: { frames: (frames) => [...frames.slice(0, 4), ...frames.slice(-1)] },
  })
  const state = stateOf(await read())
  expect(state.ending?.trouble).toBe('seal_broken')
  expect(ANSWER.startsWith(writtenOf(state).text)).toBe(true)
  expect(writtenOf(state).text).not.toBe('')
})

test('where no evidence passes nothing is sent, and the evidence at fault is named', async () => {
  const { read, orders, runners } = await setupTurn({ pins: { signers: [] } })
  const state = stateOf(await read())
  expect(orders).toEqual([])
  expect(state.ending).toEqual({
    how: 'failed',
    trouble: 'evidence_refused',
    detail: { why: 'pins-malformed', evidence: runners[0]?.row.evidence_digest },
  })
})

test('a question for one’s own machine goes to confirmed ones, and to nobody where none is', async () => {
  const confirmed = await setupTurn({}, 'own')
  expect(stateOf(await confirmed.read()).ending).toEqual({ how: 'done' })
  expect(readHeader(confirmed.orders[0]?.envelope.header ?? '')?.tier).toBe('own')
  const other = await setupTurn({ trust: { confirmed: new Set() } }, 'own')
  expect(stateOf(await other.read()).ending).toMatchObject({ trouble: 'no_own_runner' })
  expect(other.orders).toEqual([])
})

test('a network that is not there is waited for, whatever part of the check it kept away', async () => {
  for (const away of ['readDirectory', 'readPolicy', 'readBeacons', 'readEvidence'] as const) {
    const { network, deps, tier } = await setupFakeNetwork()
    const { createRunnerChooser } = await import('../../../protocol/src/sealed-client/choose-runners.ts')
    const unreachable = async () => ({ ok: false, reason: 'unreachable' }) as const
    const chooseRunners = createRunnerChooser({
      ...deps,
      random: () => 0,
      network: { ...network, [away]: unreachable },
    })
    const order = {
      body: { ...BODY, model: MODEL.id, tier },
      key: 'k',
      tickets: () => [],
      keep: async () => undefined,
    }
    const events: TurnEvent[] = []
    const signal = new AbortController().signal
    for await (const event of readSealedTurn({ ...deps, chooseRunners }, order, signal)) events.push(event)
    expect(events, away).toEqual([{ type: 'broken' }])
  }
})

test('a lost runner’s answer goes on as another job, which is the one to stop', async () => {
  const { read, orders } = await setupTurn({ runners: [{ diesAfter: 3 }, {}], random: () => 0 })
  const events = await read()
  const state = stateOf(events)
  expect(orders).toHaveLength(2)
  expect(state.movedTo).toBe('job_key-1/1')
  expect(events).toContainEqual({ type: 'paused' })
  expect(state.job.id).toBe('job_key-1/0')
  expect(state.ending).toEqual({ how: 'done' })
})

test('a browser that cannot seal says so, and does not ask for ever', async () => {
  const { deps } = await setupFakeNetwork()
  const chooseRunners = () => Promise.reject(new DOMException('', 'NotSupportedError'))
  const order = {
    body: { ...BODY, tier: 'confidential' as const },
    key: 'k',
    tickets: () => [],
    keep: async () => undefined,
  }
  const events: TurnEvent[] = []
  for await (const event of readSealedTurn({ ...deps, chooseRunners }, order, new AbortController().signal)) {
    events.push(event)
  }
  expect(events).toEqual([{ type: 'failed', code: 'seal_unable', detail: { why: 'NotSupportedError' } }])
})
