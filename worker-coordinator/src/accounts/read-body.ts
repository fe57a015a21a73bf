import { z } from 'zod'
import type { BodyReason } from './account-errors.ts'

/** The largest body that these routes read, in bytes. */
export const BODY_MAX_BYTES = 65_536

export type ReadBody<Data> =
  | { readonly ok: true; readonly data: Data }
  | {
      readonly ok: false
      readonly reason: BodyReason
      /** Which field is wrong, and why; with `wrong-field` and `unknown-field`. */
      readonly detail: { readonly param?: string; readonly message?: string }
    }

/** Reads a request's JSON, at most 64 KiB of it, and parses it by a schema of either zod. An empty body reads as `{}`. */
export async function readBody<Schema extends z.core.$ZodType>(
  request: Request,
  schema: Schema,
): Promise<ReadBody<z.output<Schema>>> {
  const text = await readText(request)
  if (text === undefined) return { ok: false, reason: 'body-too-large', detail: {} }
  let json: unknown
  try {
    json = text === '' ? {} : JSON.parse(text)
  } catch {
    return { ok: false, reason: 'body-not-json', detail: {} }
  }
  const parsed = z.safeParse(schema, json)
  if (parsed.success) return { ok: true, data: parsed.data }
  const [issue] = parsed.error.issues
  const reason = issue?.code === 'unrecognized_keys' ? 'unknown-field' : 'wrong-field'
  return { ok: false, reason, detail: firstIssue(parsed.error) }
}

/** Undefined as soon as more than the limit has come in, whatever Content-Length said. */
async function readText(request: Request): Promise<string | undefined> {
  if (!request.body) return ''
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > BODY_MAX_BYTES) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** The first wrong field by its name, with the most telling of its messages. */
function firstIssue(error: z.core.$ZodError): { readonly param?: string; readonly message?: string } {
  const [issue] = error.issues
  if (!issue) return {}
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    return { param: key.slice(0, 64), message: `There is no field "${key.slice(0, 64)}" here.` }
  }
  const custom =
    issue.code === 'invalid_union' ? issue.errors.flat().find((inner) => inner.code === 'custom') : undefined
  const param = issue.path.map(String).join('.')
  const message = custom?.message ?? issue.message
  return param === '' ? { message } : { param, message: `${param}: ${message}` }
}
