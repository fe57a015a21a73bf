/** The kinds of updates that the bot handles; Telegram sends no others. */
export const ALLOWED_UPDATES = [
  'message',
  'edited_message',
  'callback_query',
  'stopped_message_generation',
  'my_chat_member',
  'pre_checkout_query',
] as const
