import type { Nano } from '../../../../protocol/src/money.ts'
import type { Picked } from '../choice/model-choice.ts'
import type { Message } from '../conversation.ts'
import { fitQuestion } from '../engine/plan-turn.ts'
import { type Estimate, estimatePrice, estimateSealedPrice, typicalAnswerTokens } from '../estimate-price.ts'

/** What there is to say about a question before it is sent. */
export type Weighed =
  /** Nothing is known yet. */
  | { readonly say: 'nothing'; readonly canSend: boolean }
  /** The network is away; what is sent waits for it, where it is known whom to ask. */
  | { readonly say: 'away'; readonly canSend: boolean }
  /** The network does not let this person in. */
  | { readonly say: 'refused'; readonly reason: string; readonly canSend: false }
  | { readonly say: 'nobody-at-all'; readonly canSend: false }
  | { readonly say: 'nobody-serves'; readonly canSend: false }
  | { readonly say: 'too-long'; readonly words: number; readonly canSend: false }
  | { readonly say: 'no-funds'; readonly most: Nano; readonly canSend: false }
  | { readonly say: 'free'; readonly canSend: true }
  | { readonly say: 'price'; readonly estimate: Estimate; readonly canSend: true }

export type Weighing = {
  readonly picked: Picked | undefined
  /** What is known of who can answer. */
  readonly choices: 'loading' | 'known' | 'away' | { readonly refused: string }
  /** Undefined: not known. */
  readonly balance: Nano | undefined
  /** What is said before the question. */
  readonly messages: readonly Message[]
  readonly text: string
}

/** Weighs a question before it is sent: whether somebody answers it, whether it fits, whether the balance covers it. */
export function weighQuestion({ picked, choices, balance, messages, text }: Weighing): Weighed {
  if (typeof choices === 'object') return { say: 'refused', reason: choices.refused, canSend: false }
  if (!picked) {
    const say = { known: 'nobody-at-all', away: 'away', loading: 'nothing' } as const
    return { say: say[choices], canSend: false }
  }
  const { served } = picked
  if (!served) {
    if (choices === 'known') return { say: 'nobody-serves', canSend: false }
    return choices === 'away' ? { say: 'away', canSend: true } : { say: 'nothing', canSend: true }
  }
  const fitted = fitQuestion(messages, text, served.contextTokens)
  if (fitted.tooLongWords > 0) return { say: 'too-long', words: fitted.tooLongWords, canSend: false }
  if (served.tier === 'own') return { say: 'free', canSend: true }
  const answer = typicalAnswerTokens(messages)
  const estimate =
    served.tier === 'confidential'
      ? estimateSealedPrice(served.price, fitted, answer, served.contextTokens)
      : estimatePrice(served.price, fitted, answer)
  if (balance !== undefined && balance < estimate.most) {
    return { say: 'no-funds', most: estimate.most, canSend: false }
  }
  return choices === 'away' ? { say: 'away', canSend: true } : { say: 'price', estimate, canSend: true }
}
