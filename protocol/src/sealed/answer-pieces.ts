import * as z from 'zod/mini'
import { type Bytes, readUtf8, utf8 } from '../bytes.ts'
import { sealedReceiptSchema } from './sealed-receipt.ts'

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = z.int().check(z.minimum(0))

/**
 * What stands in the chunks of a sealed answer, as JSON: first `begin`, then `text`, at last `end`. Only what is read
 * from inside the seal is ever shown as the answer.
 */
export const answerPieceSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('begin'),
    /** `hashRequest`, hex: this answers that request and no other. */
    requestHash: hash,
    runnerId: z.string().check(z.maxLength(80)),
    evidenceDigest: hash,
    /** Of the model that is loaded. */
    manifestDigest: hash,
  }),
  z.strictObject({
    type: z.literal('text'),
    text: z.string(),
    tokens: count,
    /** The model's own ids of `text`, where the engine knows them: lets another runner go on exactly here. */
    tokenIds: z.optional(z.array(count)),
    reasoning: z.optional(z.string()),
    /** OpenAI's chunk shape. */
    toolCalls: z.optional(z.array(z.unknown())),
  }),
  z.strictObject({
    type: z.literal('end'),
    finish: z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'cancelled']),
    receipt: sealedReceiptSchema,
  }),
])
export type AnswerPiece = z.infer<typeof answerPieceSchema>

/** A piece as bytes, before it is sealed. */
export function writePiece(piece: AnswerPiece): Bytes {
  return utf8(JSON.stringify(piece))
}

/** Reads what came out of a seal; undefined where it is no piece. */
export function readPiece(bytes: Bytes): AnswerPiece | undefined {
  const text = readUtf8(bytes)
  if (text === undefined) return undefined
  try {
    return answerPieceSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // no JSON
  }
}
