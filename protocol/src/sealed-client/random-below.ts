/** A number from 0 to `max` - 1, each as likely as any other, that nobody can foresee. */
export function randomBelow(max: number): number {
  // What is left over above the last whole multiple is thrown again, so that no number is favoured.
  const limit = Math.floor(2 ** 32 / max) * max
  for (;;) {
    const [value = 0] = crypto.getRandomValues(new Uint32Array(1))
    if (value < limit) return value % max
  }
}
