import type { Json } from '../canonical-json.ts'

/** Deepest nesting that is read. */
const MAX_DEPTH = 12

const SPACE = /[ \t\n\r]*/y
const WORD = /true|false|null|-?(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y

type Cursor = { readonly text: string; at: number }

/**
 * Reads JSON (RFC 8259) that can be read in one way only; undefined where it cannot: a member twice, lone surrogates,
 * fractions, exponents, whole numbers beyond 2^53, more than 12 levels. JSON.parse would keep the last of two members.
 */
export function parseStrictJson(text: string): Json | undefined {
  const cursor = { text, at: 0 }
  const value = readValue(cursor, 0)
  skipSpace(cursor)
  return cursor.at === text.length ? value : undefined
}

function readValue(cursor: Cursor, depth: number): Json | undefined {
  skipSpace(cursor)
  const char = cursor.text[cursor.at]
  if (char === '{' || char === '[') {
    if (depth === MAX_DEPTH) return undefined
    cursor.at += 1
    return char === '{' ? readObject(cursor, depth + 1) : readList(cursor, depth + 1)
  }
  return char === '"' ? readString(cursor) : readWord(cursor)
}

function readObject(cursor: Cursor, depth: number): Json | undefined {
  const members = new Map<string, Json>()
  if (take(cursor, '}')) return {}
  do {
    skipSpace(cursor)
    const name = readString(cursor)
    if (name === undefined || members.has(name) || !take(cursor, ':')) return undefined
    const value = readValue(cursor, depth)
    if (value === undefined) return undefined
    members.set(name, value)
  } while (take(cursor, ','))
  return take(cursor, '}') ? Object.fromEntries(members) : undefined
}

function readList(cursor: Cursor, depth: number): Json | undefined {
  const items: Json[] = []
  if (take(cursor, ']')) return items
  do {
    const value = readValue(cursor, depth)
    if (value === undefined) return undefined
    items.push(value)
  } while (take(cursor, ','))
  return take(cursor, ']') ? items : undefined
}

function readString(cursor: Cursor): string | undefined {
  const token = stringToken(cursor)
  if (token === undefined) return undefined
  try {
    const text: string = JSON.parse(token)
    return text.isWellFormed() ? text : undefined
  } catch {
    // A control character, or an escape that JSON does not know.
    return undefined
  }
}

/** A string with its quotes. A loop, not a pattern: patterns can take for ever to see that the last quote is missing. */
function stringToken(cursor: Cursor): string | undefined {
  const { text, at } = cursor
  if (text[at] !== '"') return undefined
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1
    else if (text[end] === '"') {
      cursor.at = end + 1
      return text.slice(at, end + 1)
    }
  }
  return undefined
}

function readWord(cursor: Cursor): Json | undefined {
  const token = match(cursor, WORD)
  if (token === undefined) return undefined
  const value: boolean | null | number = JSON.parse(token)
  if (typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0))) return undefined
  return value
}

function take(cursor: Cursor, char: string): boolean {
  skipSpace(cursor)
  if (cursor.text[cursor.at] !== char) return false
  cursor.at += 1
  return true
}

function skipSpace(cursor: Cursor): void {
  match(cursor, SPACE)
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const token = pattern.exec(cursor.text)?.[0]
  if (token !== undefined) cursor.at = pattern.lastIndex
  return token
}
