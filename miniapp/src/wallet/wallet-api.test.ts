import { expect, test } from 'vitest'
import type { Session } from '../session/session.ts'
import { createWalletApi } from './wallet-api.ts'

const MONEY = {
  account: 7,
  available_nano: '1',
  held_nano: '0',
  withdrawable_nano: '0',
  accruing_nano: '0',
  payable_nano: '0',
}
const WAY = { network: '-3', address: 'kQhot', comment: 'c', body: 'te6', minimum_nano: '1000000' }
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/v1/balance': MONEY,
  '/api/wallet': { wallet: null, next: null },
  '/v1/payouts': {
    data: [],
    terms: { minimum_nano: '20', fee_nano: '5', automatic_from_nano: '100', frozen: false },
  },
  '/v1/deposits': { data: [{ id: '7:ab', amount_nano: '5', state: 'credited', at: 3 }] },
  '/v1/deposit': WAY,
  '/v1/ton': { network: '-3', explorer_url: null, wallets_list_url: null, wallet_script_url: null },
  '/v1/earnings?jobs=1': { matures_after_s: 60, jobs: [{ ended_at: 100 }] },
}

/** A coordinator with these answers; a string is the reason of a refusal. */
function setup(overrides: Record<string, unknown> = {}) {
  const answers: Record<string, unknown> = { ...ANSWERS, ...overrides }
  const asked: string[] = []
  const ask: Session['ask'] = async (path, parse) => {
    asked.push(path)
    const answer = answers[path]
    if (typeof answer === 'string') return { ok: false, reason: answer, sentence: undefined }
    const value = parse(answer)
    return value === undefined ? { ok: false, reason: 'failed', sentence: undefined } : { ok: true, value }
  }
  const api = createWalletApi({ ask, open: () => expect.unreachable() })
  const times = (path: string) => asked.filter((one) => one === path).length
  return { api, answers, times }
}

test('everything of the wallet is read, and how to pay in only once: asking for it stirs the network', async () => {
  const { api, times } = setup()
  const read = await api.readFacts()
  expect(read).toMatchObject({
    ok: true,
    value: {
      account: 7,
      money: { available: 1n },
      accruedByMs: undefined,
      wallet: undefined,
      deposit: { address: 'kQhot', minimum: 1_000_000n, explorer: undefined },
      terms: { minimum: 20n, fee: 5n, automaticFrom: 100n },
      movements: [{ id: '7:ab', direction: 'in', amount: 5n, atMs: 3000 }],
    },
  })
  await api.readFacts()
  expect(times('/v1/deposit')).toBe(1)
  expect(times('/v1/balance')).toBe(2)
  expect(times('/v1/earnings?jobs=1')).toBe(0)
})

test('a network without coins is one, and one that did not answer is asked again', async () => {
  const off = setup({ '/v1/deposit': 'deposits_off' })
  expect(await off.api.readFacts()).toMatchObject({ ok: true, value: { deposit: undefined } })
  await off.api.readFacts()
  expect(off.times('/v1/deposit')).toBe(1)

  const late = setup({ '/v1/deposit': 'unreachable' })
  expect(await late.api.readFacts()).toMatchObject({ ok: true, value: { deposit: undefined } })
  late.answers['/v1/deposit'] = WAY
  expect(await late.api.readFacts()).toMatchObject({ value: { deposit: { address: 'kQhot' } } })
})

test('by when earnings are ready is asked when they changed, and only then', async () => {
  const { api, answers, times } = setup({ '/v1/balance': { ...MONEY, accruing_nano: '9' } })
  expect(await api.readFacts()).toMatchObject({ value: { accruedByMs: 160_000 } })
  await api.readFacts()
  expect(times('/v1/earnings?jobs=1')).toBe(1)
  answers['/v1/balance'] = { ...MONEY, accruing_nano: '10' }
  await api.readFacts()
  expect(times('/v1/earnings?jobs=1')).toBe(2)
})

test('the reason of a refusal is handed on', async () => {
  const { api } = setup({ '/api/wallet': 'account_gone' })
  expect(await api.readFacts()).toMatchObject({ ok: false, reason: 'account_gone' })
})
