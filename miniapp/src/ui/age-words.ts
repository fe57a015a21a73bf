const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** How long ago something was, in words: `35 seconds ago`. */
export function ageWords(language: string, ageMs: number): string {
  const format = new Intl.RelativeTimeFormat(`${language}-u-nu-latn`)
  const seconds = Math.max(1, Math.round(ageMs / 1000))
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit)
  }
  return format.format(-seconds, 'second')
}
