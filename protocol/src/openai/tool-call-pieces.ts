import type { ToolCall, ToolCallPiece } from './chat-completion.ts'

/** Function calls one answer may hold: a bound against an engine that never stops counting. */
const CALLS_MAX = 128

/** Reads the pieces of tool calls that an engine sent. What is not in OpenAI's shape is left out, never passed on. */
export function readToolCallPieces(values: readonly unknown[]): readonly ToolCallPiece[] {
  return values.flatMap((value, position) => {
    const piece = readPiece(value, position)
    return piece === undefined ? [] : [piece]
  })
}

function readPiece(value: unknown, position: number): ToolCallPiece | undefined {
  if (!isObject(value)) return undefined
  const index = value.index ?? position
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= CALLS_MAX)
    return undefined
  const named = isObject(value.function) ? value.function : {}
  return {
    index,
    ...(typeof value.id === 'string' ? { id: value.id, type: 'function' as const } : {}),
    function: {
      ...(typeof named.name === 'string' ? { name: named.name } : {}),
      arguments: typeof named.arguments === 'string' ? named.arguments : '',
    },
  }
}

/** Puts pieces together to whole calls, in the order of their index. A call that never got a name is left out. */
export function joinToolCallPieces(pieces: readonly ToolCallPiece[], jobId: string): readonly ToolCall[] {
  const calls = new Map<number, { id: string; name: string; arguments: string }>()
  for (const piece of pieces) {
    const call = calls.get(piece.index) ?? { id: `call_${jobId}_${piece.index}`, name: '', arguments: '' }
    calls.set(piece.index, {
      id: piece.id ?? call.id,
      name: call.name + (piece.function?.name ?? ''),
      arguments: call.arguments + (piece.function?.arguments ?? ''),
    })
  }
  return [...calls]
    .toSorted(([a], [b]) => a - b)
    .filter(([, call]) => call.name !== '')
    .map(([, { id, ...named }]) => ({ id, type: 'function', function: named }))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
