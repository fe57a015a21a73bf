import type { ConversationStorage } from './conversation-state.ts'

/** A conversation's storage that lives in this process: for tests. Values are copied in and out, as a real store does. */
export type MemoryStorage = ConversationStorage & {
  /** What a process sees that opens the same storage anew. What the old one still writes, nobody sees. */
  readonly reopen: () => MemoryStorage
}

export function createMemoryStorage(values = new Map<string, unknown>()): MemoryStorage {
  return {
    get: (key) => structuredClone(values.get(key)),
    put: (key, value) => {
      values.set(key, structuredClone(value))
    },
    delete: (key) => {
      values.delete(key)
    },
    list: (prefix) =>
      [...values]
        .filter(([key]) => key.startsWith(prefix))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, structuredClone(value)] as const),
    setAlarm: () => undefined, // a test that needs to be woken gives its own
    reopen: () => createMemoryStorage(new Map(values)), // values are never changed in place
  }
}
