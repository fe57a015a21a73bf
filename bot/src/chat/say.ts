import type { InlineKeyboardMarkup, Message } from 'grammy/types'
import type { Chat } from './chat.ts'
import type { RichText } from './rich-text.ts'
import type { CallOptions, CallResult } from './telegram-gate.ts'

export type Saying = {
  readonly keyboard?: InlineKeyboardMarkup
  /** The message that a group's answer belongs to. */
  readonly replyTo?: number
  /** `patient` when missing. */
  readonly patience?: CallOptions['patience']
  readonly onFlight?: CallOptions['onFlight']
}

/** Sends one message into the conversation; when its formatting is refused, the bare text. */
export async function say(chat: Chat, rich: RichText, saying: Saying = {}): Promise<CallResult<Message>> {
  const { gate, api, place } = chat
  const send = ({ text, entities }: RichText) =>
    gate.call(
      'send',
      () =>
        api.sendMessage(place.chatId, text, {
          ...inPlace(chat, saying.replyTo),
          entities: [...entities],
          link_preview_options: { is_disabled: true },
          ...(saying.keyboard ? { reply_markup: saying.keyboard } : {}),
        }),
      { patience: saying.patience ?? 'patient', ...(saying.onFlight ? { onFlight: saying.onFlight } : {}) },
    )
  return withoutMarkup(rich, send)
}

/** Changes one of the bot's messages. Nothing to change is fine. */
export async function edit(
  chat: Chat,
  messageId: number,
  rich: RichText,
  {
    keyboard,
    patience = 'patient',
  }: { keyboard?: InlineKeyboardMarkup; patience?: CallOptions['patience'] } = {},
): Promise<CallResult<unknown>> {
  const { gate, api, place } = chat
  const result = await withoutMarkup<unknown>(rich, ({ text, entities }) =>
    gate.call<unknown>(
      'edit',
      () =>
        api.editMessageText(place.chatId, messageId, text, {
          entities: [...entities],
          link_preview_options: { is_disabled: true },
          ...(keyboard ? { reply_markup: keyboard } : {}),
        }),
      { patience },
    ),
  )
  return !result.ok && result.reason === 'same' ? { ok: true, value: undefined } : result
}

/** Takes the buttons from the messages that lost them. What cannot be done now is forgotten: the buttons answer anyway. */
export async function stripButtons(chat: Chat): Promise<void> {
  for (const messageId of chat.state.strip()) {
    const { ok } = await chat.gate.call(
      'edit',
      () => chat.api.editMessageReplyMarkup(chat.place.chatId, messageId),
      { patience: 'patient' },
    )
    if (!ok && chat.state.isBlocked()) return
    chat.state.removeFromStrip(messageId)
  }
}

/** The topic, and in a group the message that is answered. */
export function inPlace({ place }: Chat, replyTo: number | undefined) {
  return {
    ...(place.threadId === undefined ? {} : { message_thread_id: place.threadId }),
    ...(place.isGroup && replyTo !== undefined
      ? { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }
      : {}),
  }
}

/** Tries a call with its entities, and when Telegram refuses them without. */
export async function withoutMarkup<T>(
  rich: RichText,
  call: (rich: RichText) => Promise<CallResult<T>>,
): Promise<CallResult<T>> {
  const result = await call(rich)
  if (result.ok || result.reason !== 'markup' || rich.entities.length === 0) return result
  return call({ text: rich.text, entities: [] })
}
