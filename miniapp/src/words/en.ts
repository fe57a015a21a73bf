import type { Plural } from './words.ts'

/** What the page says. The other languages have the same names and the same `{places}`. */
export const en = {
  name: 'Sharnaqa',
  'under-name': 'Arabic for cocoon',
  languages: 'Language',
  'open-wallet': 'Your balance, deposits and payouts',
  lead: 'An open AI network inside Telegram: people ask, people’s own GPUs answer, and whoever answers earns Toncoin.',

  now: 'On this network now',
  live: 'live',
  loading: 'Asking the network',
  stale: 'The network is out of reach.',
  'last-known': 'Last known: {age}.',
  failed: 'The network did not answer. Nothing of yours is affected.',
  retry: 'Try again',
  empty: 'No runner is here right now, so nobody can answer.',
  'empty-next': 'The first one can be yours:',
  'empty-action': 'Add a GPU',

  runners: 'Runners online',
  places: 'Free places',
  'places-of': 'of {slots}',
  'places-busy': '{busy} of {slots} places are busy',
  'nobody-waits': 'Nobody is waiting.',
  waiting: { one: '{count} job is waiting.', other: '{count} jobs are waiting.' } as Plural,

  models: 'Models',
  'kind-chat': 'Chat',
  'kind-embedding': 'Search: turns text into numbers',
  'on-runners': { one: 'on {count} runner', other: 'on {count} runners' } as Plural,
  'no-runner': 'nobody serves it right now',
  'busy-wait': 'all places are busy, about {wait}',
  small:
    'A small model that comes with Sharnaqa. It explains Sharnaqa and chats a little; larger models know more.',
  'speed-unknown': 'speed not measured yet',
  'speed-slow': 'slower than you read',
  'speed-reading': 'about as fast as you read',
  'speed-fast': 'faster than you read',
  price: 'about {price} per 1,000 words',
  'price-none': 'no price right now',
  'tier-open': 'open',
  'tier-open-reads': 'Carried encrypted; the owner of the GPU that answers can read it.',

  exact: 'Exact figures',
  'exact-size': 'Parameters',
  'exact-context': 'Context, tokens',
  'exact-speed': 'Tokens a second',
  'exact-input': 'Read, per 1M tokens',
  'exact-output': 'Written, per 1M tokens',

  next: 'Where to go next',
  chat: 'Chat',
  'chat-how':
    'Open this network’s bot in Telegram and send {start}. It tells you the price before your first question.',
  'chat-reads': 'Telegram, the bot and the owner of the GPU that answers can read what you type there.',
  earn: 'Add a GPU',
  'earn-how':
    'Send {earn} to the bot: it gives you a code. Put it into this command, in the folder of Sharnaqa.',
  'earn-run': 'On the computer with the GPU',
  'earn-after':
    'The code is good for ten minutes. What the computer earns goes to your account; {balance} shows it.',
  build: 'Build',
  'build-how': 'Any OpenAI client works: set its base URL and your key.',
  'build-key':
    'A network that you start yourself shows a key at start; elsewhere, ask who runs it. Every answer says what it cost.',
  'build-base': 'Base URL',
  'build-try': 'Try it in a terminal',
  'build-live': 'The numbers of this page as JSON',
  copy: 'Copy',
  copied: 'Copied',
  selected: 'Selected',
  'copy-what': 'Copy: {what}',
} as const
