import { onTestFinished } from 'vitest'
import { startTelegram, type TelegramHandle, type TelegramOptions } from './start-telegram.ts'

export type Answer = {
  readonly ok: boolean
  readonly result?: unknown
  readonly error_code?: number
  readonly description?: string
  readonly parameters?: { readonly retry_after?: number }
}

export type TestTelegram = TelegramHandle & {
  /** Calls a method as a bot does, by JSON. */
  readonly call: (method: string, params?: object) => Promise<Answer>
}

export const TOKEN = '123456:TEST-TOKEN'

/** Starts a stand-in that ends with the test. No rate limits unless the test asks for them. */
export async function setupTelegram(options: Partial<TelegramOptions> = {}): Promise<TestTelegram> {
  const telegram = await startTelegram({ token: TOKEN, rateLimits: 'off', webhookRetryMs: 5, ...options })
  onTestFinished(() => telegram.close())
  const call = async (method: string, params: object = {}) => {
    const response = await fetch(`${telegram.url}/bot${TOKEN}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    })
    return (await response.json()) as Answer
  }
  return { ...telegram, call }
}
