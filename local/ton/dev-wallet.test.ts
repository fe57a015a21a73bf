import { createHash, createPublicKey, verify } from 'node:crypto'
import { Address, Cell, comment, contractAddress, loadStateInit, toNano } from '@ton/core'
import { expect, test } from 'vitest'
import { createDevWallet, type TonProof } from './dev-wallet.ts'
import { createSandboxChain, parseExternal, STANDING_CLOCK_S } from './sandbox-chain.ts'
import { addressOf } from './test-ton.ts'

const nowMs = () => STANDING_CLOCK_S * 1000
const friendly = (number: number, bounceable = false) =>
  addressOf(number).toString({ testOnly: true, bounceable })

async function setupWallet(coins = toNano(100)) {
  const chain = await createSandboxChain()
  const wallet = createDevWallet(chain, { seed: Buffer.alloc(32, 5), nowMs })
  if (coins > 0n) await chain.faucet(wallet.account.address, coins)
  return { chain, wallet }
}

/** Checks a proof from the words of the specification alone, without any code of ours or of TON's. */
function isProofGood(address: string, publicKeyHex: string, proof: TonProof): boolean {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  const [workchain = '', hash = ''] = address.split(':')
  const workchainBytes = Buffer.alloc(4)
  workchainBytes.writeInt32BE(Number(workchain))
  const lengthBytes = Buffer.alloc(4)
  lengthBytes.writeUInt32LE(proof.domain.lengthBytes)
  const timeBytes = Buffer.alloc(8)
  timeBytes.writeBigUInt64LE(BigInt(proof.timestamp))
  const message = Buffer.concat([
    Buffer.from('ton-proof-item-v2/', 'utf8'),
    workchainBytes,
    Buffer.from(hash, 'hex'),
    lengthBytes,
    Buffer.from(proof.domain.value, 'utf8'),
    timeBytes,
    Buffer.from(proof.payload, 'utf8'),
  ])
  const signed = sha256(
    Buffer.concat([Buffer.from('ffff', 'hex'), Buffer.from('ton-connect'), sha256(message)]),
  )
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKeyHex, 'hex').toString('base64url') },
  })
  return verify(null, signed, key, Buffer.from(proof.signature, 'base64'))
}

test('a proof verifies against the address and the key, and nothing in it can be changed', async () => {
  const { wallet } = await setupWallet(0n)
  const { address, publicKey } = wallet.account
  const proof = wallet.signProof('мини.example:8787', 'nonce-1')
  expect(proof).toMatchObject({
    timestamp: STANDING_CLOCK_S,
    payload: 'nonce-1',
    domain: { value: 'мини.example:8787', lengthBytes: 21 },
  })
  expect(isProofGood(address, publicKey, proof)).toBe(true)
  expect(isProofGood(address, publicKey, { ...proof, payload: 'nonce-2' })).toBe(false)
  expect(isProofGood(address, publicKey, { ...proof, timestamp: proof.timestamp + 1 })).toBe(false)
  expect(isProofGood(address, publicKey, { ...proof, domain: { ...proof.domain, value: 'evil' } })).toBe(
    false,
  )
  expect(isProofGood(addressOf(1).toRawString(), publicKey, proof)).toBe(false)
})

test("the wallet's state gives its address and its key, as a server checks it", async () => {
  const { wallet } = await setupWallet(0n)
  const { address, walletStateInit, publicKey, network } = wallet.account
  const init = loadStateInit(Cell.fromBase64(walletStateInit).beginParse())
  expect(contractAddress(0, { code: init.code ?? null, data: init.data ?? null }).toRawString()).toBe(address)
  const data = init.data?.beginParse().skip(1 + 32 + 32)
  expect(data?.loadBuffer(32).toString('hex')).toBe(publicKey)
  expect(network).toBe('-3')
})

test('a transaction is previewed, sent, and its message answered as a BOC that ran', async () => {
  const { chain, wallet } = await setupWallet()
  const request = {
    valid_until: STANDING_CLOCK_S + 60,
    network: '-3',
    from: wallet.account.address,
    messages: [
      {
        address: friendly(1),
        amount: String(toNano('1.5')),
        payload: comment('top up').toBoc().toString('base64'),
      },
      { address: friendly(2), amount: '1' },
    ],
  }
  expect(await wallet.preview(request)).toEqual({
    ok: true,
    preview: {
      total: String(toNano('1.5') + 1n),
      messages: [
        { to: friendly(1), amount: String(toNano('1.5')), comment: 'top up' },
        { to: friendly(2), amount: '1', comment: null },
      ],
    },
  })
  expect(await chain.balance(addressOf(1).toRawString())).toBe(0n)
  const sent = await wallet.send(request)
  if (!sent.ok) throw new Error(sent.message)
  expect(await chain.balance(addressOf(1).toRawString())).toBe(toNano('1.5'))
  const ran = chain
    .allTransactions()
    .find(({ transaction }) => transaction.inMessage?.info.type === 'external-in')
  expect(ran?.transaction.inMessage?.body.hash()).toEqual(parseExternal(sent.boc)?.body.hash())
  expect((await wallet.send(request)).ok).toBe(true)
  expect(await chain.balance(addressOf(1).toRawString())).toBe(toNano(3))
})

test('255 messages go in one transaction, 256 are refused', async () => {
  const { chain, wallet } = await setupWallet()
  const messages = Array.from({ length: 256 }, (_, index) => ({
    address: friendly(index),
    amount: '10000000',
  }))
  expect(await wallet.send({ messages })).toMatchObject({ ok: false, code: 1 })
  expect(await wallet.send({ messages: messages.slice(1) })).toMatchObject({ ok: true })
  expect(await chain.balance(addressOf(255).toRawString())).toBe(10_000_000n)
}, 60_000)

test('two transactions confirmed at once are both sent', async () => {
  const { chain, wallet } = await setupWallet()
  const pay = (number: number) => wallet.send({ messages: [{ address: friendly(number), amount: '5' }] })
  await Promise.all([pay(1), pay(2)])
  expect(await chain.balance(addressOf(1).toRawString())).toBe(5n)
  expect(await chain.balance(addressOf(2).toRawString())).toBe(5n)
})

test('a payment to a bounceable address without a contract comes back', async () => {
  const { chain, wallet } = await setupWallet()
  const amount = String(toNano(1))
  await wallet.send({ messages: [{ address: friendly(1, true), amount }] })
  expect(await chain.balance(addressOf(1).toRawString())).toBe(0n)
  expect(await chain.balance(wallet.account.address)).toBeGreaterThan(toNano('99.9'))
})

test('a message may bring a state: the contract is deployed by it', async () => {
  const { chain, wallet } = await setupWallet()
  const other = createDevWallet(chain, { seed: Buffer.alloc(32, 6), nowMs }).account
  const address = Address.parse(other.address).toString({ testOnly: true, bounceable: false })
  await wallet.send({ messages: [{ address, amount: String(toNano(1)), stateInit: other.walletStateInit }] })
  expect(await chain.readAccount(other.address)).toMatchObject({ isActive: true, seqno: 0 })
})

test('on a chain that is days ahead a transaction still has its minutes', async () => {
  const { chain, wallet } = await setupWallet()
  chain.advance(3 * 24 * 3600)
  const request = { valid_until: STANDING_CLOCK_S + 60, messages: [{ address: friendly(1), amount: '5' }] }
  expect(await wallet.send(request)).toMatchObject({ ok: true })
  expect(await chain.balance(addressOf(1).toRawString())).toBe(5n)
})

test('what TON Connect forbids is refused with its number, and nothing is sent', async () => {
  const { chain, wallet } = await setupWallet(toNano(10))
  const messages = [{ address: friendly(1), amount: '5' }]
  const before = chain.allTransactions().length
  for (const [request, code] of [
    [{ messages, network: '-239' }, 1],
    [{ messages, valid_until: STANDING_CLOCK_S }, 1],
    [{ messages, valid_until: STANDING_CLOCK_S - 1 }, 1],
    [{ messages, from: addressOf(1).toRawString() }, 1],
    [{ messages, from: 'nobody' }, 1],
    [{ messages: [] }, 1],
    [{ messages: [{ address: 'nobody', amount: '5' }] }, 1],
    [{ messages: [{ address: friendly(1), amount: '-5' }] }, 1],
    [{ messages: [{ address: friendly(1), amount: '0.5' }] }, 1],
    [{ messages: [{ address: friendly(1), amount: 5 }] }, 1],
    [{ messages: [{ address: friendly(1), amount: '5', payload: 'AAAA' }] }, 1],
    [{ messages: [{ address: friendly(1), amount: String(toNano(10)) }] }, 0],
    ['nonsense', 1],
    [undefined, 1],
  ] as const) {
    expect(await wallet.preview(request), JSON.stringify(request)).toMatchObject({ ok: false, code })
    expect(await wallet.send(request), JSON.stringify(request)).toMatchObject({ ok: false, code })
  }
  expect(chain.allTransactions()).toHaveLength(before)
})
