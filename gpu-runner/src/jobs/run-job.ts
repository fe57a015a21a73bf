import type { OpenOffer } from '../../../protocol/src/runner/down.ts'
import { FRAME_MAX_CHARS } from '../../../protocol/src/runner/version.ts'
import type { Clock } from '../clock.ts'
import type { ChatEnd, Engine, Piece } from '../engine/engine.ts'
import { createCoalescer, type Pace } from './coalescer.ts'

/** What one job puts on the wire, before it has a `seq`. */
export type JobOutput =
  | { readonly type: 'piece'; readonly piece: Piece }
  | { readonly type: 'vectors'; readonly vectors: readonly string[] }

/** Room for a frame's other members beside its vectors. */
const VECTORS_FRAME_CHARS = FRAME_MAX_CHARS - 10_000

/** Runs one job on the engine and hands out what is to be sent, few and in order. */
export function runJob(
  deps: { readonly clock: Clock; readonly engine: Engine },
  offer: OpenOffer,
  signal: AbortSignal,
  emit: (output: JobOutput) => void,
): Promise<ChatEnd> {
  return offer.kind === 'chat'
    ? runChat(deps.clock, deps.engine.chat(offer, signal), (piece) => emit({ type: 'piece', piece }))
    : runEmbedding(deps.engine.embed(offer, signal), emit)
}

/** Reads an answer to its end and hands it out at a pace. */
export async function runChat(
  clock: Clock,
  answer: AsyncGenerator<Piece, ChatEnd, void>,
  emit: (piece: Piece) => void,
  pace?: Pace,
): Promise<ChatEnd> {
  const coalescer = createCoalescer(pace)
  let takeBack: (() => void) | undefined
  const send = (piece: Piece | undefined) => {
    takeBack?.()
    takeBack = undefined
    if (piece) emit(piece)
  }
  const sendWhenDue = () => {
    const dueAtMs = coalescer.dueAtMs()
    if (takeBack || dueAtMs === undefined) return
    takeBack = clock.schedule(Math.max(0, dueAtMs - clock.nowMs()), () =>
      send(coalescer.flush(clock.nowMs())),
    )
  }
  try {
    for (;;) {
      const next = await answer.next()
      if (next.done) return next.value
      const ready = coalescer.add(next.value, clock.nowMs())
      if (ready) send(ready)
      else sendWhenDue()
    }
  } finally {
    send(coalescer.flush(clock.nowMs()))
  }
}

async function runEmbedding(
  batches: AsyncGenerator<readonly string[], ChatEnd, void>,
  emit: (output: JobOutput) => void,
): Promise<ChatEnd> {
  for (;;) {
    const next = await batches.next()
    if (next.done) return next.value
    for (const vectors of splitVectors(next.value)) emit({ type: 'vectors', vectors })
  }
}

/** Cuts a batch so that each part fits into one frame. */
export function splitVectors(vectors: readonly string[]): readonly string[][] {
  const parts: string[][] = []
  let chars = VECTORS_FRAME_CHARS
  for (const vector of vectors) {
    if (chars + vector.length > VECTORS_FRAME_CHARS) {
      parts.push([])
      chars = 0
    }
    parts.at(-1)?.push(vector)
    chars += vector.length + 3
  }
  return parts
}
