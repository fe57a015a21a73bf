/** Why what was typed is not a number that fits. */
export type DecimalFault = 'empty' | 'not-a-number' | 'too-fine' | 'too-large'

export type ReadDecimal =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly reason: DecimalFault }

/**
 * Reads a number as a person types it: `1.5`, `1,5`, `.5`, Arabic digits. Gives it in units of the last decimal: `1.5`
 * with 3 decimals is 1500n. Never through a float.
 */
export function readDecimal(
  typed: string,
  { decimals, max }: { readonly decimals: number; readonly max: bigint },
): ReadDecimal {
  const text = latinDigits(typed)
    .replaceAll(/[\s\u00a0]/g, '')
    .replace(/[,٫]/, '.')
  if (text === '') return { ok: false, reason: 'empty' }
  const match = /^(\d{0,15})(?:\.(\d*))?$/.exec(text)
  if (!match || text === '.') return { ok: false, reason: 'not-a-number' }
  const [, whole = '', written = ''] = match
  const fraction = written.replace(/0+$/, '')
  if (fraction.length > decimals) return { ok: false, reason: 'too-fine' }
  const value = BigInt(`${whole}${fraction.padEnd(decimals, '0')}` || '0')
  return value > max ? { ok: false, reason: 'too-large' } : { ok: true, value }
}

/** Writes such a number so that `readDecimal` reads the same: 1500n with 3 decimals is `1.5`. */
export function writeDecimal(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, '0')
  const whole = decimals === 0 ? digits : digits.slice(0, -decimals)
  const fraction = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '')
  return fraction ? `${whole}.${fraction}` : whole
}

/** Writes it for people: whole digits, and at most four that say something. */
export function shortDecimal(value: bigint, decimals: number): string {
  const [whole = '0', fraction = ''] = writeDecimal(value, decimals).split('.')
  const lead = whole === '0' ? Math.max(0, fraction.search(/[1-9]/)) : 0
  const kept = whole === '0' ? lead + 4 : Math.max(0, 4 - whole.length)
  const shown = fraction.slice(0, kept).replace(/0+$/, '')
  return shown ? `${whole}.${shown}` : whole
}

function latinDigits(text: string): string {
  return text.replaceAll(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
}
