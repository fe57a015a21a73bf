/** One promise of speed: `aim` is what we want, beyond `limit` the work is not done. */
export type Bound = {
  readonly what: string
  /** `ms`: so much more than without us; `ms in all`: from the beginning; `ms each`, `µs each`: of one piece of work. */
  readonly unit: 'ms' | 'ms in all' | 'ms each' | 'µs each' | 'times' | 'MB' | 'KB'
  readonly better: 'lower' | 'higher'
  readonly aim: number
  readonly limit: number
}

export const BOUNDS = {
  addedP50: {
    what: 'added time to first token, median, one caller',
    unit: 'ms',
    better: 'lower',
    aim: 2,
    limit: 5,
  },
  addedP95: {
    what: 'added time to first token, 95th percentile, one caller',
    unit: 'ms',
    better: 'lower',
    aim: 5,
    limit: 12,
  },
  throughput: {
    what: 'throughput of 16 callers, of the direct one',
    unit: 'times',
    better: 'higher',
    aim: 0.9,
    limit: 0.6,
  },
  dispatch: {
    what: 'choice among 10,000 runners, of the one among 100',
    unit: 'times',
    better: 'lower',
    aim: 2,
    limit: 2,
  },
  memory: {
    what: 'memory of a runner with silkworm',
    unit: 'MB',
    better: 'lower',
    aim: 1500,
    limit: 1500,
  },
  firstUsefulPaint: {
    what: 'first useful paint of the Mini App, processor slowed down 4×',
    unit: 'ms in all',
    better: 'lower',
    aim: 1500,
    limit: 1500,
  },
  verify: {
    what: 'evidence of a TDX machine with one GPU, verified in workerd',
    unit: 'ms each',
    better: 'lower',
    aim: 10,
    limit: 10,
  },
  verifyInPage: {
    what: 'the same, verified in Chromium',
    unit: 'ms each',
    better: 'lower',
    aim: 30,
    limit: 30,
  },
  sealX25519: {
    what: 'a request sealed to three runners with X25519, in workerd',
    unit: 'ms each',
    better: 'lower',
    aim: 2,
    limit: 10,
  },
  sealXWing: {
    what: 'a request sealed to three runners with X-Wing, in workerd',
    unit: 'ms each',
    better: 'lower',
    aim: 10,
    limit: 40,
  },
  chunk: {
    what: 'a piece of an answer, sealed and opened, in workerd',
    unit: 'µs each',
    better: 'lower',
    aim: 100,
    limit: 100,
  },
  sealedCode: {
    what: 'code that the Mini App loads to seal, open and verify, gzip',
    unit: 'KB',
    better: 'lower',
    aim: 40,
    limit: 40,
  },
  addedSealed: {
    what: 'time to first token of a chat sealed with X25519 by the proxy, over an open one, median',
    unit: 'ms',
    better: 'lower',
    aim: 15,
    limit: 15,
  },
} as const satisfies Record<string, Bound>
export type BoundName = keyof typeof BOUNDS

export type Verdict = {
  readonly bound: Bound
  readonly value: number
  readonly state: 'aim' | 'limit' | 'broken'
}

/**
 * Compares what was measured with what was promised. What is no number was not measured: broken. What is absent could not
 * be measured on this machine.
 */
export function judge(values: Readonly<Partial<Record<BoundName, number>>>): readonly Verdict[] {
  return (Object.keys(BOUNDS) as BoundName[]).flatMap((name) => {
    const bound: Bound = BOUNDS[name]
    const value = values[name]
    if (value === undefined) return []
    const within = (than: number) => (bound.better === 'lower' ? value <= than : value >= than)
    return [{ bound, value, state: within(bound.aim) ? 'aim' : within(bound.limit) ? 'limit' : 'broken' }]
  })
}

/** A sentence for each broken bound. */
export function brokenSentences(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts
    .filter(({ state }) => state === 'broken')
    .map(({ bound, value }) => {
      const than = bound.better === 'lower' ? 'at most' : 'at least'
      return `Not done: ${bound.what}: ${withUnit(value, bound)}; must be ${than} ${withUnit(bound.limit, bound)}.`
    })
}

/** `+3.1 ms`, `8.4 ms`, `31 µs`, `0.92×`, `214 MB`, `41.6 KB`. */
export function withUnit(value: number, { unit }: Bound): string {
  switch (unit) {
    case 'ms':
      return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)} ms`
    case 'ms in all':
      return `${Math.round(value)} ms`
    case 'ms each':
      return `${value.toFixed(1)} ms`
    case 'µs each':
      return `${Math.round(value)} µs`
    case 'times':
      return `${value.toFixed(2)}×`
    case 'MB':
      return `${Math.round(value)} MB`
    case 'KB':
      return `${value.toFixed(1)} KB`
    default:
      return unit satisfies never
  }
}
