import type { Context } from 'grammy'
import type { Chat } from './chat/chat.ts'
import type { Errands } from './chat/errands.ts'
import type { RichText } from './chat/rich-text.ts'
import { plain } from './chat/rich-text.ts'
import { type Saying, say } from './chat/say.ts'
import type { Turns } from './chat/turns.ts'
import { type Language, languageOf, type Words, wordsFor } from './words/words.ts'

/** What every feature of the bot gets besides the update. */
export type BotContext = Context & { language: Language; words: Words }

/** A conversation with its queue of answers and its errands: what features act upon. */
export type Talk = { readonly chat: Chat; readonly turns: Turns; readonly errands: Errands }

/** Speaks the language of the person who wrote or pressed. */
export function chooseWords(ctx: BotContext): void {
  ctx.language = languageOf(ctx.from?.language_code)
  ctx.words = wordsFor(ctx.language)
}

/** Answers a command: a message of its own, in a group as a reply. */
export async function answer(
  talk: Talk,
  ctx: BotContext,
  text: string | RichText,
  saying: Saying = {},
): Promise<void> {
  const replyTo = ctx.message?.message_id
  await say(talk.chat, typeof text === 'string' ? plain(text) : text, {
    ...(replyTo === undefined ? {} : { replyTo }),
    ...saying,
  })
}

const CALLBACK_TEXT_MAX = 200
const CALLBACK_TRIES_MAX = 6

/** Answers a pressed button with a line at the top of the chat. One that is too old cannot be answered any more. */
export async function answerPress(talk: Talk, ctx: BotContext, text?: string): Promise<void> {
  for (let tries = 1; tries <= CALLBACK_TRIES_MAX; tries += 1) {
    try {
      await ctx.answerCallbackQuery(text ? { text: text.slice(0, CALLBACK_TEXT_MAX) } : {})
      return
    } catch (error) {
      const isRefused = error instanceof Error && 'error_code' in error && Number(error.error_code) < 429
      if (isRefused || tries === CALLBACK_TRIES_MAX) {
        talk.chat.deps.log('press-unanswered', { tries })
        return
      }
      const waitS = retryAfterS(error)
      await talk.chat.clock.sleep(waitS * 1000)
    }
  }
}

function retryAfterS(error: unknown): number {
  const parameters = error instanceof Error && 'parameters' in error ? error.parameters : undefined
  const hint = parameters as { readonly retry_after?: number } | undefined
  return hint?.retry_after ?? 1
}

/** Runs a private command; in a group it points to the private chat instead, so that nobody's coins are shown around. */
export function inPrivate(
  talk: Talk,
  handle: (ctx: BotContext) => Promise<void>,
): (ctx: BotContext) => Promise<void> {
  return (ctx) => {
    if (!talk.chat.place.isGroup) return handle(ctx)
    const url = `https://t.me/${ctx.me.username}`
    return answer(talk, ctx, ctx.words('in-private'), {
      keyboard: { inline_keyboard: [[{ text: ctx.words('in-private-button'), url }]] },
    })
  }
}
