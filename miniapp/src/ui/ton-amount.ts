import { NANO_MAX, type Nano, nano } from '../../../protocol/src/money.ts'

/** Why what was typed is not an amount. */
export type AmountFault = 'empty' | 'not-a-number' | 'too-fine' | 'zero' | 'too-large'

/** Reads an amount of TON as a person types it: `1.5`, `1,5`, `.5`, Arabic digits. Never through a float. */
export function readTonAmount(
  typed: string,
): { readonly ok: true; readonly amount: Nano } | { readonly ok: false; readonly reason: AmountFault } {
  const text = latinDigits(typed)
    .replaceAll(/[\s\u00a0]/g, '')
    .replace(/[,٫]/, '.')
  if (text === '') return { ok: false, reason: 'empty' }
  const match = /^(\d{0,9})(?:\.(\d*))?$/.exec(text)
  if (!match || text === '.') return { ok: false, reason: 'not-a-number' }
  const [, whole = '', fraction = ''] = match
  if (fraction.length > 9) return { ok: false, reason: 'too-fine' }
  const value = BigInt(`${whole}${fraction.padEnd(9, '0')}`)
  if (value === 0n) return { ok: false, reason: 'zero' }
  if (value > NANO_MAX) return { ok: false, reason: 'too-large' }
  return { ok: true, amount: nano(value) }
}

/** Writes an amount so that `readTonAmount` reads the same: `1.5`, without the unit. */
export function writeTonAmount(amount: Nano): string {
  const digits = amount.toString().padStart(10, '0')
  const fraction = digits.slice(-9).replace(/0+$/, '')
  return `${digits.slice(0, -9)}${fraction ? `.${fraction}` : ''}`
}

function latinDigits(text: string): string {
  return text.replaceAll(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
}
