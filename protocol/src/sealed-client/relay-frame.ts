import * as z from 'zod/mini'
import { count, nanoText } from '../miniapp/fields.ts'

const usage = z.object({ promptTokens: count, completionTokens: count, costNano: nanoText })

/**
 * A line of a sealed job's stream, as a client reads it: `RelayFrame` without what it would not believe anyway. It is
 * read here with `zod/mini`, so that a page can.
 */
export const relayFrameSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('job'),
    jobId: z.string().check(z.maxLength(64)),
    model: z.string(),
    holdNano: nanoText,
  }),
  z.object({ type: z.literal('queued'), place: z.int(), waitSeconds: z.number() }),
  z.object({
    type: z.literal('chunk'),
    attempt: count,
    candidate: count,
    seq: count,
    data: z.string().check(z.maxLength(8192)),
    nonce: z.optional(z.string().check(z.maxLength(64))),
  }),
  /** Words from outside the seal: never shown. */
  z.object({ type: z.literal('delta') }),
  z.object({ type: z.literal('pause') }),
  z.object({
    type: z.literal('end'),
    finish: z.string(),
    reason: z.optional(z.string()),
    usage,
    receipts: z.array(z.unknown()),
  }),
  z.object({
    type: z.literal('refused'),
    reason: z.string(),
    param: z.optional(z.string()),
    retryAfterSeconds: z.optional(z.number()),
  }),
])
export type ReadFrame = z.infer<typeof relayFrameSchema>

const LINE_CHARS_MAX = 200_000

/** Reads lines of JSON. Ends where the stream ends; throws where it breaks off, or brings what is no frame. */
export async function* readRelayFrames(stream: ReadableStream<Uint8Array>): AsyncGenerator<ReadFrame> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      text += done ? decoder.decode() : decoder.decode(value, { stream: true })
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield relayFrameSchema.parse(JSON.parse(line))
      if (text.length > LINE_CHARS_MAX) throw new RangeError('a line is too long')
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => undefined) // it is broken already
  }
}
