import { CHUNK_BYTES_MAX } from '../../../protocol/src/sealed/answer.ts'
import {
  type AnswerPiece,
  answerPieceSchema,
  writePiece,
} from '../../../protocol/src/sealed/answer-pieces.ts'
import type { Piece } from '../engine/engine.ts'

type TextPiece = Extract<AnswerPiece, { type: 'text' }>

/** Bytes of a chunk that are left for a text beside the other members of its piece. */
const ROOM_BYTES = CHUNK_BYTES_MAX - 256

/**
 * Cuts a piece so that each part fits into one chunk, between code points. Undefined where its numbers are none, or a tool
 * call is of a shape that cannot be cut. Tokens are counted with the last part, and their ids stay only where nothing was cut.
 */
export function splitPiece(piece: Piece): readonly TextPiece[] | undefined {
  const { text, tokens, tokenIds, reasoning, toolCalls } = piece
  const whole: TextPiece = {
    type: 'text',
    text,
    tokens,
    ...(tokenIds ? { tokenIds: [...tokenIds] } : {}),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(toolCalls ? { toolCalls: [...toolCalls] } : {}),
  }
  // Whoever reads it would take such a chunk for one that was altered on its way.
  if (!answerPieceSchema.safeParse(whole).success) return undefined
  if (fits(whole)) return [whole]
  const calls = (toolCalls ?? []).map(splitToolCall)
  if (!areKnown(calls)) return undefined
  const parts: TextPiece[] = [
    ...cutText(reasoning ?? '').map((part) => textPiece({ reasoning: part })),
    ...cutText(text).map((part) => textPiece({ text: part })),
    ...calls.flat().map((call) => textPiece({ toolCalls: [call] })),
  ]
  // Only ids are too many for one chunk.
  const last = parts.pop() ?? textPiece({})
  return [...parts, { ...last, tokens }]
}

function textPiece(members: Partial<TextPiece>): TextPiece {
  return { type: 'text', text: '', tokens: 0, ...members }
}

function fits(piece: TextPiece): boolean {
  return writePiece(piece).length <= CHUNK_BYTES_MAX
}

/** Cuts a text into parts that have `ROOM_BYTES` at most as JSON writes them. */
function cutText(text: string, roomBytes = ROOM_BYTES): readonly string[] {
  const parts: string[] = []
  let part = ''
  let bytes = 0
  for (const character of text) {
    const size = Buffer.byteLength(JSON.stringify(character)) - 2
    if (bytes + size > roomBytes) {
      parts.push(part)
      part = ''
      bytes = 0
    }
    part += character
    bytes += size
  }
  return part === '' ? parts : [...parts, part]
}

/** OpenAI streams a call's arguments in pieces: the first names the call, the others only its index. */
function splitToolCall(call: unknown): readonly unknown[] | undefined {
  if (fits(textPiece({ toolCalls: [call] }))) return [call]
  if (!isRecord(call) || !isRecord(call.function) || typeof call.function.arguments !== 'string')
    return undefined
  const { arguments: text, ...named } = call.function
  const first = { ...call, function: { ...named, arguments: '' } }
  if (!fits(textPiece({ toolCalls: [first] }))) return undefined
  const rest = cutText(text).map((part) => ({ index: call.index, function: { arguments: part } }))
  return [first, ...rest]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areKnown(
  calls: readonly (readonly unknown[] | undefined)[],
): calls is readonly (readonly unknown[])[] {
  return calls.every((call) => call !== undefined)
}
