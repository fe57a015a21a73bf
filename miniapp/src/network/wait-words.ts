/** A time to wait, in words: `12 seconds`. */
export function waitWords(language: string, seconds: number): string {
  const [unit, value] = seconds < 90 ? ['second', Math.max(1, seconds)] : ['minute', seconds / 60]
  const form = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 } as const
  return new Intl.NumberFormat(`${language}-u-nu-latn`, form).format(Math.ceil(value))
}
