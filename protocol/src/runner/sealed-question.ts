import { z } from 'zod'
import { readUtf8 } from '../bytes.ts'
import { chatMessageSchema, chatParamsSchema } from './chat-params.ts'

/** What is sealed: one chat to answer, as a runner gets it in an open offer. */
export const sealedQuestionSchema = z.strictObject({
  version: z.literal(1),
  messages: z.array(chatMessageSchema),
  params: chatParamsSchema,
  /** What an earlier runner delivered: go on exactly behind it and do not repeat it. */
  delivered: z
    .object({ text: z.string(), tokens: z.int().min(0), tokenIds: z.array(z.int().min(0)) })
    .optional(),
})
export type SealedQuestion = z.infer<typeof sealedQuestionSchema>

/**
 * Reads what came out of a sealed request; undefined where it is no question. Not as strict JSON: a temperature is a
 * fraction, a tool's schema is deep, and nothing is hashed by how it is read.
 */
export function readSealedQuestion(bytes: Uint8Array<ArrayBuffer>): SealedQuestion | undefined {
  const text = readUtf8(bytes)
  if (text === undefined) return undefined
  try {
    return sealedQuestionSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // no JSON
  }
}
