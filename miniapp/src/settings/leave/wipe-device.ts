export type WipeDeps = {
  readonly local: Pick<Storage, 'clear'>
  readonly session: Pick<Storage, 'clear'>
  readonly deleteDatabase: (name: string) => Promise<void>
}

/** The longest that a window which holds a database open is waited for, ms. */
const DELETE_TIMEOUT_MS = 3000

/**
 * Makes this device forget a person: conversations, settings, the link to the wallet, and what Telegram signed at the
 * start. Each on its own: what one of them forbids keeps no other.
 */
export async function wipeDevice(
  { local, session, deleteDatabase }: WipeDeps,
  person: string,
): Promise<void> {
  await deleteDatabase(`sharnaqa-chat-${person}`).catch(() => undefined)
  for (const storage of [local, session]) {
    try {
      storage.clear()
    } catch {
      // This browser keeps nothing here.
    }
  }
}

/** Deletes a database of the browser. Rejects where that is refused, or held up by another window. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('held up')), DELETE_TIMEOUT_MS)
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
  })
}
