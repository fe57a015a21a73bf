import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { Address, Cell, toNano } from '@ton/core'
import { expect, test, vi } from 'vitest'
import { CLOSE_GAS, finalizeCloseMessage, requestCloseMessage } from '../wrappers/client-escrow.ts'
import { DELAY_S, NOW_S, setupEscrow } from './setup-escrow.ts'

type Step = 'nothing' | 'request' | 'wait' | 'finalize'
type Seen = {
  readonly hash: string
  readonly balance: bigint
  readonly nowS: number
  readonly collected: bigint
  readonly closeAtS: number
  readonly ownerHash: string
  readonly closeDelayS: number
  readonly networkId: number
}
type Message = {
  readonly address: string
  readonly amount: bigint
  readonly payload: string
  readonly link: string
}
type Ask = (url: string, options: { method?: string; body?: string }) => Promise<Response>
type ExitPage = {
  readonly OPERATIONS: { readonly requestClose: number; readonly finalizeClose: number }
  readonly messageBoc: (operation: number) => Uint8Array
  readonly parseAddress: (text: string) => { readonly hash: string; readonly testOnly: boolean } | undefined
  readonly formatAddress: (hash: string, form: { bounceable: boolean; testOnly: boolean }) => string
  readonly formatTon: (amount: bigint) => string
  readonly formatDuration: (seconds: number) => string
  readonly readEscrow: (
    deps: { fetch: Ask; sleep: (ms: number) => Promise<void> },
    where: { toncenter: string; addressText: string },
  ) => Promise<Seen>
  readonly nextStep: (seen: Seen) => Step
  readonly messageOf: (seen: Seen) => Message | undefined
  readonly sendByBridge: (bridge: unknown, seen: Seen, message: Message) => Promise<void>
}

const HTML = readFileSync(new URL('../../miniapp/public/exit.html', import.meta.url), 'utf8')
const page = openPage()
const HASH = 'ab'.repeat(32)
const SEEN: Seen = {
  hash: HASH,
  balance: toNano('10'),
  nowS: NOW_S,
  collected: 0n,
  closeAtS: 0,
  ownerHash: '01'.repeat(32),
  closeDelayS: DELAY_S,
  networkId: -3,
}

/** The page's own script, outside of a browser. */
function openPage(): ExitPage {
  const script = /<script>([\s\S]*)<\/script>/.exec(HTML)?.[1] ?? ''
  const scope: { sharnaqaExit?: ExitPage } = {}
  runInNewContext(
    script,
    Object.assign(scope, { atob, btoa, URL, AbortSignal, location: { href: 'https://x.test/exit.html' } }),
  )
  if (!scope.sharnaqaExit) throw new Error('the page has no script')
  return scope.sharnaqaExit
}

test('the bodies that the page builds by hand are those of the wrapper, byte for byte', () => {
  const { requestClose, finalizeClose } = page.OPERATIONS
  for (const [operation, cell] of [
    [requestClose, requestCloseMessage({ queryId: 0n })],
    [finalizeClose, finalizeCloseMessage({ queryId: 0n })],
  ] as const) {
    const boc = Buffer.from(page.messageBoc(operation))
    expect(boc.toString('hex')).toBe(cell.toBoc({ idx: false, crc32: false }).toString('hex'))
    expect(Cell.fromBoc(boc)[0]?.equals(cell)).toBe(true)
  }
})

test('addresses read and show as wallets do, and a mistyped one is no address', () => {
  const address = new Address(0, Buffer.from(HASH, 'hex'))
  for (const bounceable of [true, false]) {
    for (const testOnly of [true, false]) {
      const text = address.toString({ bounceable, testOnly })
      expect(page.formatAddress(HASH, { bounceable, testOnly })).toBe(text)
      expect({ ...page.parseAddress(text) }).toEqual({ hash: HASH, testOnly })
    }
  }
  const text = address.toString()
  expect({ ...page.parseAddress(address.toRawString()) }).toEqual({ hash: HASH, testOnly: false })
  for (const bad of [
    '',
    `${text}A`,
    text.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    `-1:${HASH}`,
  ]) {
    expect(page.parseAddress(bad)).toBeUndefined()
  }
  expect(page.parseAddress(new Address(-1, Buffer.from(HASH, 'hex')).toString())).toBeUndefined()
})

test.for([
  [0n, '0 TON'],
  [1n, '0.000000001 TON'],
  [1_500_000_000n, '1.5 TON'],
  [123_456_789_000_000_000n, '123456789 TON'],
] as const)('%i nano are written as %s', ([amount, text]) => {
  expect(page.formatTon(amount)).toBe(text)
})

test.for([
  ['request', {}],
  ['nothing', { balance: 0n }],
  ['wait', { closeAtS: NOW_S + 1 }],
  ['finalize', { closeAtS: NOW_S }],
] as const)('the next step is %s', ([step, overrides]) => {
  expect(page.nextStep({ ...SEEN, ...overrides })).toBe(step)
  expect(page.messageOf({ ...SEEN, ...overrides }) !== undefined).toBe(
    step === 'request' || step === 'finalize',
  )
})

/** Answers as toncenter does, v2 or v3, from a sandbox. */
async function setupServer({ versions = ['v3', 'v2'] } = {}) {
  const world = await setupEscrow()
  await world.deploy()
  const asked: string[] = []
  const fetch: Ask = async (url, { body }) => {
    asked.push(url)
    const { pathname } = new URL(url)
    const [, version = '', method = ''] = /^\/api\/(v[23])\/(\w+)$/.exec(pathname) ?? []
    if (!versions.includes(version)) return Response.json({}, { status: 404 })
    if (method === 'accountStates')
      return Response.json({ accounts: [{ balance: String(await world.balance()) }] })
    if (method === 'getAddressInformation') {
      return Response.json({ ok: true, result: { balance: String(await world.balance()) } })
    }
    if (method === 'masterchainInfo') return Response.json({ last: { gen_utime: String(world.chain.now) } })
    const question = JSON.parse(body ?? '{}')
    if (Address.parse(question.address).toRawString() !== world.address.toRawString()) {
      return Response.json(
        version === 'v3'
          ? { exit_code: -13, stack: [] }
          : { ok: true, result: { exit_code: -13, stack: [] } },
      )
    }
    const { stack, exitCode } = await world.chain.runGetMethod(world.address, question.method)
    const numbers = stack.flatMap((item) => (item.type === 'int' ? [item.value] : []))
    const toText = (value: bigint) => (value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`)
    return Response.json(
      version === 'v3'
        ? { exit_code: exitCode, stack: numbers.map((value) => ({ type: 'num', value: toText(value) })) }
        : {
            ok: true,
            result: { exit_code: exitCode, stack: numbers.map((value) => ['num', toText(value)]) },
          },
    )
  }
  const look = (addressText = world.address.toString()) =>
    page.readEscrow({ fetch, sleep: async () => {} }, { toncenter: 'https://toncenter.test/', addressText })
  return { world, asked, look, fetch }
}

test.for([[['v3']], [['v2']], [['v3', 'v2']]])(
  'with a server that knows %j, the page shows the escrow as it is and leads to the end',
  async ([versions]) => {
    const { world, look, asked } = await setupServer({ versions: versions ?? [] })
    const send = async ({ address, amount, payload }: Message) => {
      expect(Address.parse(address).equals(world.address)).toBe(true)
      return world.from(world.owner, amount, Cell.fromBase64(payload))
    }
    const open = await look()
    expect(open).toMatchObject({
      hash: world.address.hash.toString('hex'),
      balance: await world.balance(),
      ownerHash: world.owner.address.hash.toString('hex'),
      closeAtS: 0,
      closeDelayS: DELAY_S,
      networkId: -3,
    })
    const request = page.messageOf(open)
    if (!request) throw new Error('nothing to send')
    expect((await send(request)).exitCode).toBe(0)
    expect(page.nextStep({ ...(await look()), nowS: NOW_S })).toBe('wait')

    world.advance(DELAY_S)
    const ready = { ...(await look()), nowS: NOW_S + DELAY_S }
    const finalize = page.messageOf(ready)
    if (!finalize) throw new Error('nothing to send')
    expect((await send(finalize)).exitCode).toBe(0)
    expect(page.nextStep(await look())).toBe('nothing')
    expect(asked.every((url) => url.startsWith('https://toncenter.test/api/v'))).toBe(true)
  },
)

test('the link carries address, amount and body as wallet apps read them', () => {
  const message = page.messageOf(SEEN)
  const url = new URL(message?.link ?? '')
  expect(url.protocol).toBe('ton:')
  expect(url.href).toContain(
    `transfer/${new Address(0, Buffer.from(HASH, 'hex')).toString({ testOnly: true })}?`,
  )
  expect(url.searchParams.get('amount')).toBe(String(CLOSE_GAS))
  const body = Cell.fromBoc(Buffer.from(url.searchParams.get('bin') ?? '', 'base64url'))[0]
  expect(body?.equals(requestCloseMessage({ queryId: 0n }))).toBe(true)
})

test('what is not an escrow, not an address or not a server is said in a sentence', async () => {
  const { look, fetch } = await setupServer()
  await expect(look(new Address(0, Buffer.alloc(32, 5)).toString())).rejects.toThrow('There is no escrow')
  await expect(look('EQnot')).rejects.toThrow('not a TON address')
  const at = (toncenter: string) =>
    page.readEscrow({ fetch, sleep: async () => {} }, { toncenter, addressText: `0:${HASH}` })
  await expect(at('javascript:alert(1)')).rejects.toThrow('The server is a URL')
})

test('a server that refuses the page is not taken for a missing escrow', async () => {
  const fetch = async () => Response.json({}, { status: 403 })
  await expect(
    page.readEscrow(
      { fetch, sleep: async () => {} },
      { toncenter: 'https://toncenter.test', addressText: `0:${HASH}` },
    ),
  ).rejects.toThrow('does not answer this page')
})

test('a busy server is asked again a few times, and then said to be silent', async () => {
  const fetch = vi.fn(async () => Response.json({}, { status: 429 }))
  const sleep = vi.fn(async () => {})
  await expect(
    page.readEscrow({ fetch, sleep }, { toncenter: 'https://toncenter.test', addressText: `0:${HASH}` }),
  ).rejects.toThrow('does not answer')
  expect(fetch).toHaveBeenCalledTimes(5)
  expect(sleep).toHaveBeenCalledTimes(4)
})

test('a connected wallet that is not the owner is told so, and sends nothing', async () => {
  const message = page.messageOf(SEEN)
  if (!message) throw new Error('nothing to send')
  const bridgeOf = (address: string) => ({
    restoreConnection: async () => ({ event: 'connect_error' }),
    connect: vi.fn(async () => ({ event: 'connect', payload: { items: [{ name: 'ton_addr', address }] } })),
    send: vi.fn(async (_request: { method: string; params: string[] }) => ({ result: 'boc' })),
  })
  const stranger = bridgeOf(`0:${'02'.repeat(32)}`)
  await expect(page.sendByBridge(stranger, SEEN, message)).rejects.toThrow('not the owner')
  expect(stranger.send).not.toHaveBeenCalled()

  const owner = bridgeOf(`0:${SEEN.ownerHash}`)
  await page.sendByBridge(owner, SEEN, message)
  const sent = owner.send.mock.calls[0]?.[0]
  expect(sent?.method).toBe('sendTransaction')
  expect(JSON.parse(sent?.params[0] ?? '{}')).toMatchObject({
    network: '-3',
    messages: [{ address: message.address, amount: String(CLOSE_GAS), payload: message.payload }],
  })
})

test('the page loads nothing from anywhere', () => {
  expect(HTML).not.toMatch(/<(script|img|iframe)[^>]*\ssrc=/)
  expect(HTML).not.toMatch(/<link[^>]*href="(?!data:)/)
  expect(HTML).not.toMatch(/url\(|@import/)
})
