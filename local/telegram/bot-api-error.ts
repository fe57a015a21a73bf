/**
 * A refusal of the Bot API. Its description is what Telegram itself would say.
 *
 * Action: the route answers with it; the caller of the Bot API decides by `code`.
 */
export class BotApiError extends Error {
  readonly code: number
  readonly retryAfterS: number | undefined

  constructor(code: number, description: string, retryAfterS?: number) {
    super(description)
    this.name = 'BotApiError'
    this.code = code
    this.retryAfterS = retryAfterS
  }
}

/** Makes a 400. The first letter becomes small unless the reason is an upper-case code (BUTTON_DATA_INVALID). */
export function badRequest(reason: string): BotApiError {
  const isCode = /^.[_A-Z]/.test(reason)
  const text = isCode ? reason : `${reason.slice(0, 1).toLowerCase()}${reason.slice(1)}`
  return new BotApiError(400, `Bad Request: ${text}`)
}

export function forbidden(reason: string): BotApiError {
  return new BotApiError(403, `Forbidden: ${reason}`)
}

export function conflict(reason: string): BotApiError {
  return new BotApiError(409, `Conflict: ${reason}`)
}

export function tooManyRequests(retryAfterS: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${retryAfterS}`, retryAfterS)
}
