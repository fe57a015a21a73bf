import * as z from 'zod/mini'

/** `GET /v1/about`: what anybody may know of this network before asking it anything. */
export const aboutSchema = z.object({
  /** The bot's name in Telegram, without `@`; null where there is none, or Telegram did not say. */
  bot_username: z.nullable(z.string()),
  /** `-239`: TON's main network; `-3`: its test network. */
  ton_network: z.string(),
  /** False: no coins move here, neither in nor out. */
  takes_coins: z.boolean(),
  /** Whom people write to about payments, such as `@name`; null: nobody is named. */
  support: z.nullable(z.string()),
})
export type AboutJson = z.infer<typeof aboutSchema>

export type About = {
  readonly botUsername: string | undefined
  readonly tonNetwork: string
  readonly takesCoins: boolean
  readonly support: string | undefined
}

/** Reads the answer of `GET /v1/about`; undefined where it is not one. */
export function parseAbout(value: unknown): About | undefined {
  const read = aboutSchema.safeParse(value)
  if (!read.success) return undefined
  const { bot_username, ton_network, takes_coins, support } = read.data
  return {
    botUsername: bot_username ?? undefined,
    tonNetwork: ton_network,
    takesCoins: takes_coins,
    support: support ?? undefined,
  }
}
