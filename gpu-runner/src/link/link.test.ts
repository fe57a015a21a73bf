import { describe, expect, test } from 'vitest'
import { createFakeClock, settle } from '../../test/fake-clock.ts'
import { CHALLENGE, createFakeSocket, type FakeSocket, WELCOME } from '../../test/fake-socket.ts'
import { type LinkDeps, openLink, readFrame } from './link.ts'

const BYE = { type: 'bye' } as const
const OFFER = {
  type: 'job.offer',
  kind: 'embedding',
  jobId: 'job_1',
  attempt: 0,
  price: { input: 1, output: 1 },
  texts: ['silk'],
}

function setupLink(overrides: Partial<LinkDeps> = {}) {
  const clock = createFakeClock()
  const sockets: FakeSocket[] = []
  const log: string[] = []
  const link = openLink({
    clock,
    random: () => 0.5,
    openSocket: () => {
      const socket = createFakeSocket()
      sockets.push(socket)
      return socket
    },
    makeHello: async () => BYE,
    onUp: ({ leaseMs }) => void log.push(`up ${leaseMs}`),
    onDown: (reason, retryMs) => void log.push(`down ${reason} ${retryMs}`),
    onRefused: ({ reason }) => void log.push(`refused ${reason}`),
    onFrame: ({ type }) => void log.push(type),
    onIgnored: (reason) => void log.push(`ignored ${reason}`),
    retryCapMs: () => 30_000,
    ...overrides,
  })
  const latest = () => {
    const socket = sockets.at(-1)
    if (!socket) throw new Error('no socket was opened')
    return socket
  }
  const greet = async () => {
    latest().receive(CHALLENGE)
    await settle()
    latest().receive(WELCOME)
  }
  return { clock, link, sockets, log, latest, greet }
}

describe('greeting', () => {
  test('the hello is signed for this link’s nonce and sent once', async () => {
    const nonces: string[] = []
    const { link, latest, log } = setupLink({
      makeHello: async (nonce) => {
        nonces.push(nonce)
        return BYE
      },
    })
    expect(link.isUp()).toBe(false)
    latest().receive(CHALLENGE)
    await settle()
    expect(nonces).toEqual(['a-nonce'])
    expect(latest().sent).toEqual(['{"type":"bye"}'])
    latest().receive(WELCOME)
    expect(link.isUp()).toBe(true)
    expect(log).toEqual(['up 20000'])
  })

  test('a coordinator that never welcomes is tried anew', async () => {
    const { clock, sockets, log } = setupLink()
    await clock.advance(15_000)
    expect(log).toEqual(['down no-welcome 100'])
    await clock.advance(100)
    expect(sockets).toHaveLength(2)
    expect(sockets[0]?.closed).toBe(true)
  })

  test('work before the welcome is not taken', async () => {
    const { latest, log } = setupLink()
    latest().receive(OFFER)
    expect(log).toEqual(['ignored before-welcome'])
  })

  test('a network that no longer speaks our protocol ends the link with what to do', async () => {
    const { link, latest } = setupLink()
    latest().receive({ ...CHALLENGE, protocol: 9, protocolMinimum: 9 })
    latest().drop()
    latest().onclose?.()
    await settle()
    expect(await link.ended).toMatchObject({
      reason: 'protocol-too-old',
      sentence: expect.stringContaining('update'),
    })
  })
})

describe('a refusal', () => {
  const refused = {
    type: 'refused',
    reason: 'unknown-runner',
    sentence: 'Pair this machine first.',
    retry: false,
  }

  test('for good ends the link', async () => {
    const { clock, link, latest, sockets, log } = setupLink()
    latest().receive(refused)
    await clock.advance(120_000)
    expect(await link.ended).toMatchObject({ reason: 'unknown-runner' })
    expect(log).toEqual(['refused unknown-runner'])
    expect(sockets).toHaveLength(1)
  })

  test('for now is tried again', async () => {
    const { clock, latest, sockets, log } = setupLink()
    latest().receive({ ...refused, reason: 'paused', retry: true })
    await clock.advance(200)
    expect(log).toEqual(['refused paused', 'down paused 100'])
    expect(sockets).toHaveLength(2)
  })
})

describe('a lost link', () => {
  test('comes back with growing waits, and short ones again after it was stable', async () => {
    const { clock, latest, greet, log } = setupLink()
    for (const waitMs of [100, 200, 400, 800]) {
      latest().drop()
      expect(log.at(-1)).toBe(`down closed ${waitMs}`)
      await clock.advance(waitMs)
    }
    await greet()
    await clock.advance(10_000)
    latest().drop()
    expect(log.at(-1)).toBe('down closed 100')
  })

  test('that was up for a moment only does not begin with short waits', async () => {
    const { clock, latest, greet, log } = setupLink()
    for (const waitMs of [100, 200, 400]) {
      await greet()
      latest().drop()
      expect(log.at(-1)).toBe(`down closed ${waitMs}`)
      await clock.advance(waitMs)
    }
  })

  test('waits no longer than it may', async () => {
    const { clock, latest, log } = setupLink({ retryCapMs: () => 2000, random: () => 0.999_999 })
    for (let i = 0; i < 8; i++) {
      latest().drop()
      await clock.advance(2000)
    }
    expect(log.at(-1)).toBe('down closed 1999')
  })

  test('one break is one loss, however many events tell of it', async () => {
    const { latest, log } = setupLink()
    const socket = latest()
    socket.onerror?.()
    socket.drop()
    expect(log).toEqual(['down unreachable 100'])
  })

  test('an old socket that speaks up later is not heard', async () => {
    const { clock, sockets, greet, log } = setupLink()
    const old = sockets[0]
    const hear = old?.onmessage
    old?.drop()
    await clock.advance(100)
    await greet()
    hear?.({ data: JSON.stringify(OFFER) })
    expect(log).toEqual(['down closed 100', 'up 20000'])
  })

  test('an address that cannot be opened at all is tried again', async () => {
    let tries = 0
    const { clock } = setupLink({
      openSocket: () => {
        tries += 1
        throw new Error('no network')
      },
    })
    await clock.advance(1000)
    expect(tries).toBeGreaterThan(1)
  })
})

describe('keeping the line', () => {
  test('a ping every 25 s, and a line that answers stays', async () => {
    const { clock, latest, greet, log } = setupLink()
    await greet()
    for (let i = 0; i < 4; i++) {
      await clock.advance(25_000)
      expect(latest().sent.at(-1)).toBe('ping')
      latest().receive('pong')
    }
    expect(log).toEqual(['up 20000'])
  })

  test('no pong within 10 s is a lost link', async () => {
    const { clock, sockets, greet, log } = setupLink()
    await greet()
    await clock.advance(35_000)
    expect(log.at(-1)).toBe('down no-pong 100')
    expect(sockets[0]?.closed).toBe(true)
  })
})

describe('frames that cannot be read', () => {
  test.each([
    ['no JSON', '{"type":'],
    ['an unknown type', '{"type":"job.sing"}'],
    ['a known type with wrong members', '{"type":"job.cancel"}'],
    ['an array', '[]'],
    ['null', 'null'],
    ['too long', `{"type":"job.cancel","jobId":"${'x'.repeat(1_000_001)}","attempt":0}`],
  ])('%s is ignored and the link goes on', async (_, text) => {
    const { latest, greet, log } = setupLink()
    await greet()
    latest().receive(text)
    latest().receive(OFFER)
    expect(log).toEqual(['up 20000', 'ignored unreadable', 'job.offer'])
  })

  test('bytes are no frame', () => {
    expect(readFrame(new ArrayBuffer(8))).toBeUndefined()
  })

  test('too many of them end the link, and it is tried anew', async () => {
    const { latest, greet, log } = setupLink()
    await greet()
    for (let i = 0; i < 11; i++) latest().receive('?')
    expect(log.at(-1)).toBe('down unreadable-frames 100')
  })
})

describe('sending', () => {
  test('goes out only while the link is up', async () => {
    const { link, latest, greet } = setupLink()
    link.send(BYE)
    expect(latest().sent).toEqual([])
    await greet()
    link.send(BYE)
    expect(latest().sent).toHaveLength(2)
  })

  test('into a broken socket is a lost link, not a crash', async () => {
    const { link, latest, greet, log } = setupLink()
    await greet()
    Object.assign(latest(), {
      send: () => {
        throw new Error('closing')
      },
    })
    link.send(BYE)
    expect(log.at(-1)).toBe('down closed 100')
  })

  test('a closed link stays closed', async () => {
    const { clock, link, sockets, greet } = setupLink()
    await greet()
    link.close()
    await clock.advance(60_000)
    expect(await link.ended).toBeUndefined()
    expect(sockets).toHaveLength(1)
    expect(clock.waiting()).toBe(0)
  })
})
