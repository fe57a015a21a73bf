import type { Bytes } from '../src/bytes.ts'
import type { Random } from './mutate.ts'

/**
 * What is said of one input. `accepted`: something that is authenticated was believed although it is not what was made;
 * that is never right.
 */
export type FuzzVerdict = 'read' | 'refused' | 'accepted'

/** One reader or checker of bytes that anybody may have made. */
export type FuzzTarget = {
  readonly name: string
  /** Its share of all cases. */
  readonly weight: number
  /** One changed input. */
  readonly make: (random: Random) => Bytes
  /** Says something of any input: no throw, no endless loop. */
  readonly judge: (bytes: Bytes) => Promise<FuzzVerdict> | FuzzVerdict
  /** An input as it was made, of which `judge` says `read`. */
  readonly sound: Bytes
}
