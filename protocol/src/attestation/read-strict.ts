import type * as z from 'zod/mini'
import { type Bytes, readUtf8 } from '../bytes.ts'
import { parseStrictJson } from './strict-json.ts'

/** Reads a text as strict JSON of a schema; undefined where it is not one. */
export function readStrictText<T>(schema: z.ZodMiniType<T>, text: string): T | undefined {
  const json = parseStrictJson(text)
  return json === undefined ? undefined : schema.safeParse(json).data
}

/** Reads bytes as strict JSON of a schema; undefined where they are not one, or no UTF-8. */
export function readStrict<T>(schema: z.ZodMiniType<T>, bytes: Bytes): T | undefined {
  const text = readUtf8(bytes)
  return text === undefined ? undefined : readStrictText(schema, text)
}
