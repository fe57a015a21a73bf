import { expect, test } from 'vitest'
import { proofDomain } from './proof-domain.ts'
import { bindWallet, cancelChange, payoutAddress, settleWallet, WALLET_CHANGE_MS } from './wallet.ts'

const OLD = '0:old'
const NEW = '0:new'
const T = 1_795_348_800_000
const bound = bindWallet(undefined, OLD, T)

test('the first wallet counts at once', () => {
  expect(bound).toEqual({ address: OLD, provenAtMs: T, next: undefined })
  expect(payoutAddress(bound, T)).toBe(OLD)
})
test('another wallet counts after 24 hours, and until then nothing is paid out', () => {
  const waiting = bindWallet(bound, NEW, T + 1)
  expect(waiting).toEqual({ ...bound, next: { address: NEW, fromMs: T + 1 + 86_400_000 } })
  expect(settleWallet(waiting, T + WALLET_CHANGE_MS)).toEqual(waiting)
  expect(payoutAddress(waiting, T + WALLET_CHANGE_MS)).toBeUndefined()
  expect(payoutAddress(waiting, T + 1 + WALLET_CHANGE_MS)).toBe(NEW)
})
test('a second request in the meantime starts the wait again', () => {
  const first = bindWallet(bound, NEW, T + 1)
  for (const address of [NEW, '0:third']) {
    const again = bindWallet(first, address, T + 1000)
    expect(again.next).toEqual({ address, fromMs: T + 1000 + WALLET_CHANGE_MS })
    expect(again.address).toBe(OLD)
  }
})
test('a change that is due is made before the next one is planned', () => {
  const due = bindWallet(bound, NEW, T)
  const later = T + WALLET_CHANGE_MS
  expect(bindWallet(due, OLD, later)).toEqual({
    address: NEW,
    provenAtMs: later,
    next: { address: OLD, fromMs: later + WALLET_CHANGE_MS },
  })
})
test('a change is taken back by saying so, or by proving the present wallet', () => {
  const waiting = bindWallet(bound, NEW, T + 1)
  expect(cancelChange(waiting, T + 2)).toEqual(bound)
  expect(bindWallet(waiting, OLD, T + 2)).toEqual({ address: OLD, provenAtMs: T + 2, next: undefined })
})
test('a change that counts already cannot be taken back', () => {
  const waiting = bindWallet(bound, NEW, T)
  expect(cancelChange(waiting, T + WALLET_CHANGE_MS)).toMatchObject({ address: NEW, next: undefined })
})
test("the request's own address is a domain on a test network only", () => {
  const origin = 'http://127.0.0.1:8787'
  const publicUrl = 'https://sharnaqa.example/app'
  expect(proofDomain({ publicUrl, network: '-239', origin })).toBe('sharnaqa.example')
  expect(proofDomain({ publicUrl: undefined, network: '-3', origin })).toBe('127.0.0.1:8787')
  expect(proofDomain({ publicUrl: undefined, network: '-239', origin })).toBeUndefined()
})
