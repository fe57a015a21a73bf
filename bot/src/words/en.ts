/** What the bot says, in Fluent's syntax (https://projectfluent.org). The other languages have the same names and variables. */
export const en = {
  'start-what': 'Ask anything: AI that runs on the GPUs of people like you.',
  'start-price': 'About { $price } for 1,000 words; you have { $credit }.',
  'start-who-reads': 'Telegram, this bot and the owner of the GPU that answers can read what you type here.',
  'start-app': 'The network as it is now, and what it costs: the Mini App.',
  'start-app-address': 'The network as it is now, and what it costs: { $url }',
  'start-open-app': 'Open the Mini App',
  'start-question-1': 'Tell me a joke',
  'start-question-2': 'Why is the sky blue?',
  'start-question-3': 'Tell me a story about the moon',

  'new-done': 'Forgotten. What shall we talk about?',
  help: `Write a message and read the answer as it is written. Edit your message to have it answered again. In a group, mention me or reply to me.

/new starts afresh · /model chooses who answers, with prices · /balance shows your coins · /earn adds your GPU · /privacy says who can read · /export gives you this conversation · /delete removes it and your data`,

  'command-start': 'What this is',
  'command-new': 'Start a new conversation',
  'command-model': 'Choose who answers, see prices',
  'command-balance': 'Your coins',
  'command-earn': 'Add your GPU and earn',
  'command-privacy': 'Who can read what',
  'command-export': 'Get this conversation as a file',
  'command-delete': 'Delete this conversation and your data',
  'command-help': 'How it works',
  description:
    'Chat with AI that runs on the GPUs of people like you. The price is shown before you ask, a receipt after. Or let your own GPU earn Toncoin. What you type in this chat can be read by Telegram, the bot and the owner of the GPU that answers.',
  'short-description': 'AI on the GPUs of people like you. Chat, or let your GPU earn Toncoin.',

  'button-stop': 'Stop',
  'button-retry': 'Retry',
  'button-continue': 'Continue',
  'button-model': 'Model',
  'button-receipt': 'Receipt',
  'button-late': 'This button belongs to an earlier answer.',
  'button-unknown': 'This button does nothing any more. Send a message instead.',
  'button-busy': 'One moment: an answer is still being written.',
  'button-not-yours': 'Only the person who asked can do this.',
  'button-asked': 'Asked',
  'button-stopped': 'Stopped',
  'button-again': 'Answering again',

  queued: `{ $place ->
    [one] You are next
   *[other] Place { $place }
}, { $seconds ->
    [one] about { $seconds } second
   *[other] about { $seconds } seconds
}`,
  'continue-please': 'Continue exactly where you stopped. Do not repeat what you already wrote.',
  'stopped-empty': 'Stopped before a word was written.',
  'empty-answer': 'The model had nothing to say to this. Try again, or ask in other words.',
  'note-failed': 'The answer broke off here.',
  'note-interrupted': 'The answer was interrupted here. What is above is yours.',
  'nothing-charged': 'Nothing was charged.',
  'charged-delivered': 'Only what was delivered is charged: { $cost }.',
  'try-later': `{ $seconds ->
    [one] Try again in about { $seconds } second.
   *[other] Try again in about { $seconds } seconds.
}`,

  'reason-unknown-model': 'This model is not here any more. Choose another one.',
  'reason-wrong-model-kind': 'This model does not write answers. Choose another one.',
  'reason-no-runner': 'No GPU serves this model right now. Try again in a moment, or choose another model.',
  'reason-queue-full':
    'Many people are asking at the moment. Your question was not lost: press Retry in a while.',
  'reason-price-too-low':
    'No GPU answers at this price right now. Try again in a moment, or choose another model.',
  'reason-insufficient-funds':
    'Your coins do not cover this answer. /balance shows what you have; a smaller model costs less.',
  'reason-key-limit-reached': 'The spending limit that was set is reached. /balance shows what you have.',
  'reason-context-length-exceeded':
    'This message is too long for the model. Send less of it, or choose a larger model.',
  'reason-unsupported': 'This model cannot do that. Ask in other words, or choose another model.',
  'reason-runner-lost': 'The GPU that was answering went away, and no other could take over. Press Retry.',
  'reason-engine-failed': 'The model could not finish this answer. Press Retry, or choose another model.',
  'reason-timed-out': 'The answer took too long. Press Retry, or choose another model.',
  'reason-idempotency-mismatch': 'This question was mixed up with another one. Send it again.',
  'reason-idempotency-ended': 'This answer has already ended. Press Retry for a new one.',
  'reason-coordinator-restarted': 'We were interrupted on our side. Press Retry.',
  'command-failed': 'That did not work just now. Nothing was changed; try again in a moment.',

  'model-title': 'Who shall answer? Prices are for about 1,000 words.',
  'model-row': '{ $model }: about { $price }, { $speed }',
  'model-none': 'No GPU serves a chat model right now. Come back in a moment, or add your own with /earn.',
  'model-chosen': '{ $model } answers from now on.',
  'model-gone': 'This model has just left. Send /model to see who is here.',
  'model-choice':
    'Answering now: { $model }. Everything here is ○ open: the owner of the GPU that answers can read it.',
  'speed-unknown': 'speed not measured yet',
  'speed-slow': 'slower than you read',
  'speed-reading': 'about as fast as you read',
  'speed-fast': 'faster than you read',

  balance: `You have { $available }.`,
  'balance-held': 'Set aside for answers that are being written: { $held }.',
  'balance-welcome':
    'The welcome credit is for asking questions here; it cannot be paid out. Coins that your GPU earns come on top: /earn',

  'earn-title': 'Let your computer answer and earn Toncoin. Run this on it, in the folder of Sharnaqa:',
  'earn-code': 'Your code is { $code }; it is good for ten minutes.',
  'earn-yours': 'Your GPUs:',
  'earn-row': '{ $name }: { $state }, today { $earned }',
  'earn-online': 'online',
  'earn-offline': 'offline',
  'earn-none': 'No GPU of yours is here yet.',

  privacy: `Telegram carries this chat and can read it. The bot reads it to answer. ○ open: your question travels encrypted to one GPU, and the owner of the GPU that answers can read it. In a group I read only what is addressed to me.

This conversation is kept so that I remember it: at most the last 200 messages, until /new or /delete. The ledger keeps what was paid, when, and by which account, never what was said. Nothing is used for training or sold.

Answers that nobody in between can read are being built; until they are here, type nothing secret.`,

  'export-caption': 'This conversation, as I remember it.',
  'export-empty': 'There is nothing to export: I remember nothing of this conversation.',
  'export-you': 'You',
  'export-bot': 'Answer',

  'delete-ask':
    'Delete what I remember of this conversation, and your account with your { $available }? The ledger keeps amounts without your name. This cannot be undone.',
  'delete-yes': 'Delete everything',
  'delete-no': 'Keep it',
  'delete-done': 'Deleted. Write to me whenever you like; we would begin from nothing.',
  'delete-kept': 'Nothing was deleted.',

  'receipt-title': 'Receipt',
  'receipt-model': 'Model: { $model }',
  'receipt-tokens': 'Read { $prompt } tokens, wrote { $completion }',
  'receipt-cost': 'Cost: { $cost } ({ $nano } nano)',
  'receipt-tier': '○ open: carried encrypted; the owner of the GPU that answers can read it',
  'receipt-job': 'Job: { $job }',
  'receipt-runner': 'Runner: { $runner }',
  'receipt-signed': 'Signed by the runner; the signature was checked.',
  'receipt-none': 'There is no receipt for this answer.',

  'text-only': 'I can read only text for now. Write your question, and I will answer it.',
  'ask-something': 'Write your question next to my name, and I will answer it.',
  'unknown-command': 'I do not know this command. /help shows what there is.',
  'in-private': 'This is between the two of us. Write to me in private:',
  'in-private-button': 'Open our chat',
  'write-as-yourself': 'I can answer people only, not a group or a channel that writes. Write as yourself.',
} as const

/** Every sentence that the bot can say. */
export type WordId = keyof typeof en
