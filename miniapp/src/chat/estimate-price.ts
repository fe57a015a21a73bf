import { costOfTokens, promptTokensMost, utf8Bytes } from '../../../protocol/src/chat-tokens.ts'
import { type Nano, nano, parseNano } from '../../../protocol/src/money.ts'
import { REQUEST_BUCKETS } from '../../../protocol/src/sealed/padding.ts'
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

/** JSON around a sealed question, and around each of its messages, bytes. */
const SEALED_BYTES = 160
const SEALED_MESSAGE_BYTES = 40

/**
 * The same for a sealed question. The network sees sizes alone, rounded up: it sets aside as if each byte were a token,
 * and the longest answer of its bucket. What is charged in the end is what the runner signs for.
 */
export function estimateSealedPrice(
  price: Price,
  fitted: Fitted,
  answerTokens: number,
  contextTokens: number,
): Estimate {
  const { messages, maxTokens } = fitted
  const bytes = messages.reduce(
    (sum, { content }) => sum + utf8Bytes(JSON.stringify(content)) + SEALED_MESSAGE_BYTES,
    SEALED_BYTES,
  )
  const bucket = REQUEST_BUCKETS.find((size) => size >= bytes) ?? bytes
  const [prompt, answer] = [bucket, answerBucket(maxTokens)].map((most) => Math.min(most, contextTokens))
  const { about } = estimatePrice(price, fitted, answerTokens)
  return { about, most: costOfTokens(price, { prompt: prompt ?? 0, answer: answer ?? 0 }) }
}

const ANSWER_BUCKETS = { smallest: 256, largest: 32_768 }

/** `outBucketOf` without what it comes with: the page before its first question stays small. A test compares them. */
export function answerBucket(tokens: number): number {
  const { smallest, largest } = ANSWER_BUCKETS
  return 2 ** Math.ceil(Math.log2(Math.min(Math.max(tokens, smallest), largest)))
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
