import { isRecord } from '../../session/session.ts'
import type { Choice } from '../conversation.ts'
import { CHAT_TIERS } from './model-choice.ts'

const KEPT_AS = 'sharnaqa-chat-choice'

/** What the person chose the last time; undefined where nothing was, or it cannot be read. */
export function readChoice(storage: Pick<Storage, 'getItem'>): Choice | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEPT_AS) ?? 'null')
    if (!isRecord(kept) || typeof kept.model !== 'string') return undefined
    const tier = CHAT_TIERS.find((one) => one === kept.tier)
    return tier && { model: kept.model, tier }
  } catch {
    return undefined // a browser that keeps nothing, or something else under this name
  }
}

/** Keeps a choice for the next time. A browser that keeps nothing forgets it when the page is closed. */
export function keepChoice(storage: Pick<Storage, 'setItem'>, { model, tier }: Choice): void {
  try {
    storage.setItem(KEPT_AS, JSON.stringify({ model, tier }))
  } catch {
    // The choice still holds for this page.
  }
}
