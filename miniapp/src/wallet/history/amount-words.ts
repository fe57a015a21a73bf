import { formatTon, nano } from '../../../../protocol/src/money.ts'

/** What came or went, with its sign: `+1.5 TON`, `−0.0021 TON`, `0 TON`. */
export function signedTon(amount: bigint): string {
  const size = formatTon(nano(amount < 0n ? -amount : amount))
  if (amount === 0n) return size
  return amount < 0n ? `−${size}` : `+${size}`
}

/** The same to the last nano: `+1,500,000,000 nano`. */
export function signedNano(amount: bigint): string {
  const digits = new Intl.NumberFormat('en').format(amount < 0n ? -amount : amount)
  if (amount === 0n) return `${digits} nano`
  return `${amount < 0n ? '−' : '+'}${digits} nano`
}

/** An amount to the last nano: `1,500,000,000 nano`. */
export function nanoWords(amount: bigint): string {
  return `${new Intl.NumberFormat('en').format(amount)} nano`
}
