import { DurableObject } from 'cloudflare:workers'
import type { Update } from 'grammy/types'
import { z } from 'zod'
import { realClock } from '../../../bot/src/chat/clock.ts'
import { type Conversation, createConversation } from '../../../bot/src/chat/conversation.ts'
import { conversationKey, placeOf, privatePlace } from '../../../bot/src/chat/place.ts'
import { sealStorage, type ValueStore } from '../../../bot/src/chat/sealed-storage.ts'
import type { Notice } from '../../../bot/src/money/notice.ts'
import { createBotDeps } from '../bot-deps.ts'

/** What a conversation keeps of what was said. */
export type Said = {
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[]
  /** Topics of a private chat that were ever used; each is a conversation of its own. */
  readonly topics: readonly number[]
}

const TOPICS_MAX = 1000
const topicsSchema = z.array(z.int())
const TOPICS_KEY = 'topics'
const TOLD_KEY = 'topic-told'
/** Payments that are on their way, and where they are told: what is owed must outlive a change of the secret. */
const IN_CLEAR = ['errand', 'place']

/**
 * One Telegram conversation: a chat, or a topic of one. Holds what was said, and answers one message after another. Its
 * alarm brings it back when it died in the middle of an answer.
 */
export class ConversationObject extends DurableObject<Cloudflare.Env> {
  readonly #conversation: Conversation | undefined
  readonly #values: ValueStore

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    const conversation = ctx.id.toString()
    this.#values = sealStorage(valuesOf(ctx), { secret: env.SESSION_KEY, conversation, inClear: IN_CLEAR })
    if (!env.BOT_TOKEN) return
    this.#conversation = createConversation({
      deps: createBotDeps(env),
      storage: { ...this.#values, setAlarm: (atMs) => void ctx.storage.setAlarm(atMs) },
      access: { token: env.BOT_TOKEN, apiRoot: env.TELEGRAM_API_ROOT },
      clock: realClock,
    })
  }

  /** Keeps an update for good and returns; it is answered after that. Throws when the bot has no token: Telegram tries again. */
  async receive(update: Update): Promise<void> {
    if (!this.#conversation) throw new Error('BOT_TOKEN is not set')
    this.#conversation.receive(update)
    this.#tellOfTopic(update)
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

  /** What was said here, the oldest first; of a private chat also which topics it has. */
  async said(): Promise<Said> {
    const messages = this.#conversation?.memory() ?? []
    return { messages: messages.map(({ role, text }) => ({ role, text })), topics: this.#topics() }
  }

  /** Ends what is being answered, and forgets all that was said and chosen. Repeatable. */
  async forget(): Promise<void> {
    await this.#conversation?.forget()
  }

  /** Notes, in a person's private chat, that it has a topic: what is said there is kept by another object. */
  async noteTopic(threadId: number): Promise<void> {
    const topics = this.#topics()
    if (topics.includes(threadId) || topics.length >= TOPICS_MAX) return
    this.#values.put(TOPICS_KEY, [...topics, threadId])
  }

  override async alarm(): Promise<void> {
    if (!this.#conversation) return
    this.#conversation.wake()
    this.#staysFor(this.#conversation)
  }

  #topics(): readonly number[] {
    return topicsSchema.safeParse(this.#values.get(TOPICS_KEY)).data ?? []
  }

  /** Lets the private chat that a topic belongs to know of it, once. Where that fails the next update tries again. */
  #tellOfTopic(update: Update): void {
    const place = placeOf(update)
    if (!place || place.isGroup || place.threadId === undefined || this.#values.get(TOLD_KEY) === true) return
    const chat = this.env.CONVERSATION.getByName(conversationKey(privatePlace(place.chatId)))
    const told = chat.noteTopic(place.threadId).then(() => this.#values.put(TOLD_KEY, true))
    this.ctx.waitUntil(told.catch(() => undefined))
  }

  /** Keeps the object from being evicted between two frames of an answer. */
  #staysFor(conversation: Conversation): void {
    this.ctx.waitUntil(conversation.settled())
  }
}

function valuesOf({ storage: { kv } }: DurableObjectState): ValueStore {
  return {
    get: (key) => kv.get(key),
    put: (key, value) => kv.put(key, value),
    delete: (key) => {
      kv.delete(key)
    },
    list: (prefix) => [...kv.list({ prefix })],
  }
}
