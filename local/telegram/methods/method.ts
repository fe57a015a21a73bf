import type { Params } from '../params.ts'
import type { TelegramServer } from '../telegram-server.ts'

/** One Bot API method: gives its result or throws a BotApiError. `signal` fires when the caller hangs up. */
export type Method = (
  server: TelegramServer,
  params: Params,
  call: { readonly signal: AbortSignal },
) => unknown

export type MethodTable = Readonly<Record<string, Method>>
