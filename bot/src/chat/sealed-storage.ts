import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { ConversationStorage } from './conversation-state.ts'

/** Where values are kept: as `ConversationStorage`, without the alarm. */
export type ValueStore = Pick<ConversationStorage, 'get' | 'put' | 'delete' | 'list'>

export type SealedStorageOptions = {
  readonly secret: string | undefined
  /** A name that no other conversation has: its key follows from it. */
  readonly conversation: string
  /** Names, by how they begin, of what is kept as it is: neither questions nor answers. */
  readonly inClear: readonly string[]
}

const LABEL = 'sharnaqa conversation at rest v1'
const SECRET_MIN_CHARS = 32
const KEY_BYTES = 32
/** The first byte of what is sealed. Values of an older version are never bytes. */
const VERSION = 1
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Keeps values, such as JSON carries, encrypted (AES-256-GCM): each bound to its name, under a key of this conversation
 * alone. Who has the database and not the secret sees when something was kept, under which names and how long it is, not
 * what it says. A value that does not open reads as absent; what an older version kept in clear is read, and kept sealed
 * from then on. Throws without a secret of at least 32 characters.
 */
export function sealStorage(
  store: ValueStore,
  { secret, conversation, inClear }: SealedStorageOptions,
): ValueStore {
  if (secret === undefined || secret.length < SECRET_MIN_CHARS)
    throw new Error(
      `SESSION_KEY needs at least ${SECRET_MIN_CHARS} characters. Action: wrangler secret put SESSION_KEY`,
    )
  const key = Buffer.from(hkdfSync('sha256', secret, '', `${LABEL}/${conversation}`, KEY_BYTES))
  const isClear = (name: string) => inClear.some((start) => name.startsWith(start))
  const put = (name: string, value: unknown) =>
    store.put(name, isClear(name) ? value : seal(key, name, value))
  const read = (name: string, kept: unknown): unknown => {
    if (kept === undefined || isClear(name)) return kept
    if (kept instanceof Uint8Array) return open(key, name, kept)
    put(name, kept)
    return kept
  }
  return {
    get: (name) => read(name, store.get(name)),
    put,
    delete: store.delete,
    list: (prefix) =>
      store.list(prefix).flatMap(([name, kept]) => {
        const value = read(name, kept)
        return value === undefined ? [] : [[name, value] as const]
      }),
  }
}

function seal(key: Buffer, name: string, value: unknown): Uint8Array {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(name))
  const parts = [Buffer.of(VERSION), iv, cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]
  return new Uint8Array(Buffer.concat([...parts, cipher.getAuthTag()]))
}

function open(key: Buffer, name: string, kept: Uint8Array): unknown {
  const ivAt = 1
  const textAt = ivAt + IV_BYTES
  const tagAt = kept.length - TAG_BYTES
  if (kept[0] !== VERSION || tagAt < textAt) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, kept.subarray(ivAt, textAt), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(name))
    decipher.setAuthTag(kept.subarray(tagAt))
    const text = Buffer.concat([decipher.update(kept.subarray(textAt, tagAt)), decipher.final()])
    return JSON.parse(text.toString('utf8'))
  } catch {
    // It was changed, moved to another name, or sealed under another secret: nothing in it is believed.
    return undefined
  }
}
