import { DurableObject } from 'cloudflare:workers'
import type { Update } from 'grammy/types'
import { realClock } from '../../../bot/src/chat/clock.ts'
import { type Conversation, createConversation } from '../../../bot/src/chat/conversation.ts'
import type { ConversationStorage } from '../../../bot/src/chat/conversation-state.ts'
import { privatePlace } from '../../../bot/src/chat/place.ts'
import type { Notice } from '../../../bot/src/money/notice.ts'
import { createBotDeps } from '../bot-deps.ts'

/**
 * One Telegram conversation: a chat, or a topic of one. Holds what was said, and answers one message after another. Its
 * alarm brings it back when it died in the middle of an answer.
 */
export class ConversationObject extends DurableObject<Cloudflare.Env> {
  readonly #conversation: Conversation | undefined

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    if (!env.BOT_TOKEN) return
    this.#conversation = createConversation({
      deps: createBotDeps(env),
      storage: storageOf(ctx),
      access: { token: env.BOT_TOKEN, apiRoot: env.TELEGRAM_API_ROOT },
      clock: realClock,
    })
  }

  /** Keeps an update for good and returns; it is answered after that. Throws when the bot has no token: Telegram tries again. */
  async receive(update: Update): Promise<void> {
    if (!this.#conversation) throw new Error('BOT_TOKEN is not set')
    this.#conversation.receive(update)
    this.#staysFor(this.#conversation)
  }

  /**
   * Keeps a notice for the person of this private chat and returns; it is told after that, once for each id. Throws when
   * the bot has no token.
   */
  async tell(telegramId: number, id: string, notice: Notice): Promise<void> {
    if (!this.#conversation) throw new Error('BOT_TOKEN is not set')
    const place = privatePlace(telegramId)
    this.#conversation.runErrand(place, `notice/${id}`, { kind: 'notice', notice })
    this.#staysFor(this.#conversation)
  }

  override async alarm(): Promise<void> {
    if (!this.#conversation) return
    this.#conversation.wake()
    this.#staysFor(this.#conversation)
  }

  /** Keeps the object from being evicted between two frames of an answer. */
  #staysFor(conversation: Conversation): void {
    this.ctx.waitUntil(conversation.settled())
  }
}

function storageOf({ storage }: DurableObjectState): ConversationStorage {
  const { kv } = storage
  return {
    get: (key) => kv.get(key),
    put: (key, value) => kv.put(key, value),
    delete: (key) => {
      kv.delete(key)
    },
    list: (prefix) => [...kv.list({ prefix })],
    setAlarm: (atMs) => {
      void storage.setAlarm(atMs)
    },
  }
}
