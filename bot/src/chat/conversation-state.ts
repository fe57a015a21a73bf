import type { Update, UserFromGetMe } from 'grammy/types'
import { z } from 'zod'
import { answerUsageSchema, jobReasonSchema } from '../../../protocol/src/answer.ts'
import type { Choice } from '../bot-deps.ts'
import { LANGUAGES, type Language } from '../words/words.ts'
import { type Errand, type KeptErrand, keptErrandSchema } from './errand.ts'
import { type Memory, rememberedSchema } from './memory.ts'
import { type Place, placeSchema } from './place.ts'

/**
 * A small store that outlives the process: one per conversation. Writes made without an await between them are kept or
 * lost together, and are kept before anything is sent to the outside (a Durable Object gives both).
 */
export type ConversationStorage = {
  readonly get: (key: string) => unknown
  readonly put: (key: string, value: unknown) => void
  readonly delete: (key: string) => void
  /** All whose key begins with the prefix, in the order of their keys. */
  readonly list: (prefix: string) => readonly (readonly [key: string, value: unknown])[]
  /** Asks to be woken at a time; a later call replaces an earlier one. */
  readonly setAlarm: (atMs: number) => void
}

/** Something to be said in its turn: an answer, or a fixed sentence. */
export const turnSchema = z.object({
  seq: z.int(),
  kind: z.enum(['ask', 'edit', 'retry', 'continue', 'notice']),
  userId: z.int(),
  language: z.enum(['en', 'ar', 'ru']),
  /** The person's message: what a group's answer replies to. */
  messageId: z.int().optional(),
  /** The question; of a notice, the id of its sentence. */
  text: z.string(),
  /** The question that a retry or a continuation is about. */
  target: z.int().optional(),
  /** A message that an earlier try has already put into the chat for the answer. */
  viewMessageId: z.int().optional(),
  /** How often the process died on it before anything was written. */
  deaths: z.int(),
})
export type Turn = z.infer<typeof turnSchema>

/** How an answer was sealed on its way to the GPU; absent where it was not. `simulated`: to evidence that proves nothing. */
export const sealSchema = z.enum(['sealed', 'simulated'])

/** How an answer ended. `interrupted`: the process died and the turn ends with what was there. */
export const endingSchema = z.object({
  finish: z.enum(['stop', 'length', 'cancelled', 'failed', 'interrupted', 'refused']),
  reason: jobReasonSchema.optional(),
  usage: answerUsageSchema.optional(),
  runnerIds: z.array(z.string()),
  retryAfterSeconds: z.number().optional(),
})
export type Ending = z.infer<typeof endingSchema>

/** The turn that is being answered, as far as it got. */
export const runningSchema = z.object({
  turn: turnSchema,
  /** What was there of the answer about a second ago. */
  text: z.string(),
  /** The question in memory that the answer belongs to. */
  question: z.int(),
  /** What a continuation continues. */
  before: z.string().optional(),
  jobId: z.string().optional(),
  model: z.string().optional(),
  seal: sealSchema.optional(),
  /** Who pays. */
  accountId: z.int().optional(),
  /** The message that is edited while the answer grows; none with drafts. */
  messageId: z.int().optional(),
  /** Set when nothing more is written: from here on only the delivery is left. */
  ending: endingSchema.optional(),
  sentParts: z.int(),
  /** A part is on its way: after a death nobody knows whether it arrived. */
  inFlight: z.boolean(),
})
export type Running = z.infer<typeof runningSchema>

/** The answer that bears the buttons. */
export const lastAnswerSchema = z.object({
  seq: z.int(),
  question: z.int(),
  userId: z.int(),
  /** Absent when Telegram's reply to the send was lost. */
  messageId: z.int().optional(),
  canContinue: z.boolean(),
  jobId: z.string().optional(),
  model: z.string().optional(),
  seal: sealSchema.optional(),
  ending: endingSchema,
})
export type LastAnswer = z.infer<typeof lastAnswerSchema>

type Received = { readonly update: Update; readonly tries: number }

const SEEN_MAX = 500
const STRIP_MAX = 20
const ERRANDS_DONE_MAX = 300
const BOT_INFO_LIFE_MS = 24 * 60 * 60 * 1000

export type ConversationState = ReturnType<typeof createConversationState>

/** Everything that a conversation keeps, with its types. What an older version wrote and no longer fits reads as absent. */
export function createConversationState(storage: ConversationStorage) {
  const read = <T>(key: string, schema: z.ZodType<T>): T | undefined => {
    const parsed = schema.safeParse(storage.get(key))
    return parsed.success ? parsed.data : undefined
  }
  const nextSeq = (): number => {
    const seq = (read('next', z.int()) ?? 0) + 1
    storage.put('next', seq)
    return seq
  }
  const strip = (): readonly number[] => read('strip', z.array(z.int())) ?? []
  const errandsDone = (): readonly string[] => read('errands-done', z.array(z.string())) ?? []
  return {
    nextSeq,
    /** Notes an update; false when it was noted before. */
    noteUpdate: (updateId: number): boolean => {
      const seen = read('seen', z.array(z.int())) ?? []
      if (seen.includes(updateId)) return false
      storage.put('seen', [...seen, updateId].slice(-SEEN_MAX))
      return true
    },
    /** Notes an album; false when its first picture came before. What is in no album is always new. */
    noteAlbum: (albumId: string | undefined): boolean => {
      if (albumId === undefined) return true
      const isNew = storage.get('album') !== albumId
      storage.put('album', albumId)
      return isNew
    },
    addToInbox: (update: Update): string => {
      const key = `inbox/${padded(nextSeq())}`
      storage.put(key, { update, tries: 0 } satisfies Received)
      return key
    },
    inbox: () => storage.list('inbox/').map(([key, value]) => ({ key, update: (value as Received).update })),
    /** Counts how often an update was begun with: 1 the first time. */
    noteTry: (key: string): number => {
      const received = storage.get(key) as Received | undefined
      const tries = (received?.tries ?? 0) + 1
      if (received) storage.put(key, { ...received, tries } satisfies Received)
      return tries
    },
    removeFromInbox: (key: string): void => storage.delete(key),

    addTurn: (turn: Turn): void => storage.put(`turn/${padded(turn.seq)}`, turn),
    turns: (): Turn[] =>
      storage.list('turn/').flatMap(([, value]) => {
        const parsed = turnSchema.safeParse(value)
        return parsed.success ? [parsed.data] : []
      }),
    removeTurn: (seq: number): void => storage.delete(`turn/${padded(seq)}`),
    running: (): Running | undefined => read('running', runningSchema),
    setRunning: (running: Running): void => storage.put('running', running),
    clearRunning: (): void => storage.delete('running'),

    /** Keeps an errand; false when it, or one of the same name, was kept or done before. */
    addErrand: (id: string, errand: Errand): boolean => {
      const key = `errand/${id}`
      if (storage.get(key) !== undefined || errandsDone().includes(id)) return false
      storage.put(key, { errand, tries: 0, notBeforeMs: 0, inFlight: false } satisfies KeptErrand)
      return true
    },
    errands: (): { readonly id: string; readonly kept: KeptErrand }[] =>
      storage.list('errand/').flatMap(([key, value]) => {
        const parsed = keptErrandSchema.safeParse(value)
        return parsed.success ? [{ id: key.slice('errand/'.length), kept: parsed.data }] : []
      }),
    errand: (id: string): KeptErrand | undefined => read(`errand/${id}`, keptErrandSchema),
    keepErrand: (id: string, kept: KeptErrand): void => storage.put(`errand/${id}`, kept),
    endErrand: (id: string): void => {
      storage.delete(`errand/${id}`)
      storage.put('errands-done', [...errandsDone(), id].slice(-ERRANDS_DONE_MAX))
    },

    memory: (): Memory => read('memory', z.array(rememberedSchema)) ?? [],
    setMemory: (memory: Memory): void => storage.put('memory', memory),
    lastAnswer: (): LastAnswer | undefined => read('last', lastAnswerSchema),
    setLastAnswer: (last: LastAnswer): void => storage.put('last', last),
    clearLastAnswer: (): void => storage.delete('last'),
    /** Messages whose buttons are to be taken away. */
    strip,
    addToStrip: (messageId: number | undefined): void => {
      if (messageId !== undefined) storage.put('strip', [...strip(), messageId].slice(-STRIP_MAX))
    },
    removeFromStrip: (messageId: number): void =>
      storage.put(
        'strip',
        strip().filter((id) => id !== messageId),
      ),

    /** The model and the tier that were chosen: neither is ever changed for the other's sake. */
    choice: (): Choice | undefined => {
      const model = read('model', z.string())
      return model === undefined
        ? undefined
        : { model, tier: read('tier', z.enum(['open', 'confidential'])) ?? 'open' }
    },
    setChoice: ({ model, tier }: Choice): void => {
      storage.put('model', model)
      storage.put('tier', tier)
    },
    /** A name for dispatch that says nothing of who speaks; a new one after `/new`. */
    conversationName: (): string => {
      const known = read('name', z.string())
      if (known) return known
      const name = crypto.randomUUID()
      storage.put('name', name)
      return name
    },
    forgetConversationName: (): void => storage.delete('name'),

    /** The language that the person last wrote in; English before. */
    language: (): Language => read('language', z.enum(LANGUAGES)) ?? 'en',
    setLanguage: (language: Language): void => {
      if (storage.get('language') !== language) storage.put('language', language)
    },

    place: (): Place | undefined => read('place', placeSchema),
    setPlace: (place: Place): void => storage.put('place', place),
    isBlocked: (): boolean => storage.get('blocked') === true,
    setBlocked: (): void => storage.put('blocked', true),
    clearBlocked: (): void => storage.delete('blocked'),
    notBeforeMs: (kind: string): number => read(`pace/${kind}`, z.number()) ?? 0,
    setNotBeforeMs: (kind: string, atMs: number): void => storage.put(`pace/${kind}`, atMs),
    draftsOffUntilMs: (): number => read('drafts-off', z.number()) ?? 0,
    setDraftsOffUntilMs: (atMs: number): void => storage.put('drafts-off', atMs),

    botInfo: (nowMs: number): UserFromGetMe | undefined => {
      const kept = read('bot', z.object({ info: z.looseObject({ id: z.int() }), atMs: z.number() }))
      return kept && nowMs - kept.atMs < BOT_INFO_LIFE_MS
        ? (kept.info as unknown as UserFromGetMe)
        : undefined
    },
    setBotInfo: (info: UserFromGetMe, nowMs: number): void => storage.put('bot', { info, atMs: nowMs }),

    setAlarm: storage.setAlarm,
    /** Forgets all that was said. What is waiting to be answered stays. */
    forget: (): void => {
      for (const key of ['memory', 'last', 'name']) storage.delete(key)
    },
    /** Forgets also what was chosen. */
    forgetAll: (): void => {
      for (const key of ['memory', 'last', 'name', 'model', 'tier', 'running']) storage.delete(key)
      for (const [key] of storage.list('turn/')) storage.delete(key)
    },
  }
}

function padded(seq: number): string {
  return String(seq).padStart(12, '0')
}
