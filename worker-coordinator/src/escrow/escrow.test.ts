import { beforeAll, expect, test, vi } from 'vitest'
import { toBase64Url, toHex } from '../../../protocol/src/canonical-json.ts'
import { registrationText, signVoucher } from '../../../protocol/src/escrow/voucher.ts'
import { nano } from '../../../protocol/src/money.ts'
import { type AcceptVoucherDeps, acceptVoucher } from './accept-voucher.ts'
import { type FindCollectsDeps, findCollects, isTimeToCollect } from './collect-plan.ts'
import { COLLECT_AGE_MS, COLLECT_MIN, COLLECT_WORTH_MIN, type EscrowState } from './escrow.ts'
import type { Escrow } from './escrow-store.ts'
import { type RegisterEscrowDeps, registerEscrow } from './register-escrow.ts'

const ADDRESS = `0:${'ab'.repeat(32)}`
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const OPEN: EscrowState = { term: 46n, collected: 1_000n, closeAtS: 0, available: 9_000n }

let pair: CryptoKeyPair
let sessionKey: string
beforeAll(async () => {
  pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  sessionKey = toHex(new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer))
})

const sign = async (cumulative: bigint, term = 46n) =>
  toBase64Url(await signVoucher(pair.privateKey, { address: ADDRESS, term, cumulative: nano(cumulative) }))

const kept = (overrides: Partial<Escrow> = {}): Escrow => ({
  address: ADDRESS,
  accountId: 7,
  sessionKey,
  allowed: nano(0n),
  signature: null,
  collected: nano(0n),
  createdAt: NOW_MS,
  ...overrides,
})

function setupAccept(escrow: Escrow | undefined, overrides: Partial<AcceptVoucherDeps> = {}) {
  const deps: AcceptVoucherDeps = {
    findEscrow: async () => escrow,
    readEscrowState: async () => ({ ok: true, state: OPEN }),
    keepVoucher: vi.fn(async ({ allowed, signature }) => kept({ allowed, signature })),
    ...overrides,
  }
  const accept = (cumulative: bigint, signature: string, accountId = 7) =>
    acceptVoucher(deps, { accountId, address: ADDRESS, cumulative: nano(cumulative), signature })
  return { deps, accept }
}

test('a voucher that the contract would honour is kept', async () => {
  const { accept, deps } = setupAccept(kept())
  const signature = await sign(10_000n)
  expect(await accept(10_000n, signature)).toMatchObject({ ok: true, escrow: { allowed: 10_000n } })
  expect(deps.keepVoucher).toHaveBeenCalledExactlyOnceWith({
    address: ADDRESS,
    allowed: 10_000n,
    signature,
    dead: undefined,
  })
})

test('nothing is kept that the contract would refuse', async () => {
  const keepVoucher = vi.fn()
  const { accept } = setupAccept(kept(), { keepVoucher })
  expect(await accept(10_001n, await sign(10_001n))).toMatchObject({ reason: 'voucher-over-balance' })
  expect(await accept(1_000n, await sign(1_000n))).toMatchObject({ reason: 'voucher-not-higher' })
  expect(await accept(5_000n, await sign(5_001n))).toMatchObject({ reason: 'bad-voucher-signature' })
  expect(await accept(5_000n, await sign(5_000n, 45n))).toMatchObject({ reason: 'bad-voucher-signature' })
  expect(await accept(5_000n, '')).toMatchObject({ reason: 'bad-voucher-signature' })
  expect(await accept(5_000n, await sign(5_000n), 8)).toMatchObject({ reason: 'escrow-not-found' })
  expect(keepVoucher).not.toHaveBeenCalled()
})

test.for([
  ['escrow-empty', { ok: true, state: { ...OPEN, term: 0n } }],
  ['escrow-closing', { ok: true, state: { ...OPEN, closeAtS: 1 } }],
  ['not-deployed', { ok: false, reason: 'not-deployed' }],
  ['chain-silent', { ok: false, reason: 'chain-silent' }],
] as const)('a voucher is refused as %s by what the chain says now', async ([reason, read]) => {
  const { accept } = setupAccept(kept(), { readEscrowState: async () => read })
  expect(await accept(5_000n, await sign(5_000n))).toEqual({ ok: false, reason })
})

test('the same voucher again changes nothing, a lower one is refused', async () => {
  const signature = await sign(5_000n)
  const escrow = kept({ allowed: nano(5_000n), signature })
  const { accept, deps } = setupAccept(escrow)
  expect(await accept(5_000n, signature)).toEqual({ ok: true, escrow })
  expect(await accept(4_999n, await sign(4_999n))).toMatchObject({ reason: 'voucher-not-higher' })
  expect(deps.keepVoucher).not.toHaveBeenCalled()
})

test('a voucher of an earlier term makes way for a lower one of the present term', async () => {
  const dead = await sign(9_000n, 45n)
  const { accept, deps } = setupAccept(kept({ allowed: nano(9_000n), signature: dead }))
  expect(await accept(2_000n, await sign(2_000n))).toMatchObject({ ok: true })
  expect(deps.keepVoucher).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ dead }))
})

test('a living voucher makes way for higher ones only', async () => {
  const { accept, deps } = setupAccept(kept({ allowed: nano(5_000n), signature: await sign(5_000n) }))
  expect(await accept(6_000n, await sign(6_000n))).toMatchObject({ ok: true })
  expect(deps.keepVoucher).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ dead: undefined }))
})

test('a voucher that lost a race to a higher one is not said to be kept', async () => {
  const { accept } = setupAccept(kept(), {
    keepVoucher: async () => kept({ allowed: nano(9_000n), signature: 'another' }),
  })
  expect(await accept(5_000n, await sign(5_000n))).toMatchObject({ reason: 'voucher-not-higher' })
})

async function setupRegister(overrides: Partial<RegisterEscrowDeps> = {}, signedFor = 7, delay = 86_400) {
  const text = new TextEncoder().encode(registrationText({ address: ADDRESS, accountId: signedFor }))
  const signature = toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, text)))
  const terms = {
    owner: ADDRESS,
    session_key: sessionKey,
    close_delay_seconds: delay,
    day_cap_nano: nano(0n),
    salt: 0,
  }
  const addEscrow = vi.fn(async () => ({ ok: true as const, escrow: kept() }))
  const deps: RegisterEscrowDeps = {
    deriveEscrowAddress: () => ADDRESS,
    readEscrowState: async () => ({ ok: true, state: OPEN }),
    addEscrow,
    ...overrides,
  }
  return { addEscrow, result: await registerEscrow(deps, 7, { address: ADDRESS, terms, signature }) }
}

test('an escrow of ours joins the account that its session key names', async () => {
  const { addEscrow, result } = await setupRegister()
  expect(result).toMatchObject({ ok: true })
  expect(addEscrow).toHaveBeenCalledExactlyOnceWith({
    address: ADDRESS,
    accountId: 7,
    sessionKey,
    collected: 1_000n,
  })
})

test('an escrow that is not ours, not deployed, closes too fast or names another account joins nobody', async () => {
  const refused = await Promise.all([
    setupRegister({ deriveEscrowAddress: () => `0:${'00'.repeat(32)}` }),
    setupRegister({ readEscrowState: async () => ({ ok: false, reason: 'not-deployed' }) }),
    setupRegister({}, 7, 86_399),
    setupRegister({}, 8),
  ])
  expect(refused.map(({ result }) => result)).toEqual(
    ['not-our-escrow', 'not-deployed', 'delay-too-short', 'bad-registration-signature'].map((reason) => ({
      ok: false,
      reason,
    })),
  )
  for (const { addEscrow } of refused) expect(addEscrow).not.toHaveBeenCalled()
})

test('much is collected at once, little after a day, next to nothing never, and all of it when the owner leaves', () => {
  const state = (available: bigint, closeAtS = 0): EscrowState => ({
    ...OPEN,
    collected: 0n,
    available,
    closeAtS,
  })
  const isTime = (allowed: bigint, ageMs: number, of = state(10n ** 12n)) =>
    isTimeToCollect({ allowed, lastCollectedAtMs: NOW_MS - ageMs, state: of }, NOW_MS)
  expect(isTime(COLLECT_MIN, 0)).toBe(true)
  expect(isTime(COLLECT_MIN - 1n, 0)).toBe(false)
  expect(isTime(COLLECT_MIN - 1n, COLLECT_AGE_MS)).toBe(true)
  expect(isTime(COLLECT_WORTH_MIN - 1n, 365 * COLLECT_AGE_MS)).toBe(false)
  expect(isTime(COLLECT_WORTH_MIN, 0, state(10n ** 12n, 1))).toBe(true)
  expect(isTime(COLLECT_MIN, 0, state(COLLECT_WORTH_MIN - 1n, 1))).toBe(false)
})

test('collects are planned by what the contracts say now, and dead vouchers are not brought', async () => {
  const sum = COLLECT_MIN + 1_000n
  const open = async (index: number, signature: string) => ({
    ...kept({ address: ADDRESS, allowed: nano(sum) }),
    signature,
    lastCollectedAtMs: NOW_MS,
    createdAt: index,
  })
  const alive = await open(1, await sign(sum))
  const dead = await open(2, await sign(sum, 45n))
  const noteCollected = vi.fn(async () => {})
  const deps: FindCollectsDeps = {
    listOpenEscrows: async () => [alive, dead],
    readEscrowState: async () => ({ ok: true, state: { ...OPEN, available: 10n ** 12n } }),
    noteCollected,
  }
  expect(await findCollects(deps, NOW_MS)).toEqual([
    { address: ADDRESS, cumulative: sum, signature: alive.signature },
  ])
  expect(noteCollected).toHaveBeenCalledWith(ADDRESS, 1_000n)
  const silent = { ...deps, readEscrowState: async () => ({ ok: false, reason: 'chain-silent' }) as const }
  expect(await findCollects(silent, NOW_MS)).toEqual([])
})
