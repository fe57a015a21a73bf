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

/new starts afresh · /model chooses who answers, with prices · /balance shows your coins · /topup and /deposit bring more · /withdraw pays out · /earn adds your GPU · /privacy says who can read · /export gives you this conversation · /delete removes it and your data`,

  'command-start': 'What this is',
  'command-new': 'Start a new conversation',
  'command-model': 'Choose who answers, see prices',
  'command-balance': 'Your coins',
  'command-topup': 'Buy credit with Telegram Stars',
  'command-deposit': 'Top up with Toncoin',
  'command-withdraw': 'Send Toncoin to your wallet',
  'command-earn': 'Add your GPU and earn',
  'command-privacy': 'Who can read what',
  'command-paysupport': 'Payments, terms and refunds',
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
  'reason-no-own-runner':
    'None of your own GPUs, nor of your groups, serves this model right now. Start one, or choose another model.',
  'reason-tier-unavailable':
    'Nobody serves this model in the chosen tier right now, so nothing was sent. Press Retry in a while, or choose who may read with /model.',
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
  'reason-evidence-refused':
    'No machine could prove that it keeps your words sealed, so nothing was sent. Try again later, or choose who may read with /model.',
  'reason-key-epoch': 'The machines changed their keys just now. Press Retry.',
  'reason-seal-broken':
    'The answer was changed on its way, so the rest of it is not shown. Press Retry; if it happens again, tell us.',
  'reason-coordinator-restarted': 'We were interrupted on our side. Press Retry.',
  'command-failed': 'That did not work just now. Nothing was changed; try again in a moment.',

  'model-title': 'Who shall answer? Prices are for about 1,000 words.',
  'model-row': '{ $model }: about { $price }, { $speed }',
  'model-open': '○ open: the owner of the GPU that answers can read it',
  'model-confidential': '◆ confidential: the owner of the GPU cannot read it',
  'model-simulated': '◆ SIMULATED: its evidence is made up for tests and proves nothing',
  'model-button-confidential': '{ $model }, confidential',
  'model-none': 'No GPU serves a chat model right now. Come back in a moment, or add your own with /earn.',
  'model-chosen': '{ $model } answers from now on.',
  'model-chosen-confidential': '{ $model } answers from now on, confidentially.',
  'model-gone': 'This model has just left. Send /model to see who is here.',
  'model-choice': 'Answering now: { $model }, ○ open. The owner of the GPU that answers can read it.',
  'model-choice-confidential':
    'Answering now: { $model }, ◆ confidential. Telegram and this bot see what you type here; the owner of the GPU does not, if the chip makers and the published image are sound. To seal it on your own device, so that nobody on the way can read it, write in the Mini App.',
  'model-choice-simulated':
    'Answering now: { $model }, ◆ confidential, but SIMULATED: the evidence of this GPU is made up for tests and proves nothing, so its owner may read everything. Telegram and this bot see what you type here, too. To seal it on your own device, write in the Mini App.',
  'speed-unknown': 'speed not measured yet',
  'speed-slow': 'slower than you read',
  'speed-reading': 'about as fast as you read',
  'speed-fast': 'faster than you read',

  balance: `You have { $available }.`,
  'balance-held': 'Set aside for answers that are being written: { $held }.',
  'balance-welcome':
    'Welcome credit and Stars are for asking questions here; they cannot be paid out. Coins that your GPU earns come on top: /earn',

  'balance-withdrawable': 'Of it, { $withdrawable } came in as Toncoin and can be paid out.',
  'balance-payable': 'Earned and ready to be paid out: { $payable }.',
  'balance-accruing': 'Earned lately, ready later: { $accruing }.',
  'button-wallet': 'Wallet',
  'button-deposit': 'Top up with Toncoin',
  'button-stars': 'Top up with Stars',
  'button-withdraw': 'Withdraw',
  'button-copy-address': 'Copy the address',
  'button-copy-comment': 'Copy the comment',
  'button-payout-earnings': 'Send { $amount } of earnings',
  'button-payout-balance': 'Send { $amount } of the balance',
  'button-keep-wallet': 'This was not me: keep my wallet',
  'button-transaction': 'See the transaction',

  'stars-count': `{ $stars ->
    [one] { $stars } Star
   *[other] { $stars } Stars
}`,
  'topup-choose':
    'Buy credit for questions with Telegram Stars. It is for use here and cannot be paid out; /paysupport says how Stars come back. Choose:',
  'topup-package': '{ $stars }: { $credit }',
  'topup-gone': 'This package is not sold any more. Send /topup to see what is.',
  'topup-unavailable': 'Stars cannot be taken right now. Nothing was paid; try again in a moment.',
  'invoice-title': 'Credit for questions',
  'invoice-description':
    '{ $credit } for questions in this bot and its Mini App, for { $stars }. It cannot be paid out. Unspent credit can be returned for 21 days: /refund',
  'checkout-unknown':
    'This invoice is not one of ours any more. Nothing was paid; send /topup for a new one.',
  'checkout-not-yours':
    'This invoice belongs to another account. Nothing was paid; send /topup for your own.',
  'checkout-price-changed':
    'The price has changed since this invoice. Nothing was paid; send /topup for a new one.',
  'checkout-later': 'We could not look at this payment in time. Nothing was paid; try again in a moment.',
  'stars-paid': 'Thank you. { $stars } bought { $credit }; you have { $available }.',
  'stars-returned': 'Telegram returned { $stars } to you, so { $credit } left your balance.',
  'stars-returned-spent': 'Telegram returned { $stars } to you. Their credit had been spent already.',
  paysupport: `Credit bought with Stars is for questions in this bot and its Mini App. It cannot be paid out, sold or given away, and it does not expire.

/refund returns the Stars of a purchase of the last 21 days, as long as its credit is still on your balance. A purchase comes back whole.

A payment is credited at once. If yours is not there after some minutes, nothing is lost: it will come by itself. { $contact } Telegram itself cannot help with purchases in this bot.`,
  'paysupport-contact': 'For everything else write to { $contact }.',
  'paysupport-no-contact': 'For everything else write to whoever runs this bot.',
  'refund-choose':
    'Which purchase shall be returned? The Stars come back, and the credit leaves your balance.',
  'refund-none': 'No purchase of the last 21 days can be returned. /paysupport says how it works.',
  'refund-begun': 'Your Stars are on their way back',
  'refund-done': '{ $stars } are back with you; { $credit } left your balance.',
  'refund-spent': 'The credit of this purchase is not whole any more, so its Stars cannot come back.',
  'refund-too-old': 'This purchase is older than 21 days, so its Stars cannot come back.',
  'refund-unknown': 'There is no such purchase to return. Send /refund to see which there are.',
  'refund-refused':
    'Telegram did not take these Stars back right now. Your credit is unchanged; /paysupport says whom to write to.',

  'deposit-where': 'Send Toncoin to this address:',
  'deposit-comment': 'with this comment:',
  'deposit-warning':
    'Do not forget the comment: without it nobody knows that the coins are yours. Send Toncoin only, no other coins.',
  'deposit-test-network': 'This is the test network: coins of the main network that are sent here are lost.',
  'deposit-closed': 'Toncoin cannot be received here yet. /topup buys credit with Stars.',

  'withdraw-amounts': 'Can be paid out: { $earnings } of earnings, { $balance } of the balance.',
  'withdraw-fee': 'The fee is { $fee } on top of what is sent.',
  'withdraw-wallet': 'It goes to your wallet: { $address }',
  'withdraw-waits':
    'Payouts wait until { $from }: then they go to the new wallet, { $address }. If you did not ask for it, keep the one you have.',
  'withdraw-press': 'Press an amount to send it.',
  'withdraw-nothing':
    'There is too little to be paid out: { $earnings } of earnings, { $balance } of the balance. At least { $minimum } can be sent at once. Welcome credit and Stars stay here.',
  'withdraw-no-wallet':
    'Coins are sent only to a wallet that you have shown to be yours. Connect it on the wallet page of the Mini App, then come back to /withdraw.',
  'withdraw-frozen':
    'Payouts are stopped at the moment while the books are being checked. Your coins are kept; try again later.',
  'withdraw-closed': 'Toncoin cannot be sent from here yet. Your coins are kept.',
  'payout-ordered':
    'Ordered: { $amount } will be sent to your wallet, the fee is { $fee }. I will write when it has left. Number: { $payout }',
  'payout-below-minimum': 'This is less than can be sent at once. Send /withdraw to see the least.',
  'payout-changed': 'There is less than that by now. Nothing was sent; send /withdraw to see what there is.',
  'payout-wallet-changing': 'Payouts wait for your new wallet. Send /withdraw to see from when it counts.',
  'payout-ordered-before': 'Something else was ordered here already. Send /withdraw to see what is left.',
  'wallet-kept':
    'Your wallet stays as it was. If you did not ask for another one, look who else uses your Telegram.',
  'wallet-not-kept': 'There is no change of wallet that could be stopped.',

  'notice-deposit-credited': '{ $amount } arrived and are on your balance.',
  'notice-payout-sent': '{ $amount } left for your wallet.',
  'notice-payout-failed':
    'The payout of { $amount } did not get through. The coins are back where they were; /withdraw tries again.',
  'notice-wallet-changes':
    'Somebody asked that your payouts go to another wallet from { $from } on: { $address }. If it was you, there is nothing to do.',
  'notice-wallet-changed': 'Your payouts go to this wallet now: { $address }',
  'notice-stars-refunded': '{ $stars } came back to you.',
  'notice-treasury-halted':
    'The hot wallet is halted: { $reason }. Nothing is credited or paid out until somebody looks.',

  'earn-title': 'Let your computer answer and earn Toncoin. Run this on it, in the folder of Sharnaqa:',
  'earn-code': 'Your code is { $code }; it is good for ten minutes.',
  'earn-yours': 'Your GPUs:',
  'earn-row': '{ $name }: { $state }, today { $earned }',
  'earn-online': 'online',
  'earn-offline': 'offline',
  'earn-none': 'No GPU of yours is here yet.',

  privacy: `Telegram carries this chat and can read it. The bot reads it to answer. ○ open: your question travels encrypted to one GPU, and the owner of the GPU that answers can read it. In a group I read only what is addressed to me.

This conversation is kept, encrypted, so that I remember it: at most the last 200 messages, until /new or /delete. The ledger keeps what was paid, when, and by which account, never what was said. Nothing is used for training or sold.

◆ confidential, where /model offers it: this bot seals your question to a GPU whose owner cannot read it. Telegram and this bot still see what is typed in this chat, so type nothing secret here. Sealing on your own device, which nobody on the way can open, begins in the Mini App.`,

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
  'receipt-tier-sealed':
    '◆ confidential: sealed by this bot to a GPU whose owner cannot read it; Telegram and this bot could',
  'receipt-tier-simulated':
    '◆ SIMULATED: sealed, but to evidence that is made up for tests and proves nothing; Telegram and this bot could read it',
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
