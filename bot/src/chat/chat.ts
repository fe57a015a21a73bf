import type { Api } from 'grammy'
import type { BotDeps } from '../bot-deps.ts'
import type { Clock } from './clock.ts'
import type { ConversationState } from './conversation-state.ts'
import type { Place } from './place.ts'
import type { TelegramGate } from './telegram-gate.ts'

/** One conversation and everything that it speaks with. */
export type Chat = {
  readonly deps: BotDeps
  readonly clock: Clock
  readonly state: ConversationState
  readonly gate: TelegramGate
  readonly api: Api
  readonly place: Place
}
