/** What the page says to whoever comes from outside Telegram. */
export const en = {
  headline: 'AI that people run for each other',
  lead: 'Ask in Telegram. Somebody’s own GPU answers, and its owner earns Toncoin. Anybody can ask, answer, or build on it.',
  'see-network': 'See the network',
  next: 'Three ways in',
  chat: 'Chat',
  'chat-how': 'Ask in your language. You see the price before you send, and a receipt under the answer.',
  'chat-reads':
    'You choose who can read it. What you type into the bot’s chat, Telegram and the bot can read as well.',
  'chat-go': 'Open the chat',
  earn: 'Earn',
  'earn-how':
    'Let your computer answer while you do not need it: one command, no deposit, no approval. You are paid in Toncoin.',
  'earn-go': 'Add a GPU',
  build: 'Build',
  'build-how': 'An OpenAI-compatible API: set the base URL and your key. Every answer says what it cost.',
  'build-base': 'Base URL',
  'build-go': 'Keys, prices and examples',
  'no-bot': 'Open this network’s bot in Telegram and send {start}.',
  more: 'More to see',
  'more-reserves': 'Are the coins there? Check it yourself',
  'more-models': 'All models and prices',
  'more-json': 'The numbers of this page as JSON',
} as const
