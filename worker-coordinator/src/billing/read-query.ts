import type { z } from 'zod'

export type ReadQuery<Data> =
  | { readonly ok: true; readonly data: Data }
  | {
      readonly ok: false
      readonly reason: 'wrong-field' | 'unknown-field'
      readonly detail: { readonly param?: string; readonly message: string }
    }

/** Parses the query of an address. The first wrong field is named. */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: Record<string, string>,
): ReadQuery<z.output<Schema>> {
  const parsed = schema.safeParse(query)
  if (parsed.success) return { ok: true, data: parsed.data }
  const [issue] = parsed.error.issues
  if (issue?.code === 'unrecognized_keys') {
    const param = (issue.keys[0] ?? '').slice(0, 64)
    return {
      ok: false,
      reason: 'unknown-field',
      detail: { param, message: `There is no field "${param}" here.` },
    }
  }
  const param = issue?.path.map(String).join('.') ?? ''
  return {
    ok: false,
    reason: 'wrong-field',
    detail: { param, message: `${param}: ${issue?.message ?? 'wrong'}` },
  }
}
