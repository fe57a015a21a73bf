import { Address, beginCell, Cell, contractAddress, storeStateInit } from '@ton/core'
import { keyPairFromSeed, sign } from '@ton/crypto'
import { expect, test, vi } from 'vitest'
import { toFriendlyAddress } from '../../ton/address.ts'
import {
  checkProof,
  type ProofExpectation,
  type ProofFault,
  proofDigest,
  type TonProof,
} from './check-proof.ts'
import { signProof, VERSIONS } from './proof-fixture.ts'
import { readPublicKey } from './read-public-key.ts'

const NOW_S = 1_795_348_800
const DOMAIN = 'sharnaqa.example'
const expected: ProofExpectation = { network: '-239', domain: DOMAIN, nowMs: NOW_S * 1000 }
const make = (changes: Partial<Parameters<typeof signProof>[0]> = {}) =>
  signProof({ domain: DOMAIN, nonce: 'nonce-1', timestampS: NOW_S - 10, ...changes })
const alter = (proof: TonProof, part: Partial<TonProof['proof']>): TonProof => ({
  ...proof,
  proof: { ...proof.proof, ...part },
})
const reasonOf = async (proof: TonProof, changes: Partial<ProofExpectation> = {}) => {
  const checked = await checkProof(proof, { ...expected, ...changes })
  return checked.ok ? 'ok' : checked.reason
}

test.each(['v3r2', 'v4r2', 'v5r1'] as const)('a wallet %s shows that it is its own', async (version) => {
  const proof = await make({ version })
  expect(await checkProof(proof, expected)).toEqual({ ok: true, address: proof.address, nonce: 'nonce-1' })
})
test('the digest is the one of the specification, byte by byte', async () => {
  const digest = await proofDigest(
    Address.parseRaw(`0:${'ab'.repeat(32)}`),
    new TextEncoder().encode('ton.example'),
    1_700_000_000,
    'payload',
  )
  const { createHash } = await import('node:crypto')
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest()
  const message = Buffer.concat([
    Buffer.from('ton-proof-item-v2/'),
    Buffer.from([0, 0, 0, 0]),
    Buffer.alloc(32, 0xab),
    Buffer.from([11, 0, 0, 0]),
    Buffer.from('ton.example'),
    Buffer.from([0x00, 0xf1, 0x53, 0x65, 0, 0, 0, 0]),
    Buffer.from('payload'),
  ])
  const whole = hash(Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.from('ton-connect'), hash(message)]))
  expect(Buffer.from(digest).toString('hex')).toBe(whole.toString('hex'))
})
test('a domain is counted in bytes, not in letters', async () => {
  const domain = 'شرنقة.example'
  const proof = await make({ domain })
  expect(await reasonOf(proof, { domain })).toBe('ok')
  const inLetters = alter(proof, { domain: { value: domain, lengthBytes: domain.length } })
  expect(await reasonOf(inLetters, { domain })).toBe('wrong-domain')
})
test('a proof is good for 300 seconds, and 60 ahead of our clock, to the second', async () => {
  expect(await reasonOf(await make({ timestampS: NOW_S - 300 }))).toBe('ok')
  expect(await reasonOf(await make({ timestampS: NOW_S - 301 }))).toBe('stale-proof')
  expect(await reasonOf(await make({ timestampS: NOW_S + 60 }))).toBe('ok')
  expect(await reasonOf(await make({ timestampS: NOW_S + 61 }))).toBe('future-proof')
})

const other = () => make({ seed: 2 })
const refusals: readonly (readonly [string, ProofFault, () => Promise<TonProof>])[] = [
  ['for another domain', 'wrong-domain', () => make({ domain: 'evil.example' })],
  ['of the test network', 'wrong-network', () => make({ network: '-3' })],
  [
    'whose domain has another length',
    'wrong-domain',
    async () => alter(await make(), { domain: { value: DOMAIN, lengthBytes: 3 } }),
  ],
  [
    'whose domain was changed after signing',
    'bad-signature',
    async () =>
      alter(
        await make({ domain: 'evil.example' }),
        (await make()).proof && { domain: (await make()).proof.domain },
      ),
  ],
  [
    'with the address of another wallet',
    'wrong-state-init',
    async () => ({ ...(await make()), address: (await other()).address }),
  ],
  [
    'with the address and the state of another wallet',
    'bad-signature',
    async () => {
      const { address, stateInit } = await other()
      return { ...(await make()), address, stateInit }
    },
  ],
  [
    'with the signature of another wallet',
    'bad-signature',
    async () => alter(await make(), { signature: (await other()).proof.signature }),
  ],
  [
    'with another nonce than was signed',
    'bad-signature',
    async () => alter(await make(), { payload: 'nonce-2' }),
  ],
  [
    'with another time than was signed',
    'bad-signature',
    async () => alter(await make(), { timestamp: NOW_S }),
  ],
  ['without a signature', 'bad-signature', async () => alter(await make(), { signature: '' })],
  ['with half a signature', 'bad-signature', async () => alter(await make(), { signature: 'AAAA' })],
  ['whose signature is not base64', 'malformed-proof', async () => alter(await make(), { signature: '%%%' })],
  ['with an empty state', 'malformed-proof', async () => ({ ...(await make()), stateInit: '' })],
  ['with a broken state', 'malformed-proof', async () => ({ ...(await make()), stateInit: 'AA==' })],
  [
    'with a state that is cut off',
    'malformed-proof',
    async () => {
      const proof = await make()
      return { ...proof, stateInit: proof.stateInit.slice(0, 60) }
    },
  ],
  [
    'with an address that is none',
    'malformed-proof',
    async () => ({ ...(await make()), address: 'EQ-nonsense' }),
  ],
  ['with an empty address', 'malformed-proof', async () => ({ ...(await make()), address: '' })],
  [
    'of the masterchain',
    'wrong-workchain',
    async () => {
      const proof = await make()
      return { ...proof, address: proof.address.replace(/^0:/, '-1:') }
    },
  ],
  [
    'with half a second in its time',
    'malformed-proof',
    async () => alter(await make(), { timestamp: NOW_S - 0.5 }),
  ],
  ['without a time', 'malformed-proof', async () => alter(await make(), { timestamp: Number.NaN })],
  ['from before 1970', 'malformed-proof', async () => alter(await make(), { timestamp: -1 })],
]
test.each(refusals)('a proof %s is refused: %s', async (_, reason, proof) => {
  expect(await reasonOf(await proof())).toBe(reason)
})

test('no byte of a good proof can be turned', async () => {
  const proof = await make()
  const bytes = Buffer.from(proof.proof.signature, 'base64')
  for (let at = 0; at < bytes.length; at += 7) {
    const turned = Buffer.from(bytes)
    turned[at] = (turned[at] ?? 0) ^ 1
    expect(await reasonOf(alter(proof, { signature: turned.toString('base64') }))).toBe('bad-signature')
  }
})
test('whatever the bytes of a state are, the answer is a refusal and not a throw', async () => {
  const proof = await make()
  const bytes = Buffer.from(proof.stateInit, 'base64')
  for (let at = 0; at < bytes.length; at += 5) {
    const turned = Buffer.from(bytes)
    turned[at] = (turned[at] ?? 0) ^ 0x55
    expect(await reasonOf({ ...proof, stateInit: turned.toString('base64') })).not.toBe('ok')
  }
})

/** A wallet of unknown code that keeps its key elsewhere. */
async function strangeWallet() {
  const keys = keyPairFromSeed(Buffer.alloc(32, 9))
  const init = {
    code: beginCell().storeUint(0xc0de, 16).endCell(),
    data: beginCell().storeBuffer(keys.publicKey).endCell(),
  }
  const address = contractAddress(0, init)
  const digest = await proofDigest(address, new TextEncoder().encode(DOMAIN), NOW_S, 'nonce-1')
  const stateInit = beginCell().store(storeStateInit(init)).endCell().toBoc().toString('base64')
  const proof: TonProof = {
    address: address.toRawString(),
    network: '-239',
    stateInit,
    proof: {
      timestamp: NOW_S,
      domain: { lengthBytes: DOMAIN.length, value: DOMAIN },
      payload: 'nonce-1',
      signature: sign(Buffer.from(digest), keys.secretKey).toString('base64'),
    },
  }
  return { proof, publicKey: new Uint8Array(keys.publicKey) }
}
test('the chain is asked for the key of a wallet of unknown code, and only of such a one', async () => {
  const { proof, publicKey } = await strangeWallet()
  expect(await reasonOf(proof)).toBe('unknown-wallet')
  expect(await reasonOf(proof, { readPublicKey: async () => undefined })).toBe('unknown-wallet')
  const asked = vi.fn(async () => publicKey)
  expect(await reasonOf(proof, { readPublicKey: asked })).toBe('ok')
  expect(asked).toHaveBeenCalledExactlyOnceWith(proof.address)
  expect(await reasonOf(proof, { readPublicKey: async () => new Uint8Array(32).fill(7) })).toBe(
    'bad-signature',
  )
  const never = vi.fn()
  await checkProof(await make(), { ...expected, readPublicKey: never })
  expect(never).not.toHaveBeenCalled()
})
test("a wallet's get_public_key is read as 32 bytes, and a chain that fails as no key", async () => {
  const run = (exitCode: number, numbers: bigint[]) =>
    readPublicKey({ runGetMethod: async () => ({ exitCode, numbers }) }, '0:00')
  expect(await run(0, [0x0102n])).toEqual(Uint8Array.from([...Array.from({ length: 30 }, () => 0), 1, 2]))
  expect(await run(11, [1n])).toBeUndefined()
  expect(await run(0, [])).toBeUndefined()
  expect(await run(0, [1n << 256n])).toBeUndefined()
  const down = { runGetMethod: () => Promise.reject(new Error('down')) }
  expect(await readPublicKey(down, '0:00')).toBeUndefined()
})
test('a state whose code was cut away is refused, though its hash would fit', async () => {
  const publicKey = keyPairFromSeed(Buffer.alloc(32, 1)).publicKey
  const { init } = VERSIONS.v4r2.create({ workchain: 0, publicKey })
  const pruned = new Cell({
    exotic: true,
    bits: beginCell()
      .storeUint(1, 8)
      .storeUint(1, 8)
      .storeBuffer(init.code.hash())
      .storeUint(init.code.depth(), 16)
      .endCell()
      .beginParse()
      .loadBits(288),
  })
  const cell = beginCell().storeUint(0b00110, 5).storeRef(pruned).storeRef(init.data).endCell()
  const proof = await make({ version: 'v4r2' })
  expect(await reasonOf({ ...proof, stateInit: cell.toBoc().toString('base64') })).toBe('malformed-proof')
})
test('addresses are shown as wallets show them, apart by network', () => {
  const raw = `0:${'83df'.repeat(16)}`
  expect(toFriendlyAddress(raw, '-239')).toMatch(/^UQ/)
  expect(toFriendlyAddress(raw, '-3')).toMatch(/^0Q/)
})
