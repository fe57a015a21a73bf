import type { Answer, Choice, Conversation, Message } from '../conversation.ts'
import type { Hit } from '../search.ts'
import type { Change, ChatStore } from '../store/chat-store.ts'
import { searchStore } from '../store/search-store.ts'
import { nameOf } from '../title.ts'
import { beginTurn } from '../turn/next-turn.ts'
import type { RunTurnDeps } from '../turn/run-turn.ts'
import { type ChatMemory, createChatMemory } from './chat-memory.ts'
import { answerOf } from './end-turn.ts'
import { createLiveTurns, type LiveTurn } from './live-turns.ts'
import { type Asking, type Plan, planContinuation, planQuestion, planRetry } from './plan-turn.ts'

export type ChatEngineDeps = RunTurnDeps & {
  readonly store: ChatStore
  readonly nowMs: () => number
  /** Makes ids and keys that nobody guesses. */
  readonly newId: () => string
}

/** Which model, and how much it can read. */
export type Chosen = {
  readonly choice: Choice
  readonly contextTokens: number
  /** It is sealed on this device, or not asked at all. */
  readonly isSealed?: boolean
}

export type NewQuestion = Chosen & {
  readonly text: string
  /** Undefined: it begins a conversation. */
  readonly conversation: string | undefined
  /** The position of the question that it replaces, with all that came after it. */
  readonly editFrom?: number | undefined
}

export type ChatEngine = ReturnType<typeof createChatEngine>

type Parts = {
  readonly deps: ChatEngineDeps
  readonly memory: ChatMemory
  readonly live: ReturnType<typeof createLiveTurns>
  readonly drafts: Map<string, string>
}

/**
 * Conversations and the answers that are being written in them, apart from what shows them. Begins by taking up the
 * answers that were being written when the page was left.
 */
export function createChatEngine(deps: ChatEngineDeps) {
  const memory = createChatMemory(deps.store.isLasting)
  const endListeners = new Set<(answer: Answer) => void>()
  const live = createLiveTurns({
    ...deps,
    onShow: (one) => memory.setView(one.turn.conversation, { live: one }),
    onEnd: (one) => {
      void endTurn(parts, one).then((answer) => {
        if (answer) for (const listener of endListeners) listener(answer)
      })
    },
  })
  const parts: Parts = { deps, memory, live, drafts: new Map() }
  const begun = begin(parts)
  return {
    begun,
    subscribe: memory.subscribe,
    library: memory.library,
    view: memory.view,
    /** Whether any answer is being written. */
    isWriting: live.hasAny,
    /** Calls whenever an answer has ended, for good or bad. */
    onAnswer: (listener: (answer: Answer) => void): (() => void) => {
      endListeners.add(listener)
      return () => void endListeners.delete(listener)
    },
    load: (id: string): Promise<readonly Message[]> => load(parts, id),
    ...askingOf(parts),
    ...keepingOf(parts),
  }
}

/** What the person does about answers. */
function askingOf(parts: Parts) {
  const { deps, memory, live, drafts } = parts
  const ask = (chosen: Chosen): Asking => ({ ...chosen, key: deps.newId(), nowMs: deps.nowMs() })
  const planWith = async (
    id: string,
    plan: (one: Conversation, said: readonly Message[]) => Plan | undefined,
  ) => {
    const messages = await load(parts, id)
    const conversation = memory.find(id)
    const planned = conversation && !memory.view(id).live ? plan(conversation, messages) : undefined
    if (planned) await carryOut(parts, planned)
  }
  return {
    /** Asks a question; gives the conversation's id at once. */
    ask: ({ conversation, text, editFrom, ...chosen }: NewQuestion): string => {
      const id = conversation ?? deps.newId()
      const nowMs = deps.nowMs()
      if (conversation === undefined) {
        memory.setView(id, { isLoaded: true })
        memory.put({ id, title: '', isNamed: false, createdAtMs: nowMs, updatedAtMs: nowMs })
      }
      drafts.delete(conversation ?? '')
      if (conversation === undefined) void write(parts, { draft: { conversation: '', text: '' } })
      void planWith(id, (one, said) => planQuestion(one, said, { text, editFrom }, ask(chosen)))
      return id
    },
    retry: (id: string, chosen: Chosen): Promise<void> =>
      planWith(id, (one, said) => planRetry(one, said, ask(chosen))),
    /** Asks the model to go on; `please` says so in the person's language. */
    goOn: (id: string, please: string, chosen: Chosen): Promise<void> =>
      planWith(id, (one, said) => planContinuation(one, said, please, ask(chosen))),
    stop: live.stop,
    /** Tries at once where an answer waits for the network. */
    wake: live.wake,
  }
}

/** What the person does about conversations. */
function keepingOf(parts: Parts) {
  const { deps, memory, live, drafts } = parts
  return {
    rename: async (id: string, text: string): Promise<void> => {
      const conversation = memory.find(id)
      const title = nameOf(text)
      if (!conversation || title === undefined) return
      const renamed = { ...conversation, title, isNamed: true }
      memory.put(renamed)
      await write(parts, { conversation: renamed })
    },
    /** Deletes a conversation and all that belongs to it. An answer that is being written is stopped. */
    remove: async (id: string): Promise<void> => {
      live.drop(id)
      memory.drop(id)
      drafts.delete(id)
      await deps.store.remove(id).catch(() => memory.setLibrary({ isKept: false }))
    },
    search: (query: string, signal: AbortSignal): Promise<readonly Hit[]> =>
      searchStore(deps.store, memory.library().conversations, query, signal).catch(() => []),
    draft: (id: string): string => drafts.get(id) ?? '',
    keepDraft: (conversation: string, text: string): void => {
      if ((drafts.get(conversation) ?? '') === text) return
      if (text === '') drafts.delete(conversation)
      else drafts.set(conversation, text)
      void write(parts, { draft: { conversation, text } })
    },
  }
}

/** Reads what was kept, and takes up what was being written. */
async function begin(parts: Parts): Promise<void> {
  const { deps, memory, live, drafts } = parts
  const nothing = () => [] // what cannot be read is not there
  const [conversations, turns, kept] = await Promise.all([
    deps.store.readConversations().catch(nothing),
    deps.store.readTurns().catch(nothing),
    deps.store.readDrafts().catch(nothing),
  ])
  for (const { conversation, text } of kept) if (!drafts.has(conversation)) drafts.set(conversation, text)
  const early = memory.library().conversations // asked before this was read
  const known = new Set(early.map(({ id }) => id))
  memory.setLibrary({
    isLoaded: true,
    conversations: [...early, ...conversations.filter(({ id }) => !known.has(id))],
  })
  for (const turn of turns) {
    if (!memory.find(turn.conversation) || live.has(turn.conversation)) continue
    memory.setView(turn.conversation, { live: { turn, state: beginTurn(turn) } })
    void live.run(turn)
  }
}

/** Gives a conversation's messages, read once. */
async function load({ deps, memory }: Parts, id: string): Promise<readonly Message[]> {
  if (!memory.view(id).isLoaded) {
    const messages = await deps.store.readMessages(id).catch(() => [])
    if (!memory.view(id).isLoaded) memory.setView(id, { isLoaded: true, messages })
  }
  return memory.view(id).messages
}

/** Keeps what is planned before anything is sent, then sends it. */
async function carryOut(parts: Parts, { change, messages }: Plan): Promise<void> {
  const { conversation, turn } = change
  parts.memory.setView(conversation.id, { messages, live: { turn, state: beginTurn() } })
  parts.memory.put(conversation)
  await write(parts, change)
  await parts.live.run(turn)
}

/** Puts an answer into its conversation; undefined where that was deleted meanwhile. */
async function endTurn(parts: Parts, { turn, state }: LiveTurn): Promise<Answer | undefined> {
  const { deps, memory } = parts
  const id = turn.conversation
  const messages = await load(parts, id)
  const found = memory.find(id)
  if (!found) return undefined
  const old = messages.find(({ position }) => position === turn.position)
  const answer = answerOf(turn, state, old?.from === 'model' ? old : undefined, deps.nowMs())
  const conversation = { ...found, updatedAtMs: answer.atMs }
  memory.setView(id, {
    messages: [...messages.filter(({ position }) => position < turn.position), answer],
    live: undefined,
  })
  memory.put(conversation)
  await write(parts, { conversation, put: [answer], dropTurn: id })
  return answer
}

/** Writes through to the device. Where it has no room the page goes on, and says so. */
async function write({ deps, memory }: Parts, change: Change): Promise<void> {
  const isKept = await deps.store.write(change).then(
    () => true,
    () => false,
  )
  if (isKept !== memory.library().isKept) memory.setLibrary({ isKept })
}
