import { estimateTokens } from '../../../protocol/src/chat-tokens.ts'
import type { ChatMessage } from '../../../protocol/src/runner/chat-params.ts'
import type { ModelOffer } from '../bot-deps.ts'
import type { WordId } from '../words/en.ts'
import { wordsFor } from '../words/words.ts'
import { openAnswerView } from './answer-view.ts'
import { beginTurn, endTurn, messagesOf } from './begin-turn.ts'
import type { Chat } from './chat.ts'
import type { Ending, Running, Turn } from './conversation-state.ts'
import { deliverAnswer } from './deliver-answer.ts'
import { findOffer } from './find-offer.ts'
import { answerRoom, estimateMessages, fitMessages } from './memory.ts'
import { readAnswer } from './read-answer.ts'
import { renderAnswer } from './render-answer.ts'
import { plain } from './rich-text.ts'

/** Why a running turn is to end. With `closed` nothing more is said. */
export type StopReason = 'stopped' | 'replaced' | 'closed'

const KEEP_EVERY_MS = 1000
/** Without a live model its size is not known; the coordinator refuses then anyway. */
const CONTEXT_TOKENS_DEFAULT = 2048
/** A message this many times larger than the model is not even tried: the estimate is not that wrong. */
const HOPELESS_FACTOR = 3
const ANSWER_TOKENS_MIN = 16
const RETRY_TEMPERATURE = 0.7 // so that a second answer differs from the first
const DEATHS_MAX = 2

/** Answers one turn from its first sign of life to its last message. */
export async function runTurn(chat: Chat, turn: Turn, stop: AbortController): Promise<void> {
  const { state, deps } = chat
  const begun = beginTurn(state.memory(), turn)
  state.removeTurn(turn.seq)
  if (state.isBlocked()) return
  if (!begun) return runTurn(chat, { ...turn, kind: 'notice', text: 'button-late' satisfies WordId }, stop)
  let running: Running = {
    turn,
    text: '',
    question: begun.question,
    sentParts: 0,
    inFlight: false,
    ...(begun.before === undefined ? {} : { before: begun.before }),
    ...(turn.viewMessageId === undefined ? {} : { messageId: turn.viewMessageId }),
  }
  state.setMemory(begun.memory)
  const keep = (change: Partial<Running>) => {
    running = { ...running, ...change }
    state.setRunning(running)
  }
  keep({})
  if (turn.kind === 'notice') return deliverAnswer(chat, running)

  const ending = await writeAnswer(chat, messagesOf(begun, turn), stop, () => running, keep)
  keep({ ending })
  state.setMemory(endTurn(state.memory(), running.question, running.before, running.text))
  deps.log('turn-answered', {
    turn: turn.seq,
    finish: ending.finish,
    reason: ending.reason,
    jobId: running.jobId,
  })
  if (stop.signal.reason === 'closed' || state.isBlocked()) return state.clearRunning()
  await deliverAnswer(chat, running)
}

/**
 * Ends a turn whose process died: with what was there, or by answering it again when nothing was. A turn that keeps
 * killing its process gets a sentence instead.
 */
export async function recoverTurn(chat: Chat, running: Running): Promise<void> {
  const { state, deps } = chat
  const { turn, jobId, model, accountId } = running
  if (running.ending || turn.kind === 'notice') return deliverAnswer(chat, running)
  if (jobId !== undefined && model !== undefined && accountId !== undefined) {
    await deps.stopAnswer({ accountId, model, jobId }).catch(() => undefined) // it may have ended long ago
  }
  if (running.text.trim() === '' && turn.deaths < DEATHS_MAX) {
    const viewMessageId = running.messageId
    state.addTurn({
      ...turn,
      deaths: turn.deaths + 1,
      ...(viewMessageId === undefined ? {} : { viewMessageId }),
    })
    state.clearRunning()
    return
  }
  const ending: Ending = { finish: 'interrupted', runnerIds: [] }
  const ended: Running = { ...running, ending }
  state.setRunning(ended)
  state.setMemory(endTurn(state.memory(), running.question, running.before, running.text))
  deps.log('turn-recovered', { turn: turn.seq, jobId })
  await deliverAnswer(chat, ended)
}

async function writeAnswer(
  chat: Chat,
  messages: readonly ChatMessage[],
  stop: AbortController,
  running: () => Running,
  keep: (change: Partial<Running>) => void,
): Promise<Ending> {
  const { clock } = chat
  const { turn, messageId } = running()
  const words = wordsFor(turn.language)
  let text = ''
  let keptAtMs = Number.NEGATIVE_INFINITY
  const view = openAnswerView(chat, turn, messageId, {
    onMessage: (id) => keep({ messageId: id }),
    onClosed: () => stop.abort('closed' satisfies StopReason),
  })
  const ending = await askModel(chat, turn, messages, stop.signal, {
    onJob: keep,
    onSeal: (seal) => keep({ seal }),
    onQueued: (place, seconds) => {
      const line = plain(words('queued', { place, seconds: Math.max(1, Math.ceil(seconds)) }))
      if (!text) view.show(() => line)
    },
    onText: (delta) => {
      text += delta
      if (stop.signal.aborted) return
      view.show(() => renderAnswer(text))
      if (clock.nowMs() - keptAtMs < KEEP_EVERY_MS) return
      keptAtMs = clock.nowMs()
      keep({ text })
    },
  })
  keep({ text })
  await view.close()
  return ending
}

type Events = Parameters<typeof readAnswer>[3] & {
  readonly onSeal: (seal: NonNullable<Running['seal']>) => void
}

/** Asks with as much memory as fits; when the model finds it too much after all, once more with half of it. */
async function askModel(
  chat: Chat,
  turn: Turn,
  messages: readonly ChatMessage[],
  stop: AbortSignal,
  events: Events,
): Promise<Ending> {
  const { deps, state, clock } = chat
  try {
    const [account, models] = await Promise.all([deps.findAccount(turn.userId), deps.listModels()])
    const choice = state.choice()
    const model = findOffer(models, choice)
    const asked = choice ?? (model && { model: model.id, tier: model.tier })
    if (!asked) return refused('no-runner')
    const { tier } = asked
    if (tier === 'confidential') events.onSeal(model?.isSimulated ? 'simulated' : 'sealed')
    const contextTokens = model?.contextTokens ?? CONTEXT_TOKENS_DEFAULT
    const room = answerRoom(contextTokens)
    const question = messages.at(-1)?.content ?? ''
    if (model && estimateTokens(question) > contextTokens * HOPELESS_FACTOR) {
      return refused('context-length-exceeded')
    }
    let hasWritten = false
    const ask = (kept: readonly ChatMessage[]) =>
      readAnswer(
        { ...deps, clock },
        {
          accountId: account.accountId,
          conversation: state.conversationName(),
          model: asked.model,
          tier,
          messages: kept,
          maxTokens: answerTokens(model, room, kept),
          ...(turn.kind === 'retry' ? { temperature: RETRY_TEMPERATURE } : {}),
        },
        stop,
        {
          ...events,
          onText: (text) => {
            hasWritten = true
            events.onText(text)
          },
        },
      )
    const first = fitMessages(messages, contextTokens - room)
    const ending = await ask(first)
    const isTooLong = ending.reason === 'context-length-exceeded' && !hasWritten && !stop.aborted
    if (!isTooLong || first.length === 1) return ending
    return ask(fitMessages(first, Math.floor(estimateMessages(first) / 2)))
  } catch (error) {
    deps.log('turn-failed', { turn: turn.seq, error: error instanceof Error ? error.name : String(error) })
    return { finish: 'failed', reason: 'coordinator-restarted', runnerIds: [] }
  }
}

function answerTokens(model: ModelOffer | undefined, room: number, messages: readonly ChatMessage[]): number {
  const left = (model?.contextTokens ?? CONTEXT_TOKENS_DEFAULT) - estimateMessages(messages)
  return Math.max(Math.min(room, left), Math.min(room, ANSWER_TOKENS_MIN))
}

function refused(reason: NonNullable<Ending['reason']>): Ending {
  return { finish: 'refused', reason, runnerIds: [] }
}
