/** Answers shorter than this say little about speed. */
const TOKENS_MIN = 8
/** How much the latest answer weighs. */
const WEIGHT = 0.3

/** Keeps the measured tokens per second of one stream; 0 until there is a measurement. */
export function createSpeedometer(measuredBefore: number) {
  let speed = measuredBefore
  return {
    note: (tokens: number, durationMs: number): void => {
      if (tokens < TOKENS_MIN || durationMs <= 0) return
      const latest = Math.min(999_999, (tokens * 1000) / durationMs)
      speed = speed === 0 ? latest : speed * (1 - WEIGHT) + latest * WEIGHT
    },
    tokensPerSecond: (): number => Math.round(speed * 10) / 10,
  }
}
