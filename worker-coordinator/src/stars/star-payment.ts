import type { Nano } from '../../../protocol/src/money.ts'

/** For how long Stars can be had back. */
export const STAR_REFUND_MS = 21 * 24 * 60 * 60 * 1000

/** A payment in Stars and the credit that it bought. */
export type StarPayment = {
  /** Telegram's charge id; `<charge>#2` after a refund that Telegram refused. */
  readonly id: string
  readonly accountId: number
  readonly stars: number
  readonly credit: Nano
  readonly state: 'paid' | 'refunded'
  readonly atMs: number
}

/** Telegram's charge id of a payment. */
export function chargeOf(paymentId: string): string {
  return paymentId.split('#')[0] ?? paymentId
}

/**
 * The id under which a payment stands again when Telegram refused to give its Stars back: a refund is never taken back,
 * what follows it is a payment of its own.
 */
export function successorOf(paymentId: string): string {
  const [charge, count] = paymentId.split('#')
  return `${charge}#${Number(count ?? 1) + 1}`
}

/** Says whether a payment may still be had back, but for what the account has left. */
export function isRefundable(payment: StarPayment, nowMs: number): boolean {
  return payment.state === 'paid' && payment.atMs >= nowMs - STAR_REFUND_MS
}
