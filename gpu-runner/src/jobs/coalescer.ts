import type { Piece } from '../engine/engine.ts'

/** Times between two frames, ms: in the answer's first second, and after it. */
export type Pace = { readonly earlyMs: number; readonly lateMs: number }

/**
 * Frequent in the first second, when a reader watches most closely. With the late ones at most 30 frames for 500 tokens at
 * 50 tokens/s or faster.
 */
const OPEN_PACE: Pace = { earlyMs: 100, lateMs: 500 }
/** Always the same for sealed answers: who sees the chunks pass learns little from when they do. */
export const SEALED_PACE: Pace = { earlyMs: 150, lateMs: 150 }
const EARLY_MS = 1000
/** A frame is sent before it grows beyond these. */
const FRAME_TEXT_CHARS = 100_000
const FRAME_TOOL_CALLS = 100

export type Coalescer = {
  /** Takes a piece. Gives what must be sent now: the first piece at once, later ones when their time has come. */
  readonly add: (piece: Piece, nowMs: number) => Piece | undefined
  /** When what is held must be sent; undefined while nothing is held. */
  readonly dueAtMs: () => number | undefined
  /** Gives everything that is held. */
  readonly flush: (nowMs: number) => Piece | undefined
}

/** Gathers the pieces of one answer into few frames without letting the reader wait. */
export function createCoalescer(pace: Pace = OPEN_PACE): Coalescer {
  let held: Piece | undefined
  let startMs: number | undefined
  let sentMs = 0
  const dueMs = () => sentMs + (sentMs - (startMs ?? 0) < EARLY_MS ? pace.earlyMs : pace.lateMs)
  const flush = (nowMs: number) => {
    const piece = held
    held = undefined
    startMs ??= nowMs
    sentMs = nowMs
    return piece
  }
  return {
    add: (piece, nowMs) => {
      held = held ? join(held, piece) : piece
      return startMs === undefined || nowMs >= dueMs() || isFull(held) ? flush(nowMs) : undefined
    },
    dueAtMs: () => (held ? dueMs() : undefined),
    flush: (nowMs) => (held ? flush(nowMs) : undefined),
  }
}

/** Two pieces as one. Ids are kept only where both have them: half of them would say another text. */
function join(a: Piece, b: Piece): Piece {
  const toolCalls = [...(a.toolCalls ?? []), ...(b.toolCalls ?? [])]
  const reasoning = (a.reasoning ?? '') + (b.reasoning ?? '')
  return {
    text: a.text + b.text,
    tokens: a.tokens + b.tokens,
    ...(a.tokenIds && b.tokenIds ? { tokenIds: [...a.tokenIds, ...b.tokenIds] } : {}),
    ...(reasoning === '' ? {} : { reasoning }),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
  }
}

function isFull(piece: Piece): boolean {
  const chars = piece.text.length + (piece.reasoning?.length ?? 0)
  return chars >= FRAME_TEXT_CHARS || (piece.toolCalls?.length ?? 0) >= FRAME_TOOL_CALLS
}
