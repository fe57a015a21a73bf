import { setTimeout as sleep } from 'node:timers/promises'
import { BotApiError, tooManyRequests } from './bot-api-error.ts'
import { type Call, type CallOutcome, kindOf } from './call-log.ts'
import { parseError } from './entities/parse-html.ts'
import type { Fault } from './faults.ts'
import { chatMethods } from './methods/chat-methods.ts'
import { editMethods } from './methods/edit-methods.ts'
import type { MethodTable } from './methods/method.ts'
import { paymentMethods } from './methods/payment-methods.ts'
import { profileMethods } from './methods/profile-methods.ts'
import { sendMethods } from './methods/send-methods.ts'
import { updateMethods } from './methods/update-methods.ts'
import { intParam, type Params } from './params.ts'
import type { TelegramServer } from './telegram-server.ts'

const METHODS: MethodTable = {
  ...sendMethods,
  ...editMethods,
  ...profileMethods,
  ...updateMethods,
  ...chatMethods,
  ...paymentMethods,
}
const CALLS_MAX = 20_000
const DEFAULT_RETRY_AFTER_S = 3
const DEFAULT_DELAY_MS = 1000

/** Runs one method with the faults planned for it, and writes the call into the log. Never throws. */
export async function callMethod(
  server: TelegramServer,
  name: string,
  params: Params,
  signal: AbortSignal,
): Promise<CallOutcome> {
  const call = beginCall(server, name, params)
  const faults = server.faults.take({ method: name, chatId: call.chatId, hasMarkup: hasMarkup(params) })
  try {
    await applyFaultsBefore(faults)
    const method = Object.hasOwn(METHODS, name.toLowerCase()) ? METHODS[name.toLowerCase()] : undefined
    if (!method) throw new BotApiError(404, 'Not Found')
    const result = await method(server, params, { signal })
    const lost = faults.some(({ type }) => type === 'lose-reply')
    call.outcome = lost ? { type: 'lost', result } : { type: 'ok', result }
    await holdAnswer(faults)
  } catch (error) {
    call.outcome = outcomeOf(error)
  }
  call.endedAtMs = server.nowMs()
  return call.outcome
}

function beginCall(server: TelegramServer, method: string, params: Params): Call {
  const call: Call = {
    id: (server.calls.at(-1)?.id ?? 0) + 1,
    atMs: server.nowMs(),
    method,
    kind: kindOf(method),
    chatId: params.chat_id === undefined ? undefined : intParam(params, 'chat_id'),
    params,
    endedAtMs: undefined,
    outcome: { type: 'running' },
  }
  server.calls.push(call)
  if (server.calls.length > CALLS_MAX) server.calls.shift()
  return call
}

async function applyFaultsBefore(faults: readonly Fault[]): Promise<void> {
  for (const fault of faults) {
    switch (fault.type) {
      case 'server-error':
        throw new BotApiError(500, 'Internal Server Error')
      case 'too-many':
        throw tooManyRequests(fault.retryAfterS ?? DEFAULT_RETRY_AFTER_S)
      case 'refuse-markup':
        throw parseError("Can't find end of Bold entity at byte offset 0")
      case 'hold-back':
        await sleep(fault.delayMs ?? DEFAULT_DELAY_MS)
        throw new LostCall()
      case 'lose-reply':
      case 'delay':
        break
      default:
        fault.type satisfies never
    }
  }
}

/** A slow answer is slow after the effect: the message is there before the bot knows. */
async function holdAnswer(faults: readonly Fault[]): Promise<void> {
  const delay = faults.find(({ type }) => type === 'delay')
  if (delay) await sleep(delay.delayMs ?? DEFAULT_DELAY_MS)
}

/** The connection breaks and nothing happened. Action: the caller cannot know, and must not repeat a send. */
class LostCall extends Error {}

function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof LostCall) return { type: 'lost', result: undefined }
  if (!(error instanceof BotApiError)) {
    console.error('telegram-method-failed', error)
    return { type: 'error', code: 500, description: 'Internal Server Error' }
  }
  const { code, message, retryAfterS } = error
  return { type: 'error', code, description: message, ...(retryAfterS === undefined ? {} : { retryAfterS }) }
}

function hasMarkup(params: Params): boolean {
  return ['parse_mode', 'entities', 'caption_entities'].some((name) => {
    const value = params[name]
    return (
      value !== undefined && value !== '' && value !== '[]' && !(Array.isArray(value) && value.length === 0)
    )
  })
}
