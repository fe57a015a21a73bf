import type { Conversation } from '../conversation.ts'
import { excerptOf, type Hit, matches } from '../search.ts'
import type { ChatStore } from './chat-store.ts'

/** Conversations that a search shows. */
export const HITS_MAX = 50

/** Finds conversations by their title and by what was said in them, in the order in which they are given. */
export async function searchStore(
  { readMessages }: Pick<ChatStore, 'readMessages'>,
  conversations: readonly Conversation[],
  query: string,
  signal?: AbortSignal,
): Promise<readonly Hit[]> {
  const hits: Hit[] = []
  for (const { id, title } of conversations) {
    if (signal?.aborted || hits.length === HITS_MAX) break
    const said = (await readMessages(id)).find(({ text }) => matches(text, query))
    if (said) hits.push({ conversation: id, excerpt: excerptOf(said.text, query) })
    else if (matches(title, query)) hits.push({ conversation: id, excerpt: undefined })
  }
  return hits
}
