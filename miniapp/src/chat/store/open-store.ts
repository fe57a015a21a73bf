import type { ChatStore } from './chat-store.ts'
import { openIndexedStore } from './indexed-store.ts'
import { createMemoryStore } from './memory-store.ts'

/** Some clients never answer when they are asked for storage. */
const OPEN_TIMEOUT_MS = 3000

/** Opens what is kept for a person; where the device keeps nothing, something that lasts as long as the page. */
export async function openStore(person: string): Promise<ChatStore> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, OPEN_TIMEOUT_MS, undefined))
  try {
    return (await Promise.race([openIndexedStore(person), late])) ?? createMemoryStore()
  } catch {
    return createMemoryStore() // a private window, or a client without IndexedDB
  }
}
