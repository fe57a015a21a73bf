import type { Chat } from './chat.ts'
import { canContinue, composeAnswer } from './compose-answer.ts'
import type { Running } from './conversation-state.ts'
import type { RichText } from './rich-text.ts'
import { edit, say, stripButtons } from './say.ts'
import type { CallFailure, CallResult } from './telegram-gate.ts'

type Delivery = { readonly messageId: number | undefined; readonly isOver: boolean }

/**
 * Brings the messages of an ended turn to the chat, each once. How far it came is kept before and after each call: a
 * process that dies in between goes on behind the part that was on its way, since that may have arrived.
 */
export async function deliverAnswer(chat: Chat, ended: Running): Promise<void> {
  const { state, deps } = chat
  const { parts, keyboard } = composeAnswer(ended)
  let running = ended.inFlight
    ? keep(chat, { ...ended, inFlight: false, sentParts: ended.sentParts + 1 })
    : ended
  let lastMessageId = running.sentParts > 0 && parts.length === 1 ? running.messageId : undefined
  while (running.sentParts < parts.length) {
    const part = parts[running.sentParts]
    if (!part) break
    const isLast = running.sentParts === parts.length - 1
    const onFlight = (inFlight: boolean) => {
      running = keep(chat, { ...running, inFlight })
    }
    const delivery = await deliverPart(chat, running, part, isLast ? keyboard : undefined, onFlight)
    if (delivery.isOver) {
      deps.log('answer-undelivered', { turn: running.turn.seq, part: running.sentParts })
      break
    }
    lastMessageId = delivery.messageId
    running = keep(chat, { ...running, inFlight: false, sentParts: running.sentParts + 1 })
  }
  if (running.turn.kind !== 'notice') setLastAnswer(chat, running, lastMessageId)
  state.clearRunning()
  if (!state.isBlocked()) await stripButtons(chat)
}

async function deliverPart(
  chat: Chat,
  running: Running,
  part: RichText,
  keyboard: ReturnType<typeof composeAnswer>['keyboard'],
  onFlight: (inFlight: boolean) => void,
): Promise<Delivery> {
  const { messageId, sentParts, turn } = running
  if (messageId !== undefined && sentParts === 0) {
    const edited = await edit(chat, messageId, part, keyboard ? { keyboard } : {})
    if (edited.ok) return { messageId, isOver: false }
    if (!NEW_MESSAGE.has(edited.reason)) return { messageId, isOver: isHopeless(edited) }
  }
  const isReply = sentParts === 0 && turn.messageId !== undefined
  const sent = await say(chat, part, {
    onFlight,
    ...(keyboard ? { keyboard } : {}),
    ...(isReply && turn.messageId !== undefined ? { replyTo: turn.messageId } : {}),
  })
  if (sent.ok) return { messageId: sent.value.message_id, isOver: false }
  return { messageId: undefined, isOver: isHopeless(sent) }
}

/** The message that was to be edited takes no text any more: the answer comes as a new one. */
const NEW_MESSAGE = new Set<CallFailure>(['gone', 'refused', 'markup', 'unknown-method'])

/** A lost call may have arrived, so the next part follows it; after any other failure nothing does. */
function isHopeless(result: CallResult<unknown>): boolean {
  return !result.ok && result.reason !== 'lost'
}

/** Moves the buttons to this answer. */
function setLastAnswer(chat: Chat, running: Running, messageId: number | undefined): void {
  const { state } = chat
  const { turn, question, jobId, model, seal, ending } = running
  if (!ending) return
  const previous = state.lastAnswer()?.messageId
  if (previous !== messageId) state.addToStrip(previous)
  state.setLastAnswer({
    seq: turn.seq,
    question,
    userId: turn.userId,
    canContinue: canContinue(running),
    ending,
    ...(messageId === undefined ? {} : { messageId }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(model === undefined ? {} : { model }),
    ...(seal === undefined ? {} : { seal }),
  })
}

function keep(chat: Chat, running: Running): Running {
  chat.state.setRunning(running)
  return running
}
