import type { SealFault } from '../../../../protocol/src/sealed-client/read-ticket.ts'
import { isReasonCode, reasonWord } from './reason-words.ts'
import type { en } from './words/en.ts'

type WordId = keyof typeof en

/** What can be wrong with a sealed answer. A new fault without a sentence does not compile. */
export const FAULTS: Readonly<Record<Exclude<SealFault, `receipt-${string}`>, WordId>> = {
  'words-outside-the-seal': 'fault-outside',
  'unknown-candidate': 'fault-other',
  'bad-nonce': 'fault-altered',
  'chunk-altered': 'fault-altered',
  'chunk-order': 'fault-altered',
  'other-request': 'fault-other',
  'other-runner': 'fault-other',
  'other-model': 'fault-other',
  'cut-off': 'fault-cut',
  'two-answers': 'fault-two',
  overcharged: 'fault-charge',
  'stopped-by-another': 'fault-stopped',
}

/** What else a sealed question can fail for, before it is sent. */
const BEFORE: Readonly<Record<string, WordId>> = {
  'suite-missing': 'fault-suite',
  'evidence-of-another': 'swapped',
  NotSupportedError: 'fault-unable',
  TypeError: 'fault-unable',
}

/** The sentence of whatever was wrong with a sealed question or its answer. */
export function faultWord(why: string): WordId {
  if (Object.hasOwn(FAULTS, why)) return FAULTS[why as keyof typeof FAULTS]
  if (Object.hasOwn(BEFORE, why)) return BEFORE[why] ?? 'fault-away'
  if (why.startsWith('receipt-')) return 'fault-receipt'
  if (isReasonCode(why)) return reasonWord(why)
  if (why.startsWith('directory-')) return 'fault-directory'
  return why.startsWith('keys-') ? 'fault-keys' : 'fault-away'
}
