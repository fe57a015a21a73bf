import type {
  Answer,
  ChatBody,
  ChatMessage,
  Choice,
  Conversation,
  KeptTurn,
  Message,
  Question,
} from '../conversation.ts'
import { cutToFit, type Fitted, fitContext, toChatMessages } from '../fit-context.ts'
import type { Change } from '../store/chat-store.ts'
import { titleOf } from '../title.ts'

/** Everything that asking changes, planned before anything is written or sent. */
export type Plan = {
  readonly change: Change & { readonly conversation: Conversation; readonly turn: KeptTurn }
  /** The conversation's messages from now on. */
  readonly messages: readonly Message[]
}

/** How it is asked: by which model, and under which key. */
export type Asking = {
  readonly choice: Choice
  /** It is sealed on this device. */
  readonly isSealed?: boolean
  /** The model's; 0 where it is not known. */
  readonly contextTokens: number
  /** Names this question to the coordinator, so that asking again is not another question. */
  readonly key: string
  readonly nowMs: number
}

const LINGER_SECONDS = 60
const RETRY_TEMPERATURE = 0.7 // so that a second answer differs from the first

/** Asks a question at the end of a conversation, or again from `editFrom` on: what was said from there is let go. */
export function planQuestion(
  conversation: Conversation,
  messages: readonly Message[],
  { text, editFrom }: { readonly text: string; readonly editFrom: number | undefined },
  asking: Asking,
): Plan {
  const position = editFrom ?? nextPosition(messages)
  const { id } = conversation
  const before = messages.filter((message) => message.position < position)
  const question: Question = { conversation: id, position, from: 'person', text, atMs: asking.nowMs }
  const asked = [...before, question]
  const title = position === 0 && !conversation.isNamed ? titleOf(text) : conversation.title
  return {
    change: {
      conversation: { ...conversation, title, updatedAtMs: asking.nowMs },
      ...(editFrom === undefined ? {} : { dropFrom: { conversation: id, position } }),
      put: [question],
      turn: turnOf(id, 'ask', position + 1, toChatMessages(asked), asking),
      draft: { conversation: id, text: '' },
    },
    messages: asked,
  }
}

/** Asks the last question once more. The answer that was there stays until another has come. */
export function planRetry(
  conversation: Conversation,
  messages: readonly Message[],
  asking: Asking,
): Plan | undefined {
  const last = messages.at(-1)
  if (!last) return undefined
  const position = last.from === 'model' ? last.position : last.position + 1
  const before = messages.filter((message) => message.position < position)
  const turn = turnOf(conversation.id, 'retry', position, toChatMessages(before), asking)
  return { change: { conversation: { ...conversation, updatedAtMs: asking.nowMs }, turn }, messages }
}

/** Asks the model to go on with an answer that was stopped or broke off. `please` says so in the person's language. */
export function planContinuation(
  conversation: Conversation,
  messages: readonly Message[],
  please: string,
  asking: Asking,
): Plan | undefined {
  const last = messages.at(-1)
  if (last?.from !== 'model' || last.text === '') return undefined
  const chat: ChatMessage[] = [...toChatMessages(messages), { role: 'user', content: please }]
  const turn = turnOf(conversation.id, 'continue', last.position, chat, asking, last)
  return { change: { conversation: { ...conversation, updatedAtMs: asking.nowMs }, turn }, messages }
}

/** What a question at the end of a conversation would send. */
export function fitQuestion(messages: readonly Message[], text: string, contextTokens: number): Fitted {
  const question: ChatMessage = { role: 'user', content: text }
  return fitContext([...withAnswers(messages), question], contextTokens)
}

/** Questions without an answer are not sent, also where they are the last. */
function withAnswers(messages: readonly Message[]): readonly ChatMessage[] {
  const chat = toChatMessages(messages)
  return chat.at(-1)?.role === 'user' ? chat.slice(0, -1) : chat
}

function turnOf(
  conversation: string,
  kind: KeptTurn['kind'],
  position: number,
  chat: readonly ChatMessage[],
  asking: Asking,
  continued?: Answer,
): KeptTurn {
  const { choice, contextTokens, key, nowMs, isSealed = false } = asking
  const { messages, maxTokens } = fitContext(chat, contextTokens)
  const body: ChatBody = {
    model: choice.model,
    tier: choice.tier,
    messages: continued && messages.length === 1 ? tailOf(continued, messages, contextTokens) : messages,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: maxTokens,
    ...(kind === 'retry' ? { temperature: RETRY_TEMPERATURE } : {}),
    linger_seconds: LINGER_SECONDS,
    prompt_cache_key: conversation,
  }
  return {
    conversation,
    position,
    kind,
    key,
    body,
    before: continued?.text ?? '',
    jobs: continued?.jobs ?? [],
    text: '',
    reasoning: '',
    job: {},
    atMs: nowMs,
    isStopped: false,
    ...(isSealed ? { tickets: [] } : {}),
  }
}

/** An answer that is too long to be sent along goes on from its end. */
function tailOf(
  { text }: Answer,
  please: readonly ChatMessage[],
  contextTokens: number,
): readonly ChatMessage[] {
  const fits = cutToFit(text, contextTokens).length
  return [{ role: 'assistant', content: text.slice(-Math.floor(fits / 2)) }, ...please]
}

function nextPosition(messages: readonly Message[]): number {
  return (messages.at(-1)?.position ?? -1) + 1
}
