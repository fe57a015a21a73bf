import type { MessageEntity } from 'grammy/types'

/** A message being written by the bot: seen by the person, stored nowhere. */
export type Draft = {
  readonly chatId: number
  readonly draftId: number
  readonly threadId: number | undefined
  readonly text: string // empty: shown as "Thinking…"
  readonly entities: readonly MessageEntity[]
  readonly canStop: boolean
  readonly keepOnStop: boolean
  readonly atMs: number
}

type DraftBookDeps = {
  readonly lifeMs: number
  readonly onGone: (draft: Draft) => void
}

/** The live drafts, one per chat and thread. Each vanishes `lifeMs` after its last change. */
export class DraftBook {
  readonly #deps: DraftBookDeps
  readonly #drafts = new Map<string, { draft: Draft; timer: NodeJS.Timeout }>()

  constructor(deps: DraftBookDeps) {
    this.#deps = deps
  }

  put(draft: Draft): void {
    const key = keyOf(draft.chatId, draft.threadId)
    clearTimeout(this.#drafts.get(key)?.timer)
    const timer = setTimeout(() => this.remove(draft.chatId, draft.threadId), this.#deps.lifeMs)
    timer.unref()
    this.#drafts.set(key, { draft, timer })
  }

  /** Removes a draft because it was stopped, replaced by a message, or too old. */
  remove(chatId: number, threadId: number | undefined): void {
    const key = keyOf(chatId, threadId)
    const found = this.#drafts.get(key)
    if (!found) return
    clearTimeout(found.timer)
    this.#drafts.delete(key)
    this.#deps.onGone(found.draft)
  }

  all(chatId?: number): Draft[] {
    const drafts = [...this.#drafts.values()].map(({ draft }) => draft)
    return chatId === undefined ? drafts : drafts.filter((draft) => draft.chatId === chatId)
  }

  close(): void {
    for (const { timer } of this.#drafts.values()) clearTimeout(timer)
    this.#drafts.clear()
  }
}

function keyOf(chatId: number, threadId: number | undefined): string {
  return `${chatId}/${threadId ?? 0}`
}
