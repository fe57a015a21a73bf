import type { ChainTransaction } from './chain.ts'

/** What one transaction took from the wallet besides the values it sent: its fees and its messages' way. Nano. */
export function networkFeeOf({ totalFees, out }: ChainTransaction): bigint {
  return out.reduce((sum, { forwardFee, ihrFee }) => sum + forwardFee + ihrFee, totalFees)
}

/**
 * The wallet's balance after a transaction: `balance + in − Σ(out + fwd + ihr) − total_fees`, to the nano. It holds for
 * aborted and bouncing transactions as well.
 */
export function nextBalance(balance: bigint, transaction: ChainTransaction): bigint {
  const sent = transaction.out.reduce((sum, { value }) => sum + value, 0n)
  return balance + (transaction.in?.value ?? 0n) - sent - networkFeeOf(transaction)
}
