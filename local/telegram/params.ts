import { badRequest } from './bot-api-error.ts'

/** The parameters of one Bot API call, whichever of JSON, form or multipart they came in. */
export type Params = Readonly<Record<string, unknown>>

/** Reads a text; a missing one is empty, as in Telegram's own server. */
export function textParam(params: Params, name: string): string {
  const value = params[name]
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Reads an integer; anything unreadable is 0, as in Telegram's own server. */
export function intParam(params: Params, name: string): number {
  const value = Number.parseInt(textParam(params, name), 10)
  return Number.isFinite(value) ? value : 0
}

export function boolParam(params: Params, name: string): boolean {
  return ['true', 'yes', '1'].includes(textParam(params, name).toLowerCase())
}

/** Reads an object or array that may have come as JSON text; `whatFor` names it in the refusal. */
export function jsonParam(params: Params, name: string, whatFor: string): unknown {
  const value = params[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    throw badRequest(`Can't parse ${whatFor} JSON object`) // the sender's mistake, said in Telegram's words
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
