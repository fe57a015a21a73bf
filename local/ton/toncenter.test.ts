import { beginCell, Cell, loadMessage, storeMessage, type Transaction, toNano } from '@ton/core'
import { TonClient } from '@ton/ton'
import { expect, test } from 'vitest'
import { addressOf, createTestWallet, post, setupTon } from './test-ton.ts'

const wallet = createTestWallet()
const text = (transaction: Transaction | undefined) =>
  transaction?.inMessage?.body.beginParse().skip(32).loadStringTail()

type V3 = {
  readonly transactions: readonly {
    readonly account: string
    readonly hash: string
    readonly lt: string
    readonly prev_trans_hash: string
    readonly prev_trans_lt: string
    readonly total_fees: string
    readonly mc_block_seqno: number
    readonly description: { readonly aborted: boolean }
    readonly in_msg: { readonly hash: string; readonly hash_norm?: string; readonly value: string | null }
    readonly out_msgs: readonly { readonly value: string; readonly destination: string }[]
  }[]
}

async function setupFunded() {
  const ton = await setupTon()
  await post(`${ton.url}/faucet`, { to: wallet.address, amount: '100' })
  const client = new TonClient({ endpoint: `${ton.url}/api/v2/jsonRPC` })
  const get = async (path: string) => {
    const response = await fetch(`${ton.url}${path}`)
    return { status: response.status, json: (await response.json()) as never }
  }
  const v3 = async (path: string) => (await get(`/api/v3/${path}`)).json as V3
  const soonS = () => ton.chain.nowS() + 60
  return { ton, client, get, v3, soonS }
}

test('TonClient reads a balance, deploys a wallet by its first transfer, and sees what it did', async () => {
  const { ton, client } = await setupFunded()
  const opened = client.open(wallet.contract)
  expect(await opened.getBalance()).toBe(toNano(100))
  expect(await client.isContractDeployed(wallet.contract.address)).toBe(false)
  expect(await opened.getSeqno()).toBe(0)
  const master = await client.getMasterchainInfo()
  expect(master.latestSeqno).toBeGreaterThan(0)

  await client.sendFile(
    Buffer.from(wallet.sign(0, [{ to: addressOf(1), value: toNano(1) }], ton.chain.nowS() + 60), 'base64'),
  )
  expect(await opened.getSeqno()).toBe(1)
  expect(await client.isContractDeployed(wallet.contract.address)).toBe(true)
  expect(await client.getBalance(addressOf(1))).toBe(toNano(1))
  const state = await client.getContractState(wallet.contract.address)
  const newest = await client.getTransactions(wallet.contract.address, { limit: 1 })
  expect(state.lastTransaction).toEqual({
    lt: String(newest[0]?.lt),
    hash: newest[0]?.hash().toString('base64'),
  })
  expect(state.code?.length).toBeGreaterThan(0)
  const { stack } = await client.runMethod(wallet.contract.address, 'get_public_key')
  expect(stack.readBigNumber()).toBe(BigInt(`0x${wallet.contract.publicKey.toString('hex')}`))
  const unknown = await client.runMethodWithError(wallet.contract.address, 'no_such_method')
  expect(unknown.exit_code).toBe(11)
  const nowhere = await client.runMethodWithError(addressOf(9), 'seqno')
  expect(nowhere.exit_code).toBe(-13)
})

test('TonClient pages through transactions by lt and hash, each of them once', async () => {
  const { ton, client, soonS } = await setupFunded()
  const to = createTestWallet(8).contract.address
  for (let seqno = 0; seqno < 5; seqno += 1) {
    await ton.chain.send(wallet.sign(seqno, [{ to, value: toNano(1), text: `deposit ${seqno}` }], soonS()))
  }
  const seen: (string | undefined)[] = []
  let page = await client.getTransactions(to, { limit: 2 })
  for (let round = 0; round < 10 && page.length; round += 1) {
    seen.push(...page.map(text))
    const last = page.at(-1)
    if (!last) break
    page = await client.getTransactions(to, {
      limit: 2,
      lt: String(last.lt),
      hash: last.hash().toString('base64'),
    })
  }
  expect(seen).toEqual(['deposit 4', 'deposit 3', 'deposit 2', 'deposit 1', 'deposit 0'])
  const [, second] = await client.getTransactions(to, { limit: 2 })
  const one = await client.getTransaction(to, String(second?.lt), second?.hash().toString('base64') ?? '')
  expect(text(one ?? undefined)).toBe('deposit 3')
  const otherHash = Buffer.alloc(32).toString('base64')
  for (const lt of ['1', String(second?.lt)]) {
    await expect(client.getTransactions(to, { limit: 2, lt, hash: otherHash })).rejects.toThrow()
  }
})

test('v3 gives every transaction with the hash of the one before it, oldest or newest first', async () => {
  const { ton, v3, soonS } = await setupFunded()
  for (let seqno = 0; seqno < 4; seqno += 1) {
    await ton.chain.send(wallet.sign(seqno, [{ to: addressOf(1), value: toNano(1) }], soonS()))
  }
  const account = encodeURIComponent(wallet.contract.address.toString())
  const { transactions } = await v3(`transactions?account=${account}&sort=asc&limit=100`)
  expect(transactions).toHaveLength(5)
  for (const [index, one] of transactions.entries()) {
    const before = transactions[index - 1]
    expect(one.prev_trans_hash).toBe(before?.hash ?? Buffer.alloc(32).toString('base64'))
    expect(one.prev_trans_lt).toBe(before?.lt ?? '0')
    expect(one.account).toBe(wallet.address.toUpperCase())
  }
  expect((await v3(`transactions?account=${account}&limit=100`)).transactions).toEqual(
    transactions.toReversed(),
  )
  const [, , third] = transactions
  const { transactions: fromThird } = await v3(
    `transactions?account=${account}&sort=asc&start_lt=${third?.lt}`,
  )
  expect(fromThird).toEqual(transactions.slice(2))
  const { transactions: two } = await v3(`transactions?account=${account}&sort=asc&limit=2&offset=1`)
  expect(two).toEqual(transactions.slice(1, 3))
  const hash = encodeURIComponent(third?.hash ?? '')
  expect((await v3(`transactions?hash=${hash}`)).transactions).toEqual([third])
  const own = await ton.chain.listTransactions(wallet.address, '0', 100)
  expect(transactions.map(({ hash: one }) => Buffer.from(one, 'base64').toString('hex'))).toEqual(
    own.map(({ hash: one }) => one),
  )
})

test('a sent message is found by its hash and by its normalized hash, with what it paid', async () => {
  const { ton, v3, soonS } = await setupFunded()
  const boc = wallet.sign(0, [{ to: addressOf(1), value: toNano(2) }], soonS())
  const { status, json } = await post(`${ton.url}/api/v3/message`, { boc })
  expect(status).toBe(200)
  const { message_hash, message_hash_norm } = json as { message_hash: string; message_hash_norm: string }
  expect(message_hash).not.toBe(message_hash_norm)
  expect(message_hash_norm).toBe(normalizedByTheBook(boc))
  for (const hash of [message_hash, message_hash_norm]) {
    const { transactions } = await v3(`transactionsByMessage?msg_hash=${encodeURIComponent(hash)}`)
    expect(transactions).toHaveLength(1)
    expect(transactions[0]?.out_msgs).toMatchObject([
      { value: String(toNano(2)), destination: addressOf(1).toRawString().toUpperCase() },
    ])
  }
  const hex = Buffer.from(message_hash_norm, 'base64').toString('hex')
  expect((await v3(`transactionsByMessage?msg_hash=${hex}`)).transactions).toHaveLength(1)
  expect((await v3(`transactionsByMessage?msg_hash=${'0'.repeat(64)}`)).transactions).toEqual([])
})

test('the same message sent again is refused with the words of a node, and pays nothing', async () => {
  const { ton, client, soonS } = await setupFunded()
  const boc = wallet.sign(0, [{ to: addressOf(1), value: toNano(2) }], soonS())
  expect((await post(`${ton.url}/api/v2/sendBoc`, { boc })).json).toEqual({
    ok: true,
    result: { '@type': 'ok' },
  })
  const again = await post(`${ton.url}/api/v2/sendBocReturnHash`, { boc })
  expect(again).toMatchObject({ status: 500, json: { ok: false, code: 500 } })
  expect((again.json as { error: string }).error).toMatch(
    /^LITE_SERVER_UNKNOWN: cannot apply external message .* exitcode=133/s,
  )
  expect(await post(`${ton.url}/api/v3/message`, { boc })).toMatchObject({
    status: 500,
    json: { error: expect.stringContaining('External message was not accepted') },
  })
  await expect(client.sendFile(Buffer.from(boc, 'base64'))).rejects.toThrow('500')
  expect(await client.getBalance(addressOf(1))).toBe(toNano(2))
})

test('what the real one refuses is refused in its shape', async () => {
  const { ton, get } = await setupFunded()
  const v2 = `${ton.url}/api/v2`
  for (const [path, status, error] of [
    ['/api/v2/getTransactions?address=nonsense', 422, 'Incorrect address'],
    ['/api/v2/getTransactions', 422, 'Incorrect address'],
    [`/api/v2/getTransactions?address=${wallet.address}&limit=1000`, 422, 'limit must be from 1 to 100'],
    [`/api/v2/getTransactions?address=${wallet.address}&lt=1&hash=zz`, 422, 'hash is not a hash'],
    ['/api/v2/noSuchMethod', 404, 'Unknown method'],
    ['/api/v2/constructor', 404, 'Unknown method'],
  ] as const) {
    expect(await get(path), path).toEqual({ status, json: { ok: false, error, code: status } })
  }
  for (const [path, status, error] of [
    ['/api/v3/transactions?account=nonsense', 422, 'Incorrect address'],
    ['/api/v3/transactions?limit=100000', 422, 'limit must be from 1 to 1000'],
    ['/api/v3/transactions?sort=up', 422, 'sort must be asc or desc'],
    ['/api/v3/transactionsByMessage', 422, 'msg_hash is required'],
    ['/api/v3/accountStates', 422, 'address of account is required'],
    ['/api/v3/nothing', 404, 'Not Found'],
  ] as const) {
    expect(await get(path), path).toEqual({ status, json: { error } })
  }
  const badBoc = 'LITE_SERVER_UNKNOWN: cannot deserialize external message'
  expect(await post(`${v2}/sendBoc`, { boc: 'AAAA' })).toEqual({
    status: 500,
    json: { ok: false, error: badBoc, code: 500 },
  })
  expect(await post(`${v2}/jsonRPC`, { id: '7', jsonrpc: '2.0', method: 'eval', params: {} })).toEqual({
    status: 404,
    json: { ok: false, error: 'Unknown method', code: 404, id: '7', jsonrpc: '2.0' },
  })
  expect(await post(`${ton.url}/api/v3/message`, { boc: 'AAAA' })).toEqual({
    status: 500,
    json: { error: badBoc },
  })
  expect(await post(`${v2}/sendBoc`, {})).toMatchObject({ status: 422, json: { error: 'boc is required' } })
})

test('v3 tells accounts and the head as they are, also those nobody used', async () => {
  const { ton, get } = await setupFunded()
  const { json } = await get(
    `/api/v3/accountStates?address=${wallet.address}&address=${addressOf(5).toRawString()}`,
  )
  expect((json as { accounts: unknown[] }).accounts).toMatchObject([
    { address: wallet.address.toUpperCase(), balance: String(toNano(100)), status: 'uninit' },
    { balance: '0', status: 'nonexist', last_transaction_lt: '0' },
  ])
  const head = (await get('/api/v3/masterchainInfo')).json as { last: { gen_utime: string; seqno: number } }
  expect(Number(head.last.gen_utime)).toBeLessThanOrEqual(ton.chain.nowS())
  expect(head.last.seqno).toBeGreaterThan(0)
})

test('v3 runs a get method of a contract', async () => {
  const { ton, soonS } = await setupFunded()
  await ton.chain.send(wallet.sign(0, [{ to: addressOf(1), value: 1n }], soonS()))
  const { json } = await post(`${ton.url}/api/v3/runGetMethod`, {
    address: wallet.address,
    method: 'seqno',
    stack: [],
  })
  expect(json).toMatchObject({ exit_code: 0, stack: [{ type: 'num', value: '0x1' }] })
})

test('faults reach the callers of both APIs', async () => {
  const { ton, get, soonS } = await setupFunded()
  const fault = (body: object) => post(`${ton.url}/fault`, body)
  const boc = wallet.sign(0, [{ to: addressOf(1), value: toNano(1) }], soonS())
  await fault({ type: 'drop-send', times: 1 })
  expect((await post(`${ton.url}/api/v3/message`, { boc })).status).toBe(200)
  expect(await ton.chain.balance(addressOf(1).toRawString())).toBe(0n)
  await fault({ type: 'lose-reply', times: 1 })
  expect(await post(`${ton.url}/api/v2/sendBoc`, { boc })).toMatchObject({
    status: 504,
    json: { ok: false, code: 504 },
  })
  expect(await ton.chain.balance(addressOf(1).toRawString())).toBe(toNano(1))

  await fault({ type: 'fail-read', times: 2 })
  expect((await get('/api/v3/masterchainInfo')).status).toBe(504)
  expect((await get('/api/v2/getMasterchainInfo')).status).toBe(504)
  expect((await get('/api/v2/getMasterchainInfo')).status).toBe(200)

  await fault({ type: 'lag', transactions: 2 })
  expect((await get(`/api/v3/transactions?account=${wallet.address}`)).json).toMatchObject({
    transactions: [],
  })
  await fetch(`${ton.url}/fault`, { method: 'DELETE' })
  const { json } = await get(`/api/v3/transactions?account=${wallet.address}`)
  expect((json as V3).transactions).toHaveLength(2)
  expect(await fault({ type: 'earthquake' })).toMatchObject({ status: 400, json: { ok: false } })
})

test('time goes on by itself, and as far as it is told', async () => {
  let nowMs = 1_800_000_000_000
  const ton = await setupTon({ nowMs: () => nowMs })
  nowMs += 5_000
  expect(ton.chain.nowS()).toBe(1_800_000_005)
  expect((await post(`${ton.url}/time`, { advanceSeconds: 86_400 })).json).toEqual({
    ok: true,
    nowS: 1_800_086_405,
  })
  nowMs += 1_000
  expect(await (await fetch(`${ton.url}/time`)).json()).toEqual({ ok: true, nowS: 1_800_086_406 })
  expect((await post(`${ton.url}/time`, { advanceSeconds: -1 })).status).toBe(400)
})

test('the faucet gives what was asked for and nothing that makes no sense', async () => {
  const ton = await setupTon()
  const faucet = (body: object) => post(`${ton.url}/faucet`, body)
  const to = addressOf(1).toString({ testOnly: true, bounceable: false })
  expect(await faucet({ to, amount: '0.000000001' })).toMatchObject({ status: 200, json: { ok: true } })
  expect(await faucet({ to, amount: 2.5 })).toMatchObject({ status: 200 })
  expect(await faucet({ to })).toMatchObject({ status: 200 })
  expect(await ton.chain.balance(addressOf(1).toRawString())).toBe(toNano('12.500000001'))
  for (const body of [
    { to: 'nobody', amount: '1' },
    { to, amount: '0' },
    { to, amount: '-1' },
    { to, amount: '1e3' },
    { to, amount: '1000001' },
    { to, amount: '0.0000000001' },
    {},
  ]) {
    expect((await faucet(body)).status, JSON.stringify(body)).toBe(400)
  }
  expect(await ton.chain.balance(addressOf(1).toRawString())).toBe(toNano('12.500000001'))
})

test("pages of this machine may call, other sites' pages may not", async () => {
  const ton = await setupTon()
  const call = (origin: string) => fetch(`${ton.url}/api/v3/masterchainInfo`, { headers: { origin } })
  const own = await call('http://127.0.0.1:8787')
  expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  expect((await call('http://localhost:5173')).status).toBe(200)
  for (const origin of ['https://evil.example', 'http://127.0.0.1.evil.example', 'null']) {
    expect((await call(origin)).status, origin).toBe(403)
  }
})

test('an internal message cannot be sent from outside', async () => {
  const { ton, get } = await setupFunded()
  const [deposit] = ton.chain.visibleTransactions(wallet.address)
  const forged = deposit?.transaction.inMessage
  if (!forged) throw new Error('no deposit')
  const boc = beginCell().store(storeMessage(forged)).endCell().toBoc().toString('base64')
  expect((await post(`${ton.url}/api/v2/sendBoc`, { boc })).status).toBe(500)
  const { json } = await get(`/api/v2/getAddressBalance?address=${wallet.address}`)
  expect(json).toEqual({ ok: true, result: String(toNano(100)) })
})

/** The recipe of TEP-467, as TON Connect's documentation writes it. */
function normalizedByTheBook(boc: string): string {
  const message = loadMessage(Cell.fromBase64(boc).beginParse())
  if (message.info.type !== 'external-in') throw new Error('not an external message')
  const normal = { ...message, init: null, info: { ...message.info, src: undefined, importFee: 0n } }
  return beginCell()
    .store(storeMessage(normal, { forceRef: true }))
    .endCell()
    .hash()
    .toString('base64')
}
