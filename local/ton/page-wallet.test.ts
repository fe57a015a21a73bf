import { readFile } from 'node:fs/promises'
import { comment, toNano } from '@ton/core'
import type { TonConnect, Wallet } from '@tonconnect/sdk'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { TonHandle } from './start-ton.ts'
import { addressOf, setupTon } from './test-ton.ts'

const MANIFEST_URL = 'http://127.0.0.1:8787/tonconnect-manifest.json'
const script = await readFile(new URL('page/wallet.js', import.meta.url), 'utf8')

type ConnectEvent = { readonly event: string; readonly payload: object }
type Question = { readonly title: string; readonly lines: readonly string[] }
type Bridge = {
  confirm: (question: Question) => Promise<boolean>
  readonly forget: () => void
  readonly tonconnect: {
    readonly connect: (version: number, message: unknown) => Promise<ConnectEvent>
    readonly restoreConnection: () => Promise<ConnectEvent>
    readonly send: (request: unknown) => Promise<unknown>
  }
}

/** A page of the Mini App as far as the wallet and the SDK look at one. */
function createPage() {
  const items = new Map<string, string>()
  const localStorage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
  const location = new URL('http://127.0.0.1:8787/wallet')
  const window: { location: URL; sharnaqaDev?: Bridge } = { location }
  return { items, localStorage, location, window }
}

const page = createPage()
vi.stubGlobal('window', page.window) // the SDK looks for wallets there, at its import
const {
  TonConnect: Connector,
  UserRejectsError,
  isWalletInfoCurrentlyInjected,
} = await import('@tonconnect/sdk')

beforeEach(() => {
  page.items.clear()
  delete page.window.sharnaqaDev
})

/** Includes the script as a page does. `answers` are what the person says, one after another; then always yes. */
async function setupPage({ answers = [] as boolean[], manifest = {} as object | null } = {}) {
  const ton = await setupTon()
  const asked: Question[] = []
  const fetchInPage = async (url: string, init?: RequestInit) => {
    if (url !== MANIFEST_URL) return fetch(url, init)
    if (!manifest) return new Response('', { status: 404 })
    return Response.json({ url: 'http://127.0.0.1:8787', name: 'Sharnaqa', iconUrl: 'x', ...manifest })
  }
  const document = { currentScript: { src: `${ton.url}/wallet.js` } }
  const include = new Function('window', 'document', 'location', 'localStorage', 'fetch', script)
  include(page.window, document, page.location, page.localStorage, fetchInPage)
  const bridge = page.window.sharnaqaDev
  if (!bridge) throw new Error('the script put no wallet into the page')
  bridge.confirm = async (question) => {
    asked.push(question)
    return answers.shift() ?? true
  }
  return { ton, bridge, asked }
}

function createConnector(ton: TonHandle): TonConnect {
  const storage = {
    getItem: async (key: string) => page.items.get(key) ?? null,
    setItem: async (key: string, value: string) => void page.items.set(key, value),
    removeItem: async (key: string) => void page.items.delete(key),
  }
  return new Connector({
    manifestUrl: MANIFEST_URL,
    storage,
    walletsListSource: `${ton.url}/wallets-v2.json`,
    eventDispatcher: { dispatchEvent: async () => {}, addEventListener: async () => () => {} },
    analytics: { mode: 'off' },
  })
}

/** Connects through the SDK. Gives the wallet, or throws what the page is told. */
async function connect(connector: TonConnect, tonProof?: string): Promise<Wallet> {
  const connected = Promise.withResolvers<Wallet>()
  const unlisten = connector.onStatusChange((wallet) => {
    if (wallet) connected.resolve(wallet)
  }, connected.reject)
  onTestFinished(unlisten)
  connector.connect({ jsBridgeKey: 'sharnaqaDev' }, tonProof === undefined ? {} : { request: { tonProof } })
  return connected.promise
}

const to = addressOf(1).toString({ testOnly: true, bounceable: false })
const inFiveMinutes = () => Math.floor(Date.now() / 1000) + 299

test("the SDK lists the wallet as injected, from the local TON's own list", async () => {
  const { ton } = await setupPage()
  const wallets = await createConnector(ton).getWallets()
  expect(wallets).toHaveLength(1)
  expect(wallets[0]).toMatchObject({ appName: 'sharnaqaDev', jsBridgeKey: 'sharnaqaDev', embedded: false })
  expect(wallets.every(isWalletInfoCurrentlyInjected)).toBe(true)
})

test('a page connects, gets a proof for its own host, and sends coins after the person said yes', async () => {
  const { ton, asked } = await setupPage()
  const connector = createConnector(ton)
  const wallet = await connect(connector, 'nonce-1')
  expect(wallet.account).toMatchObject({
    address: ton.wallet.address,
    chain: '-3',
    publicKey: ton.wallet.publicKey,
    walletStateInit: ton.wallet.walletStateInit,
  })
  expect(wallet.connectItems?.tonProof).toMatchObject({
    proof: { payload: 'nonce-1', domain: { value: '127.0.0.1:8787', lengthBytes: 14 } },
  })
  const payload = comment('hello').toBoc().toString('base64')
  const { boc } = await connector.sendTransaction({
    validUntil: inFiveMinutes(),
    network: '-3',
    messages: [{ address: to, amount: String(toNano('1.25')), payload }],
  })
  expect(boc).toMatch(/^te6cc/)
  expect(await ton.chain.balance(addressOf(1).toRawString())).toBe(toNano('1.25'))
  expect(asked).toEqual([
    {
      title: 'Connect to Sharnaqa?',
      lines: [
        '127.0.0.1:8787 will see your address and balance.',
        'You sign a proof that this wallet is yours. No coins move.',
      ],
    },
    {
      title: 'Send 1.25 TON?',
      lines: [`1.25 TON to ${to.slice(0, 6)}…${to.slice(-6)} with “hello”`, 'Network fees come on top.'],
    },
  ])
})

test('when the person says no, the page hears that and nothing is sent', async () => {
  const { ton } = await setupPage({ answers: [false, true, false] })
  const connector = createConnector(ton)
  await expect(connect(connector)).rejects.toThrow(UserRejectsError)
  expect(connector.connected).toBe(false)
  await connect(connector)
  const before = ton.chain.allTransactions().length
  const sending = connector.sendTransaction({
    validUntil: inFiveMinutes(),
    messages: [{ address: to, amount: '1' }],
  })
  await expect(sending).rejects.toThrow(UserRejectsError)
  expect(ton.chain.allTransactions()).toHaveLength(before)
})

test('a page that is opened again is still connected, until it disconnects', async () => {
  const { ton } = await setupPage()
  await connect(createConnector(ton))
  const again = createConnector(ton)
  await again.restoreConnection()
  expect(again.account?.address).toBe(ton.wallet.address)
  await again.disconnect()
  const third = createConnector(ton)
  await third.restoreConnection()
  expect(third.connected).toBe(false)
})

test('when the wallet forgets the page, the page hears it', async () => {
  const { ton, bridge } = await setupPage()
  const connector = createConnector(ton)
  await connect(connector)
  const gone = Promise.withResolvers<void>()
  connector.onStatusChange((wallet) => {
    if (!wallet) gone.resolve()
  })
  bridge.forget()
  await gone.promise
  expect(connector.connected).toBe(false)
})

test('what the wallet cannot do is refused by number', async () => {
  const { bridge } = await setupPage()
  const { tonconnect } = bridge
  const items = [{ name: 'ton_addr' }]
  expect(await tonconnect.restoreConnection()).toMatchObject({
    event: 'connect_error',
    payload: { code: 100 },
  })
  expect(await tonconnect.send({ method: 'sendTransaction', params: ['{}'], id: '1' })).toMatchObject({
    id: '1',
    error: { code: 100 },
  })
  expect(await tonconnect.connect(3, { manifestUrl: MANIFEST_URL, items })).toMatchObject({
    payload: { code: 1 },
  })
  expect(await tonconnect.connect(2, { manifestUrl: MANIFEST_URL, items: [] })).toMatchObject({
    payload: { code: 1 },
  })
  const mainnet = { manifestUrl: MANIFEST_URL, items: [{ name: 'ton_addr', network: '-239' }] }
  expect(await tonconnect.connect(2, mainnet)).toMatchObject({ event: 'connect_error', payload: { code: 1 } })

  expect(
    await tonconnect.connect(2, { manifestUrl: MANIFEST_URL, items: [...items, { name: 'ton_wish' }] }),
  ).toMatchObject({ event: 'connect', payload: { items: [{}, { name: 'ton_wish', error: { code: 400 } }] } })
  for (const [method, params, code] of [
    ['signData', ['{}'], 400],
    ['sendTransaction', ['not json'], 1],
    ['sendTransaction', ['{"messages":[]}'], 1],
    ['sendTransaction', [JSON.stringify({ valid_until: 1, messages: [{ address: to, amount: '1' }] })], 1],
    ['sendTransaction', [JSON.stringify({ messages: [{ address: to, amount: String(toNano(5000)) }] })], 0],
  ] as const) {
    expect(await tonconnect.send({ method, params, id: '2' })).toMatchObject({ id: '2', error: { code } })
  }
})

test('a manifest that is not there or has no name is told apart', async () => {
  const request = { manifestUrl: MANIFEST_URL, items: [{ name: 'ton_addr' }] }
  const missing = await setupPage({ manifest: null })
  expect(await missing.bridge.tonconnect.connect(2, request)).toMatchObject({ payload: { code: 2 } })
  const nameless = await setupPage({ manifest: { name: 7 } })
  expect(await nameless.bridge.tonconnect.connect(2, request)).toMatchObject({ payload: { code: 3 } })
  expect([...missing.asked, ...nameless.asked]).toEqual([])
})

test('when the local TON is gone, the page hears a sentence and not a crash', async () => {
  const { ton, bridge } = await setupPage()
  const items = [{ name: 'ton_addr' }]
  await bridge.tonconnect.connect(2, { manifestUrl: MANIFEST_URL, items })
  await ton.close()
  expect(
    await bridge.tonconnect.send({ method: 'sendTransaction', params: ['{"messages":[]}'], id: '1' }),
  ).toEqual({ id: '1', error: { code: 0, message: 'The local TON does not answer. Is it running?' } })
})
