/** How the next token is chosen. `temperature` 0 is greedy. `topK` 0 means no limit. */
export type Sampling = {
  readonly temperature: number
  readonly topP: number
  readonly topK: number
  readonly seed: number
  readonly frequencyPenalty: number
  readonly presencePenalty: number
}

export type Sampler = {
  /** Chooses the token at `position` of the answer (0 is its first) from the model's logits. */
  readonly pick: (logits: Float32Array, position: number) => number
  /** Notes a token of the answer, so that penalties see it. */
  readonly note: (id: number) => void
}

/**
 * Makes a sampler. The draw at a position depends on the seed and the position alone, so an answer that another
 * runner began goes on with the very draws it would have had.
 */
export function createSampler(sampling: Sampling): Sampler {
  const counts = new Map<number, number>()
  return {
    note: (id) => void counts.set(id, (counts.get(id) ?? 0) + 1),
    pick: (logits, position) => {
      const scores = penalise(logits, counts, sampling)
      if (sampling.temperature === 0) return argmax(scores)
      return draw(scores, sampling, uniformAt(sampling.seed, position))
    },
  }
}

/** The index of the largest number; of equal ones the first. */
export function argmax(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i
  return best
}

/** A number in [0, 1) that depends on the seed and the position only (two rounds of murmur3's finalizer, 53 bits). */
export function uniformAt(seed: number, position: number): number {
  const low = mix((seed >>> 0) ^ mix(position + 0x9e37_79b9))
  const high = mix(low ^ mix(Math.floor(seed / 2 ** 32) + 0x85eb_ca6b) ^ position)
  return ((low >>> 5) * 2 ** 26 + (high >>> 6)) / 2 ** 53
}

/** OpenAI's penalties: each token of the answer so far loses `frequency` × its count, and `presence` once. */
function penalise(logits: Float32Array, counts: ReadonlyMap<number, number>, sampling: Sampling) {
  const { frequencyPenalty, presencePenalty } = sampling
  if (counts.size === 0 || (frequencyPenalty === 0 && presencePenalty === 0)) return logits
  const scores = logits.slice()
  for (const [id, count] of counts) {
    scores[id] = (scores[id] ?? 0) - frequencyPenalty * count - presencePenalty
  }
  return scores
}

function draw(scores: Float32Array, { temperature, topP, topK }: Sampling, uniform: number): number {
  const top = scores[argmax(scores)] ?? 0
  const weights = Float64Array.from(scores, (score) => Math.exp((score - top) / temperature))
  const candidates = narrow(weights, topP, topK)
  let mass = 0
  for (const id of candidates) mass += weights[id] ?? 0
  let rest = uniform * mass
  for (const id of candidates) {
    rest -= weights[id] ?? 0
    if (rest < 0) return id
  }
  return candidates.at(-1) ?? 0
}

/** The tokens that may be drawn, most likely first where `topP` or `topK` cut; else all, in the order of their ids. */
function narrow(weights: Float64Array, topP: number, topK: number): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (topP >= 1 && topK <= 0) return Array.from(weights.keys())
  // All tokens below this weight together miss the nucleus's remainder, so none of them can be inside it.
  const floor = topP < 1 ? ((1 - topP) * total) / weights.length : 0
  const ids = Array.from(weights.keys()).filter((id) => (weights[id] ?? 0) >= floor)
  ids.sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b)
  const first = topK > 0 ? ids.slice(0, topK) : ids
  const goal = topP * total
  let sum = 0
  const end = first.findIndex((id) => {
    sum += weights[id] ?? 0
    return sum >= goal
  })
  return end < 0 ? first : first.slice(0, end + 1)
}

function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35)
  return (h ^ (h >>> 16)) >>> 0
}
