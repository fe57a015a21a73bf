import type { Talk } from '../bot-context.ts'
import { stripButtons } from './say.ts'

/** Ends what is being answered. Resolves when nothing is said any more. */
export async function endTalk({ turns }: Talk): Promise<void> {
  turns.stop('replaced')
  await turns.settled()
}

/** Forgets all that was said and chosen in a conversation, and takes the buttons from its last answer. */
export async function forgetTalk({ chat }: Talk): Promise<void> {
  chat.state.addToStrip(chat.state.lastAnswer()?.messageId)
  chat.state.forgetAll()
  await stripButtons(chat)
}
