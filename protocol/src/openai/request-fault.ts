import type { z } from 'zod'

/** Why a request's body is refused before anything has begun, in the words OpenAI's own API uses. */
export type RequestFault = {
  readonly reason: 'invalid-request' | 'unsupported-parameter' | 'unknown-parameter'
  /** The field at fault as OpenAI writes it, `messages[2].role`. null: the body as a whole. */
  readonly param: string | null
  readonly code: string
  /** A sentence for the developer. Carries field names and bounds, never what the field held. */
  readonly message: string
}

/** A body that was read, or the first thing that is wrong with it. */
export type ParsedRequest<T> =
  | { readonly ok: true; readonly request: T }
  | { readonly ok: false; readonly fault: RequestFault }

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** Parses a body with a schema of this folder. */
export function parseRequest<S extends z.ZodType>(schema: S, body: unknown): ParsedRequest<z.infer<S>> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return { ok: true, request: parsed.data }
  return { ok: false, fault: faultOf(parsed.error.issues, body) }
}

/** The parts of a fault that a schema's own check gives; `code` is OpenAI's. */
export type CustomFault = { readonly code: string; readonly message: string; readonly path?: Path }

/** Makes the issue that `faultOf` reads back, for a schema's own checks. `{}` in the message stands for the field. */
export function customIssue(input: unknown, { code, message, path = [] }: CustomFault) {
  return { code: 'custom' as const, input, path: [...path], message, params: { code } }
}

/** Turns what zod found into one fault: an unknown field first, else the first in the schema's order. */
function faultOf(issues: readonly Issue[], body: unknown): RequestFault {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys' && issue.path.length === 0)
  const issue = unknown ?? issues[0]
  if (issue === undefined) return invalid(null, 'invalid_value', 'The request is not valid.')
  return describe(deepest(issue), body)
}

/** Of a union's branches, the one that went furthest says what is wrong; its path is relative to the union's. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const inside = issue.errors.flatMap((branch) => branch.slice(0, 1))
  const best = inside.find((one) => one.path.length > 0) ?? inside.find((one) => one.code !== 'invalid_type')
  return best === undefined ? issue : deepest({ ...best, path: [...issue.path, ...best.path] } as Issue)
}

function describe(issue: Issue, body: unknown): RequestFault {
  const param = paramOf(issue.path)
  const value = valueAt(body, issue.path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKey(issue.path, issue.keys[0] ?? '')
    case 'custom':
      return custom(issue, param)
    case 'too_big':
    case 'too_small':
      return outOfRange(issue, param)
    case 'invalid_value':
      return value === undefined ? missing(param) : invalidValue(param, issue.values)
    case 'invalid_type':
      return value === undefined ? missing(param) : wrongType(param, [issue.expected], value)
    case 'invalid_union':
      return value === undefined ? missing(param) : union(issue, param, value)
    default:
      return invalid(param, 'invalid_value', `Invalid value for '${param ?? 'body'}'.`)
  }
}

function unknownKey(path: Path, key: string): RequestFault {
  const param = paramOf([...path, key.slice(0, MAX_SHOWN_CHARS)]) ?? ''
  const message =
    path.length === 0 ? `Unrecognized request argument supplied: ${param}` : `Unknown parameter: '${param}'.`
  return { reason: 'unknown-parameter', param, code: 'unknown_parameter', message }
}

function custom(issue: Extract<Issue, { code: 'custom' }>, param: string | null): RequestFault {
  const code = typeof issue.params?.code === 'string' ? issue.params.code : 'invalid_value'
  const message = issue.message.replaceAll('{}', `'${param ?? 'body'}'`)
  return {
    reason: code.startsWith('unsupported_') ? 'unsupported-parameter' : 'invalid-request',
    param,
    code,
    message,
  }
}

type RangeIssue = Extract<Issue, { code: 'too_big' | 'too_small' }>

const RANGE_WORDS: Readonly<Record<string, { code: string; words: string; unit: string }>> = {
  int: { code: 'integer', words: 'integer', unit: 'a value' }, // beyond what a double keeps exactly
  number: { code: 'decimal', words: 'decimal', unit: 'a value' },
  string: { code: 'string', words: 'string', unit: 'a string with length' },
  array: { code: 'array', words: 'array', unit: 'an array with length' },
}

function outOfRange(issue: RangeIssue, param: string | null): RequestFault {
  const { code, words, unit } = RANGE_WORDS[issue.origin] ?? {
    code: 'value',
    words: 'value',
    unit: 'a value',
  }
  const ofLength = issue.origin === 'string' || issue.origin === 'array'
  const above = issue.code === 'too_big'
  const bound = above ? issue.maximum : issue.minimum
  const noun = ofLength ? 'length' : 'value'
  return invalid(
    param,
    `${code}_${above ? 'above_max' : 'below_min'}_${noun}`,
    `Invalid '${param}': ${words} ${above ? 'above maximum' : 'below minimum'} ${noun}. ` +
      `Expected ${unit} ${above ? '<=' : '>='} ${bound}.`,
  )
}

function invalidValue(param: string | null, values: readonly unknown[]): RequestFault {
  const list = values.map((value) => `'${String(value)}'`).join(', ')
  return invalid(param, 'invalid_value', `Invalid value for '${param}'. Supported values are: ${list}.`)
}

function union(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  param: string | null,
  value: unknown,
): RequestFault {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : []
  if (options.length > 0) return invalidValue(param, options)
  const expected = issue.errors.flatMap((branch) =>
    branch.flatMap((one) => (one.code === 'invalid_type' ? [one.expected] : [])),
  )
  return wrongType(param, expected, value)
}

const EXPECTED_WORDS: Readonly<Record<string, string>> = {
  int: 'an integer',
  number: 'a decimal',
  string: 'a string',
  boolean: 'a boolean',
  array: 'an array',
  object: 'an object',
  record: 'an object',
}

/** The fault of a value of the wrong kind. An infinity (JSON can carry 1e999) is out of range, not of the wrong kind. */
export function wrongType(param: string | null, expected: readonly string[], value: unknown): RequestFault {
  if (value === Number.POSITIVE_INFINITY) {
    return invalid(param, 'decimal_above_max_value', `Invalid '${param}': the number is too large.`)
  }
  if (value === Number.NEGATIVE_INFINITY) {
    return invalid(param, 'decimal_below_min_value', `Invalid '${param}': the number is too small.`)
  }
  const words = [...new Set(expected.map((kind) => EXPECTED_WORDS[kind] ?? 'another value'))].join(' or ')
  const subject = param === null ? 'Invalid request body' : `Invalid type for '${param}'`
  return invalid(param, 'invalid_type', `${subject}: expected ${words}, but got ${kindOf(value)} instead.`)
}

/** A value's kind in the words of OpenAI's messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function missing(param: string | null): RequestFault {
  return invalid(param, 'missing_required_parameter', `Missing required parameter: '${param}'.`)
}

function invalid(param: string | null, code: string, message: string): RequestFault {
  return { reason: 'invalid-request', param, code, message }
}

const MAX_SHOWN_CHARS = 64

/** `['messages', 2, 'role']` as `messages[2].role`; the body itself is null. */
export function paramOf(path: Path): string | null {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else text += text === '' ? String(step) : `.${String(step)}`
  }
  return text === '' ? null : text
}

function valueAt(body: unknown, path: Path): unknown {
  let value = body
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<PropertyKey, unknown>)[step]
  }
  return value
}
