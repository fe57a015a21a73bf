import { z } from 'zod'

export type BotNameDeps = {
  /** The bot's token; undefined: this network has no bot. */
  readonly token: string | undefined
  /** Where the Bot API lives. */
  readonly apiRoot: string
  readonly fetch: typeof globalThis.fetch
  readonly nowMs: () => number
}

/** How long a name is believed, ms: bots rarely change theirs. */
const KNOWN_FOR_MS = 24 * 60 * 60_000
/** How long it is not asked again after Telegram did not say, ms. */
const FAILED_FOR_MS = 60_000
/** How long Telegram may take, ms. */
const ANSWER_TIMEOUT_MS = 4_000

const getMeSchema = z.object({
  ok: z.literal(true),
  result: z.object({ username: z.string().regex(/^\w{1,64}$/) }),
})

/**
 * Asks Telegram for the bot's name (`getMe`) and remembers it for a day in this isolate. Undefined without a bot, and for
 * a minute after Telegram did not say. Never throws.
 */
export function createBotNameReader(deps: BotNameDeps): () => Promise<string | undefined> {
  let known: { readonly name: string | undefined; readonly untilMs: number } | undefined
  return async () => {
    if (!deps.token) return undefined
    if (known && deps.nowMs() < known.untilMs) return known.name
    const name = await askName(deps)
    known = { name, untilMs: deps.nowMs() + (name === undefined ? FAILED_FOR_MS : KNOWN_FOR_MS) }
    return name
  }
}

async function askName({ token, apiRoot, fetch }: BotNameDeps): Promise<string | undefined> {
  try {
    const response = await fetch(`${apiRoot.replace(/\/+$/, '')}/bot${token}/getMe`, {
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })
    return getMeSchema.safeParse(await response.json()).data?.result.username
  } catch {
    return undefined // out of reach, too slow, or not JSON: the page does without a name
  }
}
