import { Hono } from 'hono'
import type { AboutJson } from '../../../protocol/src/miniapp/about.ts'

export type AboutRouteDeps = {
  /** The bot's name in Telegram, without `@`; undefined where there is none, or Telegram did not say. Never throws. */
  readonly readBotName: () => Promise<string | undefined>
  /** `-239` the main network, `-3` the test network. */
  readonly tonNetwork: string
  /** Whether coins move here at all. */
  readonly takesCoins: boolean
  /** Whom people write to about payments, such as `@name`; empty or undefined: nobody is named. */
  readonly support: string | undefined
}

const ANYONE = { 'cache-control': 'public, max-age=60' }

/** `GET /v1/about`: what anybody may know of this network before asking it anything. */
export function aboutRoute(deps: AboutRouteDeps): Hono {
  return new Hono().get('/v1/about', async (c) => {
    const answer: AboutJson = {
      bot_username: (await deps.readBotName()) ?? null,
      ton_network: deps.tonNetwork,
      takes_coins: deps.takesCoins,
      support: deps.support?.trim() || null,
    }
    return c.json(answer, 200, ANYONE)
  })
}
