import type { ApiClientOptions } from 'grammy'

/** Where the Bot API lives and who we are there. */
export type TelegramAccess = {
  readonly token: string
  /** Without a slash at the end. */
  readonly apiRoot: string
}

/** A call without an answer for so long counts as lost. */
const CALL_TIMEOUT_S = 20

export function clientOptions({ apiRoot }: TelegramAccess): ApiClientOptions {
  return { apiRoot: apiRoot.replace(/\/+$/, ''), timeoutSeconds: CALL_TIMEOUT_S }
}
