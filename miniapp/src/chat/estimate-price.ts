import { costOfTokens, promptTokensMost, utf8Bytes } from '../../../protocol/src/chat-tokens.ts'
import { type Nano, nano, parseNano } from '../../../protocol/src/money.ts'
import type { Price } from '../network/network.ts'
import type { Message } from './conversation.ts'
import type { Fitted } from './fit-context.ts'

/** What an answer is taken to be as long as nobody has answered here yet, tokens. */
const TYPICAL_ANSWER_TOKENS = 300
/** How many of the last answers say what is typical here. */
const ANSWERS_LOOKED_AT = 5

/** What a question will cost: about, and at most. `most` is what the coordinator sets aside. */
export type Estimate = { readonly about: Nano; readonly most: Nano }

/** Estimates what a question costs at a price. The balance has to cover `most`, also where much less is charged. */
export function estimatePrice(
  price: Price,
  { messages, promptTokens, maxTokens }: Fitted,
  answerTokens: number,
): Estimate {
  const bytes = messages.reduce((sum, { content }) => sum + utf8Bytes(content), 0)
  const prompt = promptTokensMost({ bytes, messages: messages.length })
  return {
    about: costOfTokens(price, { prompt: promptTokens, answer: Math.min(answerTokens, maxTokens) }),
    most: costOfTokens(price, { prompt, answer: maxTokens }),
  }
}

/** How long answers are in this conversation, tokens: the middle one of the last few. */
export function typicalAnswerTokens(messages: readonly Message[]): number {
  const lengths = messages
    .filter((message) => message.from === 'model')
    .slice(-ANSWERS_LOOKED_AT)
    .map(({ jobs }) => jobs.reduce((sum, { completionTokens = 0 }) => sum + completionTokens, 0))
    .filter((tokens) => tokens > 0)
    .toSorted((a, b) => a - b)
  return lengths[Math.floor(lengths.length / 2)] ?? TYPICAL_ANSWER_TOKENS
}

/** What an answer cost in all; undefined while a part of it is not known. */
export function costOfAnswer(jobs: readonly { readonly costNano?: string }[]): Nano | undefined {
  let sum = 0n
  for (const { costNano } of jobs) {
    const amount = parseNano(costNano)
    if (amount === undefined) return undefined
    sum += amount
  }
  return jobs.length === 0 ? undefined : nano(sum)
}
