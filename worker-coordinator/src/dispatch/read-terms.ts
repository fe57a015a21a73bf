import type { Ask } from '../../../protocol/src/runner/up.ts'
import type { KnownRunner } from './greet-runner.ts'

/** What a runner's owner says of it. */
export type Terms = {
  /** Undefined for one that is gone. */
  readonly runner: KnownRunner | undefined
  /** The owner's price for the model; undefined: the runner's own. */
  readonly ask: Ask | undefined
}

/** How often terms are read again because an owner changed some meanwhile. */
const READS_MAX = 10

/**
 * Reads an owner's terms for a link that is about to stand. `changes` counts what owners change: whoever changes them
 * tells links that stand, and counts, so that one that does not stand yet reads again. Undefined when they never held
 * still: the runner must come again. Nothing may be awaited between this and the link's standing.
 */
export async function readTerms(
  read: () => Promise<Terms>,
  changes: () => number,
): Promise<Terms | undefined> {
  for (let reads = 0; reads < READS_MAX; reads++) {
    const seen = changes()
    const terms = await read()
    if (seen === changes()) return terms
  }
  return undefined
}
