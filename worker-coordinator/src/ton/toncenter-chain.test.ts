import { comment } from '@ton/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTon, type TonHandle } from '../../../local/ton/start-ton.ts'
import { hashExternalMessage } from './external-message.ts'
import { createToncenterChain, ToncenterError } from './toncenter-chain.ts'
import { createWalletV5 } from './wallet-v5.ts'

const wallet = createWalletV5(new Uint8Array(32).fill(3), '-3')
const PAYEE = `0:${'7'.repeat(64)}`
let ton: TonHandle

beforeAll(async () => {
  ton = await startTon()
  await ton.chain.faucet(wallet.address, 5_000_000_000n, comment('🎉 first'))
  await ton.chain.faucet(wallet.address, 777n)
})
afterAll(() => ton.close())

const connect = (given: Partial<Parameters<typeof createToncenterChain>[0]> = {}) =>
  createToncenterChain({ url: ton.url, wait: async () => undefined, ...given })

/** Answers of an API, one after another; an Error is a connection that breaks. */
function fakeFetch(...answers: (Response | Error)[]) {
  const asked: { url: string; init: RequestInit | undefined }[] = []
  const fake = async (url: string | URL | Request, init?: RequestInit) => {
    asked.push({ url: String(url), init })
    const answer = answers.shift()
    if (!answer) throw new Error('asked more often than expected')
    if (answer instanceof Error) throw answer
    return answer
  }
  return { asked, fetch: fake as typeof fetch }
}

test('over HTTP the chain is the same as in this process', async () => {
  const chain = connect()
  const { boc } = wallet.sign({
    seqno: 0,
    items: [{ id: `po_${'0'.repeat(26)}`, destination: PAYEE, amount: 1_000_000_000n }],
    nowS: ton.chain.nowS(),
    lifeS: 60,
    deploy: true,
  })
  expect((await chain.readAccount(wallet.address)).isActive).toBe(false)
  await chain.send(boc)
  expect(await chain.listTransactions(wallet.address, '0', 100)).toEqual(
    await ton.chain.listTransactions(wallet.address, '0', 100),
  )
  expect(await chain.readAccount(wallet.address)).toEqual(await ton.chain.readAccount(wallet.address))
  const head = await chain.readHead()
  expect(Math.abs(head.atS - ton.chain.nowS())).toBeLessThan(5)
  expect(await chain.runGetMethod(wallet.address, 'seqno')).toEqual({ exitCode: 0, numbers: [1n] })
})

test('an address that never got anything is empty', async () => {
  expect(await connect().readAccount(`0:${'9'.repeat(64)}`)).toEqual({
    balance: 0n,
    isActive: false,
    lastLt: '0',
    lastHash: '0'.repeat(64),
    seqno: 0,
  })
})

test('an external message is found once its wallet took it in, and not before', async () => {
  const chain = connect()
  const order = { id: `po_${'1'.repeat(26)}`, destination: PAYEE, amount: 1n }
  const [nowS, lifeS] = [ton.chain.nowS(), 60]
  const { seqno } = await chain.readAccount(wallet.address)
  const { boc } = wallet.sign({ seqno, items: [order], nowS, lifeS, deploy: false })
  const hash = hashExternalMessage(boc) ?? ''
  expect(await chain.hasMessage(hash)).toBe(false)
  await chain.send(boc)
  expect(await chain.hasMessage(hash)).toBe(true)
  const { fetch } = fakeFetch(new Response('{"error":"not found"}', { status: 404 }))
  expect(await connect({ fetch }).hasMessage(hash)).toBe(false)
})

test('what is asked for is newer than the last one seen: that one does not come again', async () => {
  const chain = connect()
  const all = await chain.listTransactions(wallet.address, '0', 100)
  const [first, second] = all
  expect(await chain.listTransactions(wallet.address, first?.lt ?? '', 1)).toEqual([second])
  expect(await chain.listTransactions(wallet.address, all.at(-1)?.lt ?? '', 100)).toEqual([])
})

test('transactions that can still change, and what comes after them, are not believed', async () => {
  const raw = (lt: number, more: object) => ({
    lt: String(lt),
    hash: Buffer.alloc(32, lt).toString('base64'),
    prev_trans_lt: '0',
    prev_trans_hash: Buffer.alloc(32).toString('base64'),
    now: 1_780_000_000,
    mc_block_seqno: 5,
    total_fees: '0',
    description: { aborted: false },
    in_msg: null,
    out_msgs: [],
    ...more,
  })
  for (const open of [
    { finality: 'pending' },
    { finality: 'confirmed' },
    { emulated: true },
    { mc_block_seqno: null },
  ]) {
    const transactions = [raw(1, { finality: 'finalized' }), raw(2, {}), raw(3, open), raw(4, {})]
    const { fetch } = fakeFetch(Response.json({ transactions }))
    const listed = await connect({ fetch }).listTransactions(wallet.address, '0', 10)
    expect(listed.map(({ lt }) => lt)).toEqual(['1', '2'])
  }
})

test('reading is tried again after a busy API, a broken line and nonsense; the key goes along', async () => {
  const good = Response.json({ last: { seqno: 9, gen_utime: '1780000000' } })
  const { fetch, asked } = fakeFetch(
    new Response('slow down', { status: 429 }),
    Response.json({ last: 'x' }),
    good,
  )
  expect(await connect({ fetch, apiKey: 'k1' }).readHead()).toEqual({ seqno: 9, atS: 1_780_000_000 })
  expect(asked).toHaveLength(3)
  expect(asked.map(({ init }) => new Headers(init?.headers).get('x-api-key'))).toEqual(['k1', 'k1', 'k1'])
  const broken = fakeFetch(new Error('reset'), new Error('reset'), new Error('reset'))
  await expect(connect({ fetch: broken.fetch }).readHead()).rejects.toThrow('reset')
})

test('a question that is wrong is not asked again', async () => {
  const { fetch, asked } = fakeFetch(new Response('{"error":"no"}', { status: 422 }))
  await expect(connect({ fetch }).readHead()).rejects.toThrow(ToncenterError)
  expect(asked).toHaveLength(1)
})

test('sending is never tried again', async () => {
  const { fetch, asked } = fakeFetch(new Response('busy', { status: 503 }))
  await expect(connect({ fetch }).send('te6')).rejects.toThrow('503')
  expect(asked).toHaveLength(1)
})

test.each([
  ['a message without a body', { message_content: null }],
  ['a body that is no cell', { message_content: { body: 'AAAA' } }],
  ['a value that is no amount', { value: '1e9' }],
  ['an address that is none', { source: 'EQx' }],
])('%s is refused rather than guessed', async (_name, more) => {
  const { fetch: good } = globalThis
  const broken = (async (url: string, init?: RequestInit) => {
    const answer = (await (await good(url, init)).json()) as { transactions: { in_msg: object }[] }
    const [first] = answer.transactions
    if (first) first.in_msg = { ...first.in_msg, ...more }
    return Response.json(answer)
  }) as typeof fetch
  await expect(connect({ fetch: broken }).listTransactions(wallet.address, '0', 10)).rejects.toThrow()
})
