/** What the settings say. The other languages have the same names and the same `{places}`. */
export const en = {
  language: 'Language',
  'language-auto': 'As in Telegram',
  'language-auto-browser': 'As in the browser',
  'name-en': 'English',
  'name-ar': 'العربية',
  'name-ru': 'Русский',

  'your-data': 'What is yours',
  where: 'What is stored where',
  'where-hint': 'Place by place, and who can read a question.',
  'export-text': 'Get everything as a file',
  'export-hint':
    'What the network has of your account, and the conversations on this device, as one JSON file.',
  'export-busy': 'Collecting it',
  'export-saved': 'Saved as {name}. If it is nowhere to be found, copy it:',
  leave: 'Delete everything',
  machines: 'Your machines',
  'machines-hint': 'Confirm them, so that they alone can read what you ask them.',

  app: 'This app',
  'home-screen': 'Add to home screen',
  share: 'Share Sharnaqa',
  'share-text': 'An open AI network inside Telegram: people’s own GPUs answer, and earn Toncoin.',
  support: 'Ask for help',
  'support-hint': 'About payments: {name}',

  about: 'About',
  network: 'How the network is now',
  reserves: 'Are all coins there?',
  exit: 'Leave an escrow by yourself',
  version: 'Version {version}',
  'test-network': 'This network uses TON’s test network: its coins are worth nothing.',
  'no-coins': 'This network moves no coins.',

  'place-device': 'This device',
  'what-device':
    'Your conversations in this app, the language you chose, and the link to your wallet app. Nobody else has them; other people who use this device under another Telegram account do not see them.',
  'long-device': 'Until you delete them, or this app’s data.',
  'telegram-name': 'Telegram',
  'what-telegram':
    'What you write to the bot and what it answers, like every chat. Of what you write in this app it sees nothing but that you opened it.',
  'long-telegram': 'As long as Telegram keeps it; delete the chat there.',
  'place-coordinator': 'The network’s server',
  'what-coordinator':
    'your Telegram number, your balance and each movement · your wallet’s address, and the names of your keys, runners and groups · when you asked which model and what it cost; of question and answer a hash, in the receipt · a question asked here: in memory while it is answered, never written down · what you told the bot, so that it remembers: the last 200 messages',
  'long-coordinator': 'What you told the bot until /new or /delete, the rest until you delete your account.',
  'place-owner': 'The owner of the GPU that answers',
  'what-owner':
    'The question and its answer, while it answers; not who asked. Our runner writes nothing down, but nobody can keep an owner from doing so.',
  'long-owner': 'Minutes in memory; what an owner does with it nobody can promise.',
  'place-chain': 'The TON chain',
  'what-chain': 'Your top-ups and payouts, with your wallet’s address and amounts, for everybody to read.',
  'long-chain': 'For ever.',
  column: 'Place',
  'column-what': 'What is there',
  'column-long': 'For how long',

  'who-reads': 'Who can read a question',
  'tier-open': 'open',
  'reads-open':
    'Carried encrypted; the owner of the GPU that answers can read it. So can the network’s server while it passes through.',
  'tier-own': 'own',
  'reads-own':
    'Answered by your own machine, or by one of a group that you are in: whoever owns that one can read it. Confirm your machine here, and the question is sealed for it; until then the network’s server has it in memory while it passes through.',
  'tier-confidential': 'confidential',
  'reads-confidential':
    'Nobody in between, and not the machine’s owner, if the chip makers and the published image are sound. Your device checks that, and seals the question for that machine alone.',
  training: 'The network uses nothing of it for training, and sells nothing.',

  goes: 'What goes',
  'goes-list':
    'your Telegram number · what the bot remembers · keys, runners and groups with their names · your wallet’s address · all conversations on this device',
  stays: 'What cannot be deleted',
  'stays-list':
    'amounts in the ledger, under a number that names nobody · jobs and their receipts, without a word of them · a hash of your Telegram number, so that the welcome credit is given once · what stands on the chain',
  'coins-first': '{amount} of your own coins are here. Withdraw them first.',
  'coins-accruing': 'Of these, {amount} are still accruing and can be withdrawn later.',
  'coins-give-up': 'I give up {amount}',
  'credit-lost': 'Chat credit of {amount} goes with the account.',
  withdraw: 'Withdraw',
  'leave-button': 'Delete everything',
  'leave-yes': 'Yes, delete it all',
  'leave-busy': 'Deleting',
  'leave-sure': 'Delete your account and all conversations on this device? This cannot be undone.',
  'leave-keep': 'Keep it',
  'leave-coins': 'Coins arrived in the meantime. Look once more.',
  'deleted-title': 'Deleted',
  deleted:
    'Your account is deleted, and this device has forgotten your conversations. Open the app from the bot whenever you like: you would begin from nothing.',
} as const
