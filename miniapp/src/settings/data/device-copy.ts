import type { ChatStore } from '../../chat/store/chat-store.ts'

/** A conversation of this device with all that was said in it. */
export type CopiedConversation = Awaited<ReturnType<ChatStore['readConversations']>>[number] & {
  readonly messages: Awaited<ReturnType<ChatStore['readMessages']>>
}

/** Reads all conversations that this device keeps for a person, the newest first. Rejects where the device does not let it. */
export async function copyConversations(
  store: Pick<ChatStore, 'readConversations' | 'readMessages'>,
): Promise<readonly CopiedConversation[]> {
  const conversations = await store.readConversations()
  return Promise.all(
    conversations.map(async (one) => ({ ...one, messages: await store.readMessages(one.id) })),
  )
}
